package dev.gatewright.room.provider.livekit;

import dev.gatewright.testbed.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/// A real LiveKit on loopback, built by `go install` into `target/` (some minutes, once).
public final class LivekitServer implements AutoCloseable {
  private static final String MODULE = "github.com/livekit/livekit-server/cmd/server@v1.11.0";
  private static final Path FOLDER = Path.of("target/livekit-1.11.0").toAbsolutePath();
  private static final String SECRET = "livekit_system_test_secret_1_of_36_characters";

  private final int port = freePort();
  private final Process process;

  public LivekitServer(Path folder) throws IOException, InterruptedException {
    Path config =
        Files.writeString(
            folder.resolve("livekit.yaml"),
            """
            port: %d
            bind_addresses: ["127.0.0.1"]
            rtc: { tcp_port: %d, udp_port: %d, use_external_ip: false }
            keys: { APIours: "%s", APItheirs: "%s" }
            """
                .formatted(port, freePort(), freePort(), SECRET, SECRET));
    process =
        new ProcessBuilder(binary().toString(), "--config", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("livekit.log").toFile())
            .start();
    Await.until("LiveKit answers", Duration.ofSeconds(30), () -> get().contains("OK"));
  }

  private static Path binary() throws IOException, InterruptedException {
    Path binary = FOLDER.resolve("server");
    if (!Files.exists(binary)) {
      ProcessBuilder go = new ProcessBuilder("go", "install", MODULE);
      go.environment().put("GOBIN", FOLDER.toString());
      int exit = go.inheritIO().start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException("go install " + MODULE + ": exit " + exit);
      }
    }
    return binary;
  }

  private String get() throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url())).build();
      return client.send(request, BodyHandlers.ofString()).body();
    }
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /// For `X-Provider-Auth`.
  ///
  /// @param whose `ours` or `theirs`: two callers of one server
  public String credential(String whose) {
    String json =
        "{\"url\":\"%s\",\"api_key\":\"API%s\",\"api_secret\":\"%s\"}"
            .formatted(url(), whose, SECRET);
    return "Bearer "
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
