package dev.gatewright.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Gatewright as its launcher starts it: keys, policy (a model rule and an address rule on the
/// key), attempts and the access log on, SQLite, the command line's own defaults.
final class GateUnderLoad implements AutoCloseable {
  private final Path root;
  private final Path folder;
  private final int port;
  private final int providerPort;
  private Process process;
  private String key = "";

  GateUnderLoad(Path root, Path folder, int providerPort) throws IOException, InterruptedException {
    this.root = root;
    this.folder = folder;
    this.providerPort = providerPort;
    this.port = Nginx.freePort();
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("gatewright.yaml"), config());
    process = start(Map.of());
    awaitHealthy();
    key = mint();
  }

  Target target() {
    return new Target("gatewright", port, port, process.toHandle(), key);
  }

  /// Stops and starts again with the given environment; returns milliseconds from the spawn of the
  /// launcher to the last byte of the first answered call.
  double restart(Map<String, String> environment) throws IOException, InterruptedException {
    stop();
    long start = System.nanoTime();
    process = start(environment);
    byte[] request = Traffic.SMALL.request(port, key);
    while (!FirstCall.answered(port, request)) {
      if (!process.isAlive()) {
        throw new IOException("the gate ended, see " + folder.resolve("gate.log"));
      }
      Thread.sleep(1);
    }
    return (System.nanoTime() - start) / 1e6;
  }

  void awaitHealthy() throws IOException, InterruptedException {
    Nginx.awaitPort(port, process);
    byte[] request =
        "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 3000; i++) {
      if (FirstCall.answered(port, request)) {
        return;
      }
      Thread.sleep(10);
    }
    throw new IOException("the gate did not become healthy");
  }

  @Override
  public void close() {
    stop();
  }

  private void stop() {
    process.destroy();
    process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private Process start(Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        command(
            "serve",
            "--host",
            "127.0.0.1",
            "--port",
            Integer.toString(port),
            "--config",
            folder.resolve("gatewright.yaml").toString());
    builder.environment().putAll(environment);
    Process started =
        builder
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("gate.log").toFile()))
            .start();
    Children.endWithUs(started);
    return started;
  }

  private ProcessBuilder command(String... arguments) {
    List<String> line = new ArrayList<>(List.of(root.resolve("gatewright").toString()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().put("GATEWRIGHT_DATA", folder.resolve("data").toString());
    return builder;
  }

  private String mint() throws IOException, InterruptedException {
    Process mint =
        command(
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
