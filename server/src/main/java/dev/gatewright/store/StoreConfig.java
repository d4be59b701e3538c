package dev.gatewright.store;

import dev.gatewright.config.Settings;
import dev.gatewright.secret.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Which store, and where the data folder is.
///
/// @param dataFolder holds `gatewright.db` when there is no PostgreSQL
/// @param postgres null = SQLite in the data folder
/// @param connectionsMax PostgreSQL connections of this process, all lanes together; the one that
///   hears of changes comes on top
/// @param migrate what a start does about tables that are not up to date
public record StoreConfig(
    Path dataFolder, @Nullable PostgresAddress postgres, int connectionsMax, Migrate migrate) {

  /// What a start does about migrations that have not run.
  public enum Migrate {
    /// Runs them.
    AUTO,

    /// Ends, and says which.
    CHECK
  }

  public static final int CONNECTIONS_DEFAULT = 10;
  static final int CONNECTIONS_MIN = 4;

  public StoreConfig {
    if (connectionsMax < CONNECTIONS_MIN || connectionsMax > 1000) {
      throw new IllegalArgumentException(
          "connections: %d (expected: %d to 1000)".formatted(connectionsMax, CONNECTIONS_MIN));
    }
  }

  /// One whose tables a start brings up to date.
  public StoreConfig(Path dataFolder, @Nullable PostgresAddress postgres, int connectionsMax) {
    this(dataFolder, postgres, connectionsMax, Migrate.AUTO);
  }

  public static StoreConfig sqlite(Path dataFolder) {
    return new StoreConfig(dataFolder, null, CONNECTIONS_DEFAULT);
  }

  /// Reads `data`, `database-url` (environment `DATABASE_URL`) and `serve.migrate` from the root.
  public static StoreConfig from(Settings settings) {
    String home = System.getProperty("user.home", ".");
    Path data = Path.of(settings.text("data", Path.of(home, ".gatewright").toString()));
    Secret url = settings.secret("database-url");
    return new StoreConfig(
        data,
        url == null || url.isEmpty() ? null : PostgresAddress.parse(url),
        CONNECTIONS_DEFAULT,
        migrate(settings.section("serve").text("migrate", "auto")));
  }

  private static Migrate migrate(String word) {
    return switch (word) {
      case "auto" -> Migrate.AUTO;
      case "check" -> Migrate.CHECK;
      default ->
          throw new Settings.InvalidSetting(
              "serve.migrate: %s (expected: auto or check)".formatted(word));
    };
  }

  public Database.Kind kind() {
    return postgres == null ? Database.Kind.SQLITE : Database.Kind.POSTGRES;
  }
}
