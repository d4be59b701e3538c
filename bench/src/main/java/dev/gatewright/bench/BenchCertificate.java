package dev.gatewright.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Map;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// A certificate for this machine, P-256, made by openssl.
record BenchCertificate(Path certificate, Path key) {
  static BenchCertificate make(Path folder) throws IOException, InterruptedException {
    Path certificate = folder.resolve("bench.crt");
    Path key = folder.resolve("bench.key");
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString(),
                "-days",
                "2",
                "-subj",
                "/CN=localhost")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("openssl.log").toFile())
            .start();
    if (openssl.waitFor() != 0) {
      throw new IOException("openssl made no certificate: " + folder.resolve("openssl.log"));
    }
    return new BenchCertificate(certificate, key);
  }

  /// For a gate that shows it.
  Map<String, String> environment() {
    return Map.of(
        "GATEWRIGHT_LISTEN_TLS_CERTIFICATE", certificate.toString(),
        "GATEWRIGHT_LISTEN_TLS_KEY", key.toString());
  }

  /// Sockets that ask no questions: the other side is this bench's own child.
  static SocketFactory sockets() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no TLS", e);
    }
  }

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
}
