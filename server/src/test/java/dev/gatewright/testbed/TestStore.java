package dev.gatewright.testbed;

import dev.gatewright.store.Database;
import dev.gatewright.store.StoreConfig;
import dev.gatewright.store.Stores;
import dev.gatewright.telemetry.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One fresh store of a test, and its data folder.
public final class TestStore implements AutoCloseable {
  private final StoreConfig config;
  private final List<Database> opened = new ArrayList<>();
  private @Nullable Database database;

  private TestStore(StoreConfig config) {
    this.config = config;
  }

  /// A store of this kind with our tables and nothing in them, not yet opened.
  public static TestStore fresh(Database.Kind kind) {
    TestStore store = unmigrated(kind);
    if (kind == Database.Kind.SQLITE) {
      try {
        MigratedFile.into(store.config.dataFolder());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return store;
  }

  /// One that on SQLite has no tables yet.
  public static TestStore unmigrated(Database.Kind kind) {
    try {
      Path folder = Files.createTempDirectory("gatewright-test");
      return new TestStore(
          switch (kind) {
            case SQLITE -> StoreConfig.sqlite(folder);
            case POSTGRES -> new StoreConfig(folder, TestPostgres.freshDatabase(), 8);
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public StoreConfig config() {
    return config;
  }

  /// The store, opened at the first call.
  public synchronized Database database() {
    if (database == null) {
      database = open();
    }
    return database;
  }

  /// Opens the same store once more, as another replica would. SQLite refuses a second owner, so
  /// there [#database()] must have been closed first, or never opened.
  public synchronized Database open() {
    Database another = Stores.open(config, Time.system());
    opened.add(another);
    return another;
  }

  @Override
  public synchronized void close() {
    opened.forEach(Database::close);
    try (Stream<Path> files = Files.walk(config.dataFolder())) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
