package dev.gatewright.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Debian's nginx as a plain reverse proxy: keep-alive to the provider, no log, no limits. One
/// worker by default, which a closed loop saturates: that is nginx at its cheapest. Two ports: one
/// with nginx's default buffering, one with `proxy_buffering off`, as everybody sets it for event
/// streams.
final class Nginx implements AutoCloseable {
  static final String PROGRAM = "/usr/sbin/nginx";

  private final Process process;
  private final int bufferedPort;
  private final int unbufferedPort;
  private final int tlsPort;

  Nginx(Path folder, int providerPort, int workers) throws IOException, InterruptedException {
    this(folder, providerPort, workers, null);
  }

  /// @param certificate also speaks HTTP/2 over TLS with it; null = does not
  Nginx(Path folder, int providerPort, int workers, @Nullable BenchCertificate certificate)
      throws IOException, InterruptedException {
    tlsPort = freePort();
    bufferedPort = freePort();
    unbufferedPort = freePort();
    Files.createDirectories(folder);
    Path config = folder.resolve("nginx.conf");
    Files.writeString(config, config(folder, providerPort, workers, certificate));
    process =
        new ProcessBuilder(PROGRAM, "-p", folder.toString(), "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("nginx.log").toFile())
            .start();
    Children.endWithUs(process);
    awaitPort(unbufferedPort, process);
  }

  Target target() {
    return new Target(
        "nginx",
        List.of(bufferedPort),
        List.of(unbufferedPort),
        List.of(process.toHandle()),
        "none",
        Target.Settle.NOTHING);
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  static void awaitPort(int port, Process process) throws IOException, InterruptedException {
    for (int i = 0; i < 3000; i++) {
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        if (!process.isAlive()) {
          throw new IOException("the proxy ended with " + process.exitValue(), e);
        }
        Thread.sleep(10);
      }
    }
    throw new IOException("nothing listens on port " + port);
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }

  int tlsPort() {
    return tlsPort;
  }

  private String config(
      Path folder, int providerPort, int workers, @Nullable BenchCertificate certificate) {
    String tls =
        certificate == null
            ? ""
            : """
            server {
              listen 127.0.0.1:%d ssl http2;
              ssl_certificate %s;
              ssl_certificate_key %s;
              location / { proxy_pass http://provider; }
            }
            """
                .formatted(tlsPort, certificate.certificate(), certificate.key());
    return """
    daemon off;
    worker_processes %5$d;
    pid %1$s/nginx.pid;
    error_log %1$s/error.log;
    events { worker_connections 8192; }
    http {
      access_log off;
      client_body_temp_path %1$s/body;
      proxy_temp_path %1$s/proxy;
      fastcgi_temp_path %1$s/fastcgi;
      uwsgi_temp_path %1$s/uwsgi;
      scgi_temp_path %1$s/scgi;
      keepalive_requests 1000000000;
      upstream provider {
        server 127.0.0.1:%2$d;
        keepalive 512;
        keepalive_requests 1000000000;
      }
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      server {
        listen 127.0.0.1:%3$d;
        location / { proxy_pass http://provider; }
      }
      server {
        listen 127.0.0.1:%4$d;
        location / { proxy_buffering off; proxy_pass http://provider; }
      }
    %6$s}
    """
        .formatted(folder, providerPort, bufferedPort, unbufferedPort, workers, tls);
  }
}
