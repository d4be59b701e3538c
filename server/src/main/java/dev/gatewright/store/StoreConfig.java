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
public record StoreConfig(Path dataFolder, @Nullable PostgresAddress postgres, int connectionsMax) {

  public static final int CONNECTIONS_DEFAULT = 10;
  static final int CONNECTIONS_MIN = 4;

  public StoreConfig {
    if (connectionsMax < CONNECTIONS_MIN || connectionsMax > 1000) {
      throw new IllegalArgumentException(
          "connections: %d (expected: %d to 1000)".formatted(connectionsMax, CONNECTIONS_MIN));
    }
  }

  public static StoreConfig sqlite(Path dataFolder) {
    return new StoreConfig(dataFolder, null, CONNECTIONS_DEFAULT);
  }

  /// Reads `data` and `database-url` (environment `DATABASE_URL`) from the root.
  public static StoreConfig from(Settings settings) {
    String home = System.getProperty("user.home", ".");
    Path data = Path.of(settings.text("data", Path.of(home, ".gatewright").toString()));
    Secret url = settings.secret("database-url");
    return new StoreConfig(
        data,
        url == null || url.isEmpty() ? null : PostgresAddress.parse(url),
        CONNECTIONS_DEFAULT);
  }

  public Database.Kind kind() {
    return postgres == null ? Database.Kind.SQLITE : Database.Kind.POSTGRES;
  }
}
