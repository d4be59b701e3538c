package dev.gatewright.store;

import dev.gatewright.telemetry.Time;
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
  /// @throws StoreFailed when the store cannot be reached
  public static Database open(StoreConfig config, Time time) {
    long started = time.nanos();
    PostgresAddress postgres = config.postgres();
    Database database =
        postgres == null
            ? SqliteDatabase.open(DataFolder.of(config.dataFolder()))
            : PostgresDatabase.open(postgres, config.connectionsMax());
    LOG.debug("store open after {} ms", (time.nanos() - started) / 1_000_000);
    return database;
  }
}
