package dev.gatewright.bench;

import dev.gatewright.store.SqliteDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.SocketFactory;

/// Gatewright as its launcher starts it: keys, policy (a model rule and an address rule on the
/// key), attempts and the access log on, SQLite unless the environment names a database, the
/// command line's own defaults.
final class GateUnderLoad implements AutoCloseable {
  private static final Pattern ADMIN_KEY = Pattern.compile("\"admin_key\":\"([^\"]+)\"");

  private final Path root;
  private final Path folder;
  private final int port;
  private final int providerPort;
  private final Map<String, String> environment;
  private final SocketFactory sockets;
  private Process process;

  /// @param environment of the server, beside the data folder's
  GateUnderLoad(Path root, Path folder, int providerPort, Map<String, String> environment)
      throws IOException, InterruptedException {
    this(root, folder, providerPort, environment, "", SocketFactory.getDefault());
  }

  /// @param settings more of them
  GateUnderLoad(
      Path root, Path folder, int providerPort, Map<String, String> environment, String settings)
      throws IOException, InterruptedException {
    this(root, folder, providerPort, environment, settings, SocketFactory.getDefault());
  }

  /// @param sockets those of TLS, where the environment names a certificate
  GateUnderLoad(
      Path root,
      Path folder,
      int providerPort,
      Map<String, String> environment,
      String settings,
      SocketFactory sockets)
      throws IOException, InterruptedException {
    this.sockets = sockets;
    this.root = root;
    this.folder = folder;
    this.providerPort = providerPort;
    this.environment = Map.copyOf(environment);
    this.port = Nginx.freePort();
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("gatewright.yaml"), config() + settings);
    process = start(Map.of());
    awaitHealthy();
  }

  /// @param key minted by this gate, or by another on the same database
  Target target(String name, String key) {
    return new Target(
        name, List.of(port), List.of(port), List.of(process.toHandle()), key, this::settle);
  }

  /// What a start took.
  ///
  /// @param healthMillis from the launcher's spawn to `/health` with 200
  /// @param callMillis to the first answered call
  record Start(double healthMillis, double callMillis) {}

  /// Stops and starts again with the given environment on top.
  Start restart(Map<String, String> extra, String key) throws IOException, InterruptedException {
    stop();
    long start = System.nanoTime();
    process = start(extra);
    await(health());
    double healthMillis = (System.nanoTime() - start) / 1e6;
    await(Traffic.SMALL.request(port, key));
    return new Start(healthMillis, (System.nanoTime() - start) / 1e6);
  }

  private void awaitHealthy() throws IOException, InterruptedException {
    Nginx.awaitPort(port, process);
    await(health());
  }

  private void await(byte[] request) throws IOException, InterruptedException {
    for (int i = 0; i < 60_000; i++) {
      if (FirstCall.answered(port, request, sockets)) {
        return;
      }
      if (!process.isAlive()) {
        break;
      }
      Thread.sleep(1);
    }
    throw new IOException("the gate does not answer, see " + folder.resolve("gate.log"));
  }

  /// A usage answer has every finished call in it, so whatever was put off is done by then.
  private void settle() {
    if (!FirstCall.answered(port, get("/api/usage", adminKey()), sockets)) {
      throw new IllegalStateException("usage was not answered");
    }
  }

  /// SQLite's file.
  Path store() {
    return folder.resolve("data").resolve(SqliteDatabase.FILE);
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /// What is done to a gate that is not running.
  interface Work {
    void run() throws SQLException;
  }

  void whileStopped(Work work) throws IOException, InterruptedException, SQLException {
    stop();
    work.run();
    process = start(Map.of());
    awaitHealthy();
  }

  String adminKey() {
    try {
      Matcher key =
          ADMIN_KEY.matcher(Files.readString(folder.resolve("data").resolve("server.json")));
      if (!key.find()) {
        throw new IllegalStateException("no admin key in server.json");
      }
      return key.group(1);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] health() {
    return get("/health", "none");
  }

  private static byte[] get(String path, String key) {
    String authorization = key.equals("none") ? "" : "Authorization: Bearer " + key + "\r\n";
    return "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
        .formatted(path, authorization)
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    stop();
  }

  private void stop() {
    process.destroy();
    process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private Process start(Map<String, String> extra) throws IOException {
    ProcessBuilder builder =
        process(
            "serve",
            "--host",
            "127.0.0.1",
            "--port",
            Integer.toString(port),
            "--config",
            folder.resolve("gatewright.yaml").toString());
    builder.environment().putAll(extra);
    Process started =
        builder
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("gate.log").toFile()))
            .start();
    Children.endWithUs(started);
    return started;
  }

  /// Runs a command of the program's beside the server, to its end.
  void command(String... arguments) throws IOException, InterruptedException {
    Process run =
        process(arguments)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("gate.log").toFile()))
            .start();
    if (run.waitFor() != 0) {
      throw new IOException(
          "%s ended with %d, see %s"
              .formatted(arguments[0], run.exitValue(), folder.resolve("gate.log")));
    }
  }

  private ProcessBuilder process(String... arguments) {
    List<String> line = new ArrayList<>(List.of(root.resolve("gatewright").toString()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line);
    Map<String, String> own = new HashMap<>(environment);
    own.put("GATEWRIGHT_DATA", folder.resolve("data").toString());
    builder.environment().putAll(own);
    return builder;
  }

  String mint() throws IOException, InterruptedException {
    Process mint =
        process(
                "keys",
                "create",
                "--name",
                "bench",
                "--models",
                "gpt-4o-mini",
                "--services",
                "chat,files",
                "--ip",
                "127.0.0.0/8",
                "--quiet")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed = new String(mint.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (mint.waitFor() != 0) {
      throw new IOException("keys create ended with " + mint.exitValue());
    }
    return printed.strip();
  }

  private String config() {
    return """
    metrics: { host: 127.0.0.1, port: 0 }
    providers:
      - id: mock
        dialect: openai
        base-url: http://127.0.0.1:%1$d/v1
        api-key: not-a-secret
        allow-private: true
    models:
      - id: gpt-4o-mini
        targets: [mock/gpt-4o-mini]
    services:
      - id: chat
        preset: ollama
        instances: [http://127.0.0.1:%1$d]
        concurrency: 1024
      - id: files
        preset: http
        instances: [http://127.0.0.1:%1$d]
        allow: [GET /long]
    """
        .formatted(providerPort);
  }
}
