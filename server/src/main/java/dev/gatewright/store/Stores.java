package dev.gatewright.store;

import dev.gatewright.telemetry.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the store a configuration names.
public final class Stores {
  private static final Logger LOG = LoggerFactory.getLogger(Stores.class);

  private Stores() {}

  /// Opens it and brings its tables up to date. On SQLite this process then owns the data folder
  /// until the database is closed.
  ///
  /// @throws DataFolder.InUse when another process has the folder
  /// @throws StoreFailed when the store cannot be reached, or lacks migrations that this start is
  ///   not to run
  public static Database open(StoreConfig config, Time time) {
    long started = time.nanos();
    if (config.migrate() == StoreConfig.Migrate.CHECK) {
      requireCurrent(config);
    }
    PostgresAddress postgres = config.postgres();
    Database database =
        postgres == null
            ? SqliteDatabase.open(DataFolder.of(config.dataFolder()))
            : PostgresDatabase.open(postgres, config.connectionsMax());
    LOG.debug("store open after {} ms", (time.nanos() - started) / 1_000_000);
    return database;
  }

  /// Before the data folder is touched: a start that is refused leaves no trace.
  private static void requireCurrent(StoreConfig config) {
    List<String> pending = pending(config);
    if (!pending.isEmpty()) {
      throw new StoreFailed(
          "the store lacks %d migrations (%s to %s), and serve.migrate is check: run `gatewright migrate` first, or start with --migrate=auto"
              .formatted(pending.size(), pending.getFirst(), pending.getLast()));
    }
  }

  /// Brings a store's tables up to date and does nothing else.
  ///
  /// @return the migrations that ran, by version
  /// @throws DataFolder.InUse when a process has the folder
  /// @throws StoreFailed when the store cannot be reached, or a migration fails
  public static List<String> migrate(StoreConfig config) {
    PostgresAddress postgres = config.postgres();
    if (postgres != null) {
      return Migrations.upTo(postgres.unhurried(), Database.Kind.POSTGRES, null);
    }
    DataFolder folder = DataFolder.of(config.dataFolder());
    try (AutoCloseable _ = folder.lock()) {
      return Migrations.upTo(
          SqliteConnections.forMigrations(folder.privateFile(SqliteDatabase.FILE)),
          Database.Kind.SQLITE,
          null);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new StoreFailed("the data folder's lock cannot be released", e);
    }
  }

  /// Migrations that would run, by version; changes nothing.
  ///
  /// @throws StoreFailed when the store cannot be reached
  public static List<String> pending(StoreConfig config) {
    PostgresAddress postgres = config.postgres();
    if (postgres != null) {
      return Migrations.pending(postgres.unhurried(), Database.Kind.POSTGRES);
    }
    Path file = config.dataFolder().resolve(SqliteDatabase.FILE);
    // A name that is not there would be made; one in memory is gone with its connection.
    return Migrations.pending(
        SqliteConnections.forMigrations(Files.exists(file) ? file : Path.of(":memory:")),
        Database.Kind.SQLITE);
  }

  /// Migrations that a newer program ran, by version; changes nothing.
  ///
  /// @throws StoreFailed when the store cannot be reached
  public static List<String> future(StoreConfig config) {
    DataSource source = unowned(config);
    Set<String> known = Set.copyOf(Migrations.known(source, config.kind()));
    return Migrations.applied(source, config.kind()).stream()
        .filter(version -> !known.contains(version))
        .toList();
  }

  /// One read of a store that another process may own and whose tables are up to date.
  ///
  /// @throws StoreFailed when the store cannot be reached
  public static <T> T look(StoreConfig config, Database.Work<T> work) {
    try {
      return StatementParser.on(Jdbi.create(unowned(config))).withHandle(work::run);
    } catch (JdbiException e) {
      throw new StoreFailed("the store cannot be read", e);
    }
  }

  private static DataSource unowned(StoreConfig config) {
    PostgresAddress postgres = config.postgres();
    return postgres == null
        ? SqliteConnections.forMigrations(config.dataFolder().resolve(SqliteDatabase.FILE))
        : postgres.unhurried();
  }
}
