package dev.gatewright.room.provider.janus;

import dev.gatewright.secret.Secret;
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
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A real Janus (Debian's package) with a configuration of its own, on loopback.
public final class JanusServer implements AutoCloseable {
  public static final String API_SECRET = "janus_api_canary_1";
  public static final String ADMIN_SECRET = "janus_admin_canary_2";
  public static final String ADMIN_KEY = "janus_key_canary_3";
  public static final String TOKEN_SECRET = "janus_token_canary_4";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Path folder;
  private final int port = freePort();
  private final int adminPort = freePort();
  private Process process;

  public JanusServer(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    Path plugins = plugins();
    Files.writeString(
        folder.resolve("janus.jcfg"),
        """
        general: {
          configs_folder = "%1$s"
          plugins_folder = "%2$s"
          transports_folder = "%3$s/transports"
          events_folder = "%3$s/events"
          loggers_folder = "%3$s/loggers"
          interface = "127.0.0.1"
          api_secret = "%4$s"
          token_auth = true
          token_auth_secret = "%5$s"
          admin_secret = "%6$s"
        }
        """
            .formatted(
                folder, plugins, plugins.getParent(), API_SECRET, TOKEN_SECRET, ADMIN_SECRET));
    Files.writeString(
        folder.resolve("janus.transport.http.jcfg"),
        """
        general: { json = "compact" base_path = "/janus" http = true port = %d ip = "127.0.0.1" }
        admin: { admin_http = true admin_port = %d admin_base_path = "/admin" admin_ip = "127.0.0.1" }
        """
            .formatted(port, adminPort));
    Files.writeString(
        folder.resolve("janus.plugin.videoroom.jcfg"),
        "general: { admin_key = \"%s\" string_ids = true }%n".formatted(ADMIN_KEY));
    process = begin();
  }

  private Process begin() throws IOException, InterruptedException {
    Process begun =
        new ProcessBuilder(
                "janus", "-F", folder.toString(), "-C", folder.resolve("janus.jcfg").toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("janus.log").toFile())
            .start();
    Await.until(
        "Janus answers", Duration.ofSeconds(30), () -> get(url() + "/info").contains("Janus"));
    return begun;
  }

  /// Ends it and starts it again: its rooms are gone.
  public void restart() throws IOException, InterruptedException {
    stop();
    process = begin();
  }

  public String url() {
    return "http://127.0.0.1:" + port + "/janus";
  }

  public String adminUrl() {
    return "http://127.0.0.1:" + adminPort + "/admin";
  }

  public Map<String, Secret> credential() {
    Map<String, Secret> fields = new HashMap<>();
    fields.put("url", Secret.of(url()));
    fields.put("admin_url", Secret.of(adminUrl()));
    fields.put("admin_secret", Secret.of(ADMIN_SECRET));
    fields.put("admin_key", Secret.of(ADMIN_KEY));
    fields.put("api_secret", Secret.of(API_SECRET));
    fields.put("token_secret", Secret.of(TOKEN_SECRET));
    return fields;
  }

  /// For `X-Provider-Auth`.
  public static String header(Map<String, Secret> fields) {
    StringBuilder json = new StringBuilder("{");
    fields.forEach((name, value) ->
        json.append(json.length() == 1 ? "" : ",")
            .append("\"%s\":\"%s\"".formatted(name, value.expose())));
    return "Bearer "
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(json.append('}').toString().getBytes(StandardCharsets.UTF_8));
  }

  static String get(String url) throws IOException, InterruptedException {
    return HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
        .body();
  }

  static String post(String url, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HTTP.send(request, BodyHandlers.ofString()).body();
  }

  private static Path plugins() throws IOException {
    try (Stream<Path> libraries = Files.list(Path.of("/usr/lib"))) {
      return libraries
          .map(each -> each.resolve("janus/plugins"))
          .filter(Files::isDirectory)
          .findFirst()
          .orElseThrow(
              () -> new IllegalStateException("Janus is missing: apt-get install -y janus"));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  @Override
  public void close() {
    try {
      stop();
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
