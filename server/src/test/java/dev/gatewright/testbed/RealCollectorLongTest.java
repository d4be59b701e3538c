package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// OpenTelemetry's own collector, built by its own builder (once, a minute or two, with Go), takes
/// a call's trace with its tokens, and metrics.
@Tag("long")
class RealCollectorLongTest {
  private static final String VERSION = "v0.165.0";
  private static final Path FOLDER = Path.of("target/otel-collector-" + VERSION).toAbsolutePath();

  @TempDir static Path folder;
  private static @Nullable Process collector;
  private static int port;

  @BeforeAll
  static void start() throws Exception {
    Path binary = binary();
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path config =
        Files.writeString(
            folder.resolve("config.yaml"),
            """
            receivers: { otlp: { protocols: { http: { endpoint: "127.0.0.1:%d" } } } }
            exporters: { debug: { verbosity: detailed } }
            service:
              telemetry: { metrics: { level: none } }
              pipelines:
                traces: { receivers: [otlp], exporters: [debug] }
                metrics: { receivers: [otlp], exporters: [debug] }
            """
                .formatted(port));
    collector =
        new ProcessBuilder(binary.toString(), "--config", "file:" + config)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("collector.log").toFile())
            .start();
    Await.until(
        "the collector listens",
        Duration.ofSeconds(30),
        () -> {
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
          } catch (IOException notYet) {
            return false;
          }
        });
  }

  private static Path binary() throws IOException, InterruptedException {
    Path binary = FOLDER.resolve("built/collector");
    if (!Files.exists(binary)) {
      Files.createDirectories(FOLDER);
      Path config =
          Files.writeString(
              FOLDER.resolve("builder.yaml"),
              """
              dist: { name: collector, output_path: %s }
              receivers: [{ gomod: go.opentelemetry.io/collector/receiver/otlpreceiver %2$s }]
              exporters: [{ gomod: go.opentelemetry.io/collector/exporter/debugexporter %2$s }]
              """
                  .formatted(FOLDER.resolve("built"), VERSION));
      run("go", "install", "go.opentelemetry.io/collector/cmd/builder@" + VERSION);
      run(FOLDER.resolve("builder").toString(), "--config", config.toString());
    }
    return binary;
  }

  private static void run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("GOBIN", FOLDER.toString());
    int exit = builder.inheritIO().start().waitFor();
    if (exit != 0) {
      throw new IllegalStateException(String.join(" ", command) + ": exit " + exit);
    }
  }

  @AfterAll
  static void stop() {
    if (collector != null) {
      collector.destroy();
    }
  }

  private static String log() throws IOException {
    return Files.readString(folder.resolve("collector.log"));
  }

  @Test
  void it_takes_a_calls_trace_with_tokens_and_metrics() throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      GateSetup setup =
          GateSetup.usual(folder.resolve("gate"), provider)
              .environment("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + port)
              .environment("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip");
      String id;
      try (ChildGate gate = ChildGate.start(setup);
          RawClient caller = gate.caller()) {
        RawClient.Answer answer =
            caller
                .post(
                    "/v1/chat/completions",
                    gate.admin().liveKey("k").key(),
                    "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"hush\"}]}",
                    "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                .answer();
        assertThat(answer.status()).isEqualTo(200);
        id = String.valueOf(answer.header("x-request-id"));
      }
      // Told at the gate's stop.
      Await.until("metrics", Duration.ofSeconds(20), () -> log().contains("gatewright_tokens"));
      String log = log();
      assertThat(log)
          .contains("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", id)
          .doesNotContain("hush", "upstream-secret");
      List<String> said = log.lines().map(String::strip).toList();
      assertThat(said)
          .contains(
              "-> gen_ai.usage.input_tokens: Int(11)",
              "-> gen_ai.usage.output_tokens: Int(7)",
              "-> gen_ai.request.model: Str(gpt-4o-mini)",
              "-> gen_ai.response.model: Str(gpt-4o-mini-2024-07-18)",
              "-> service.name: Str(gatewright)");
      assertThat(log).contains("Kind           : Server", "Kind           : Client");
    }
  }
}
