package dev.gatewright.testbed;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/// A PostgreSQL of one test's own that can be killed and started again on the same port and data.
final class KillablePostgres implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final String database;
  private final String password;
  private final int port;
  private EmbeddedPostgres server;

  private KillablePostgres(Path folder, String database, String password) throws IOException {
    this.folder = folder;
    this.database = database;
    this.password = password;
    this.server = server(0);
    this.port = server.getPort();
  }

  /// With a role and a database of one name, as the image of PostgreSQL makes them.
  static KillablePostgres start(Path folder, String database, String password) throws Exception {
    KillablePostgres started = new KillablePostgres(folder, database, password);
    try (Connection connection = started.server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(database, password));
      statement.execute("CREATE DATABASE %s OWNER %s".formatted(database, database));
    }
    return started;
  }

  String host() {
    return "127.0.0.1:" + port;
  }

  String jdbcUrl() {
    return "jdbc:postgresql://%s/%s?user=%s&password=%s"
        .formatted(host(), database, database, password);
  }

  /// `kill -9` of the postmaster; its children see that it is gone, and end.
  void kill() throws IOException {
    long pid = Long.parseLong(Files.readAllLines(data().resolve("postmaster.pid")).getFirst());
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    ProcessHandle.of(pid).ifPresent(gone -> gone.onExit().join());
  }

  void again() throws Exception {
    try {
      server.close();
    } catch (IOException | RuntimeException killed) {
      System.err.println("PostgreSQL was killed: " + killed.getMessage());
    }
    Await.until(
        "PostgreSQL starts again",
        PATIENCE,
        () -> {
          try {
            server = server(port);
            return true;
          } catch (IOException | RuntimeException childrenAreStillThere) {
            return false;
          }
        });
    try (Connection connection = server.getPostgresDatabase().getConnection()) {
      connection.createStatement().execute("SELECT 1");
    } catch (SQLException e) {
      throw new IllegalStateException("it does not answer", e);
    }
  }

  private Path data() {
    return folder.resolve("data");
  }

  private EmbeddedPostgres server(int at) throws IOException {
    return EmbeddedPostgres.builder()
        .setOverrideWorkingDirectory(folder.toFile())
        .setDataDirectory(data())
        .setCleanDataDirectory(false)
        .setPort(at)
        .setServerConfig("max_connections", "100")
        .start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
