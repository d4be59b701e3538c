package dev.gatewright.store;

import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings a database's tables up to date. Each package adds its own files, so a file may be older
/// than one that has run already: order is by dependency of tables, not by time of merging.
public final class Migrations {
  private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

  /// How often one comes again for a table that somebody else holds: for ten minutes and more.
  private static final int TRIES = 200;

  private static final long PAUSE_MILLIS = 2_000;

  private Migrations() {}

  static void run(DataSource source, Database.Kind kind) {
    if (!SchemaHistoryStore.isCurrent(source, folder(kind))) {
      upTo(source, kind, null);
    }
  }

  /// Runs what has not run yet.
  ///
  /// @param newest the last version to run; null = all this program knows
  /// @return the versions that ran now, oldest first
  public static List<String> upTo(DataSource source, Database.Kind kind, @Nullable String newest) {
    FluentConfiguration configuration = configuration(source, kind);
    if (newest != null) {
      configuration.target(newest);
    }
    List<String> before = List.of();
    for (int tries = 1; ; tries++) {
      try {
        if (tries == 1 && kind == Database.Kind.POSTGRES) {
          before = applied(source, kind);
        }
        List<String> ran =
            configuration.load().migrate().migrations.stream()
                .map(migration -> migration.version)
                .toList();
        return tries == 1 ? ran : since(before, source, kind);
      } catch (FlywayException e) {
        if (tries == TRIES || !BriefLocks.gaveUp(e)) {
          throw new StoreFailed("the store's tables cannot be brought up to date", e);
        }
        LOG.info("a migration waits for a table that is in use (try {})", tries);
        pause(e);
      }
    }
  }

  private static List<String> since(List<String> before, DataSource source, Database.Kind kind) {
    return applied(source, kind).stream().filter(version -> !before.contains(version)).toList();
  }

  private static void pause(FlywayException why) {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new StoreFailed("the store's tables cannot be brought up to date", why);
    }
  }

  /// Versions that have run on a database, oldest first; those of a newer program included.
  public static List<String> applied(DataSource source, Database.Kind kind) {
    return versions(configuration(source, kind).load().info().applied());
  }

  /// Versions this program knows and the database does not have yet, oldest first.
  ///
  /// @throws StoreFailed when the database cannot be reached or read
  public static List<String> pending(DataSource source, Database.Kind kind) {
    try {
      return versions(configuration(source, kind).load().info().pending());
    } catch (FlywayException e) {
      throw new StoreFailed("the store's tables cannot be read", e);
    }
  }

  /// Versions this program knows, oldest first, whatever the database has.
  public static List<String> known(DataSource source, Database.Kind kind) {
    try {
      return versions(
          Arrays.stream(configuration(source, kind).load().info().all())
              .filter(migration -> migration.getState().isResolved())
              .toArray(MigrationInfo[]::new));
    } catch (FlywayException e) {
      throw new StoreFailed("the store's tables cannot be read", e);
    }
  }

  private static List<String> versions(MigrationInfo[] migrations) {
    return Arrays.stream(migrations)
        .map(migration -> migration.getVersion().getVersion())
        .sorted()
        .toList();
  }

  private static String folder(Database.Kind kind) {
    return switch (kind) {
      case SQLITE -> "db/sqlite";
      case POSTGRES -> "db/postgres";
    };
  }

  private static FluentConfiguration configuration(DataSource source, Database.Kind kind) {
    FluentConfiguration all = Flyway.configure(Migrations.class.getClassLoader());
    if (kind == Database.Kind.POSTGRES) {
      all.callbacks(new BriefLocks());
    }
    return all.dataSource(source)
        .locations("classpath:" + folder(kind))
        .outOfOrder(true)
        // Who comes second waits for the first, however long that one takes.
        .lockRetryCount(-1)
        // A newer version's migration is no reason to refuse the older one during a roll-back.
        .ignoreMigrationPatterns("*:future")
        .table("schema_history")
        .loggers("slf4j");
  }
}
