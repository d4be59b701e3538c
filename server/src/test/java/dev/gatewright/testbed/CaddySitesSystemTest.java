package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real Caddy (`apt-get install caddy`) that asks the gate for which names it may get a
/// certificate, set up as docs/reference/sites.md says.
@Tag("system")
class CaddySitesSystemTest {
  private static final Path PAGE = Path.of("..", "docs", "reference", "sites.md");

  @TempDir Path folder;

  @Test
  void caddy_gets_certificates_for_sites_alone() throws Exception {
    int port = freePort();
    try (LocalGate gate =
        LocalGate.start(
            GateSetup.in(folder)
                .settings(
                    """
                    trusted-proxies: [127.0.0.1]
                    sites: [{host: one.example}, {host: api.example, api-only: true}]
                    """))) {
      Process caddy = caddy(gate, port);
      try {
        Await.until("caddy answers", Duration.ofSeconds(60), () -> answers(port));
        assertThat(get(port, "one.example", "/")).contains("200 OK");
        assertThat(get(port, "one.example", "/api/auth/session")).contains("401 Unauthorized");
        assertThat(get(port, "api.example", "/api/auth/session")).contains("404 Not Found");
        for (String stranger : List.of("evil.example", "one.example.evil", "x.one.example")) {
          assertThatThrownBy(() -> get(port, stranger, "/"))
              .as(stranger)
              .isInstanceOf(IOException.class);
        }
      } finally {
        caddy.destroy();
        caddy.waitFor();
      }
    }
  }

  private static boolean answers(int port) {
    try {
      return get(port, "one.example", "/health").contains("200 OK");
    } catch (IOException notYet) {
      return false;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /// With the page's own words, but for ports, a certificate authority of Caddy's own, and no admin
  /// interface.
  private Process caddy(LocalGate gate, int port) throws IOException {
    String page = Files.readString(PAGE);
    int from = page.indexOf("{\n  on_demand_tls");
    String text =
        page.substring(from, page.indexOf("```", from))
            .replace("127.0.0.1:8080", "127.0.0.1:" + gate.port())
            .replace(
                "{\n  on_demand_tls",
                "{\n  admin off\n  local_certs\n  skip_install_trust\n"
                    + "  auto_https disable_redirects\n  https_port "
                    + port
                    + "\n  on_demand_tls");
    Path file = Files.writeString(folder.resolve("Caddyfile"), text);
    ProcessBuilder command =
        new ProcessBuilder("caddy", "run", "--adapter", "caddyfile", "--config", file.toString());
    command
        .environment()
        .putAll(
            Map.of(
                "HOME", folder.toString(),
                "XDG_DATA_HOME", folder.toString(),
                "XDG_CONFIG_HOME", folder.toString()));
    return command
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("caddy.log").toFile())
        .start();
  }

  private static String get(int port, String host, String path) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anybody()}, null);
    try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        SSLSocket tls =
            (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true)) {
      plain.setSoTimeout(20_000);
      SSLParameters parameters = tls.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(host)));
      tls.setSSLParameters(parameters);
      tls.getOutputStream()
          .write(
              "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                  .formatted(path, host)
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(tls.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// Caddy's authority is made for this test.
  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
