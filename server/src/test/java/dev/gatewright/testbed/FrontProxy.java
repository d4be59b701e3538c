package dev.gatewright.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// A real Caddy or nginx with the file shipped in `deploy/ingress`, nothing changed but addresses,
/// ports, the certificate and the secret.
final class FrontProxy implements AutoCloseable {
  /// @param inline port of the site that sends everything through the gate
  /// @param asking port of the site that asks the gate
  record Ports(int inline, int asking) {
    static Ports free() {
      return new Ports(freePort(), freePort());
    }
  }

  /// @param headers names in lower case
  record Answer(int status, Map<String, String> headers, String body) {}

  private static final Path SHIPPED = Path.of("..", "deploy", "ingress");

  private final Process process;
  private final Ports ports;

  private FrontProxy(Process process, Ports ports) {
    this.process = process;
    this.ports = ports;
  }

  static FrontProxy caddy(Path folder, int gate, int backend, String secret) throws Exception {
    Ports ports = Ports.free();
    ProcessBuilder command =
        new ProcessBuilder(
            "caddy",
            "run",
            "--adapter",
            "caddyfile",
            "--config",
            SHIPPED.resolve("Caddyfile").toString());
    command
        .environment()
        .putAll(
            Map.of(
                "GATE", "127.0.0.1:" + gate,
                "CHAT", "127.0.0.1:" + backend,
                "TTS", "127.0.0.1:" + backend,
                "GATEWRIGHT_EDGE_SECRET", secret,
                "HTTP_PORT", "" + freePort(),
                "GATE_SITE", "https://localhost:" + ports.inline(),
                "FORWARD_SITE", "https://localhost:" + ports.asking(),
                "HOME", folder.toString(),
                "XDG_DATA_HOME", folder.toString(),
                "XDG_CONFIG_HOME", folder.toString()));
    return start(command, folder, ports);
  }

  /// Caddy with the file of the home set-up; its one site is both sites here.
  static FrontProxy home(Path folder, int gate, String secret) throws Exception {
    int port = freePort();
    Path example = Path.of("..", "examples", "self-hosted").toAbsolutePath().normalize();
    ProcessBuilder command =
        new ProcessBuilder(
            "caddy",
            "run",
            "--adapter",
            "caddyfile",
            "--config",
            example.resolve("Caddyfile").toString());
    command
        .environment()
        .putAll(
            Map.of(
                "GATE",
                "127.0.0.1:" + gate,
                "GATEWRIGHT_EDGE_SECRET",
                secret,
                "SITE",
                "https://localhost:" + port,
                "WEB_ORIGIN",
                "https://app.example",
                "WEB",
                example.resolve("web").toString(),
                "HTTP_PORT",
                "" + freePort(),
                "HOME",
                folder.toString(),
                "XDG_DATA_HOME",
                folder.toString(),
                "XDG_CONFIG_HOME",
                folder.toString()));
    return start(command, folder, new Ports(port, port));
  }

  /// Of Caddy's private CA, which signed the certificate callers see.
  static Path caddyRoot(Path folder) {
    return folder.resolve(Path.of("caddy", "pki", "authorities", "local", "root.crt"));
  }

  static FrontProxy nginx(Path folder, int gate, int backend, String secret) throws Exception {
    Ports ports = Ports.free();
    Path certificate = folder.resolve("gate.pem");
    Path key = folder.resolve("gate.key");
    Process made =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=localhost",
                "-days",
                "2",
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("openssl.log").toFile())
            .start();
    if (!made.waitFor(60, TimeUnit.SECONDS) || made.exitValue() != 0) {
      throw new AssertionError(Files.readString(folder.resolve("openssl.log")));
    }
    String text =
        Files.readString(SHIPPED.resolve("nginx.conf"))
            .replace("127.0.0.1:8080", "127.0.0.1:" + gate)
            .replace("127.0.0.1:11434", "127.0.0.1:" + backend)
            .replace("127.0.0.1:5000", "127.0.0.1:" + backend)
            .replace("listen 443", "listen 127.0.0.1:" + ports.inline())
            .replace("listen 8443", "listen 127.0.0.1:" + ports.asking())
            .replace("/etc/ssl/certs/gate.pem", certificate.toString())
            .replace("/etc/ssl/private/gate.key", key.toString())
            .replace("change-me", secret);
    Path config = Files.writeString(folder.resolve("nginx.conf"), text);
    Path log = folder.resolve("error.log");
    return start(
        new ProcessBuilder(
            "/usr/sbin/nginx",
            "-p",
            folder.toString(),
            "-c",
            config.toString(),
            "-g",
            "daemon off; pid %s; error_log %s;".formatted(folder.resolve("pid"), log)),
        folder,
        ports);
  }

  private static FrontProxy start(ProcessBuilder command, Path folder, Ports ports)
      throws Exception {
    Path log = folder.resolve("proxy.log");
    Process process = command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    FrontProxy proxy = new FrontProxy(process, ports);
    try {
      Await.until(
          "the proxy listens",
          Duration.ofSeconds(60),
          () ->
              proxy.inline("GET", "/nowhere").status() == 404
                  && proxy.asking("GET", "/nowhere").status() == 404);
    } catch (AssertionError | InterruptedException e) {
      proxy.close();
      throw new AssertionError(Files.readString(log), e);
    }
    return proxy;
  }

  /// Where callers come in.
  String url() {
    return "https://localhost:" + ports.inline();
  }

  /// Through the gate.
  Answer inline(String method, String target, String... headers) throws IOException {
    return send(ports.inline(), method, target, headers);
  }

  /// To a backend, when the gate says yes.
  Answer asking(String method, String target, String... headers) throws IOException {
    return send(ports.asking(), method, target, headers);
  }

  /// Byte for byte over TLS, because clients repair paths and refuse odd header names.
  private static Answer send(int port, String method, String target, String... headers)
      throws IOException {
    StringBuilder head = new StringBuilder("%s %s HTTP/1.1\r\n".formatted(method, target));
    head.append("Host: localhost:").append(port).append("\r\nConnection: close\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    try (Socket socket = trusting().getSocketFactory().createSocket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
      socket.setSoTimeout(30_000);
      if (socket instanceof SSLSocket tls) {
        SSLParameters names = tls.getSSLParameters();
        names.setServerNames(List.of(new SNIHostName("localhost")));
        tls.setSSLParameters(names);
      }
      socket
          .getOutputStream()
          .write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
      return parse(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static Answer parse(String answer) throws IOException {
    int end = answer.indexOf("\r\n\r\n");
    if (end < 0) {
      throw new IOException("no answer: " + answer);
    }
    Map<String, String> headers = new TreeMap<>();
    String[] lines = answer.substring(0, end).split("\r\n", -1);
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).strip());
    }
    return new Answer(
        Integer.parseInt(lines[0].split(" ", 3)[1]), headers, answer.substring(end + 4));
  }

  private static SSLContext trusting() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anybody()}, null);
    return context;
  }

  /// The proxies make their own certificates here.
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

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
