package dev.gatewright.relay.dial;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import javax.net.ssl.SSLException;

/// The one TLS context a process dials providers with: BoringSSL where its library loads, else the
/// JDK's; the JDK's trusted roots either way. Sessions are resumed by the context's own cache.
public final class UpstreamTls {
  private UpstreamTls() {}

  public static SslContext system() {
    return build(SslContextBuilder.forClient());
  }

  /// @param builder with whatever trust the caller wants; everything else is set here
  public static SslContext build(SslContextBuilder builder) {
    try {
      return builder
          .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .endpointIdentificationAlgorithm("HTTPS")
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("no TLS for calls to providers", e);
    }
  }
}
