package dev.gatewright.testbed;

import dev.gatewright.secret.Secret;
import dev.gatewright.store.PostgresAddress;
import dev.gatewright.store.StoreConfig;
import dev.gatewright.store.Stores;
import dev.gatewright.telemetry.Time;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A real PostgreSQL, one server for all tests of this JVM, started by the first that needs it.
public final class TestPostgres {
  private static final String TEMPLATE = "migrated";
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static @Nullable EmbeddedPostgres server;

  private TestPostgres() {}

  /// A database that holds our tables and nothing else.
  public static PostgresAddress freshDatabase() {
    String name = "test_" + NUMBER.incrementAndGet();
    // Copying a migrated database takes a tenth of migrating a new one.
    execute("CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
    return address(name);
  }

  /// The address of a database without any table, as `DATABASE_URL` takes it.
  public static String emptyUrl() {
    String name = "test_" + NUMBER.incrementAndGet();
    execute("CREATE DATABASE " + name);
    return "postgresql://postgres:postgres@localhost:" + server().getPort() + "/" + name;
  }

  /// A database without any table.
  public static PostgresAddress emptyDatabase() {
    String name = "test_" + NUMBER.incrementAndGet();
    execute("CREATE DATABASE " + name);
    return address(name);
  }

  private static PostgresAddress address(String database) {
    return PostgresAddress.parse(
        Secret.of(
            "postgresql://postgres:postgres@localhost:" + server().getPort() + "/" + database));
  }

  private static void execute(String sql) {
    try (Connection connection = server().getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static synchronized EmbeddedPostgres server() {
    if (server == null) {
      server = start();
      execute("CREATE DATABASE " + TEMPLATE);
      StoreConfig config = new StoreConfig(Path.of("unused"), address(TEMPLATE), 4);
      Stores.open(config, Time.system()).close();
    }
    return server;
  }

  private static EmbeddedPostgres start() {
    try {
      // Its own folder: the shared default one is raced for by other builds on the machine.
      Path work = Files.createTempDirectory("gatewright-postgres");
      EmbeddedPostgres started =
          EmbeddedPostgres.builder()
              .setOverrideWorkingDirectory(work.toFile())
              .setDataDirectory(work.resolve("data"))
              .setCleanDataDirectory(true)
              .setServerConfig("max_connections", "300")
              .setServerConfig("shared_buffers", "64MB")
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(started, work)));
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void stop(EmbeddedPostgres started, Path work) {
    try {
      started.close();
    } catch (IOException e) {
      System.err.println("embedded PostgreSQL did not stop: " + e);
    }
    try (var files = Files.walk(work)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // The server's own hook removes files as well.
      System.err.println("could not be removed: " + work);
    }
  }
}
