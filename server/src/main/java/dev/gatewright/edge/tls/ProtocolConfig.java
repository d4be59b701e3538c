package dev.gatewright.edge.tls;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import org.jspecify.annotations.Nullable;

/// What the listener speaks: `listen.tls`, `listen.http2` and `listen.h2c`. HTTP/1.1 it speaks in
/// any case.
///
/// @param tls null = without
/// @param http2 offered to callers who come by TLS
/// @param h2c taken from callers who begin with it without TLS, as front proxies do
public record ProtocolConfig(@Nullable TlsConfig tls, boolean http2, boolean h2c) {
  /// HTTP/1.1 without TLS.
  public static final ProtocolConfig CLEAR = new ProtocolConfig(null, true, false);

  public ProtocolConfig {
    if (tls != null && h2c) {
      throw new InvalidSetting(
          "listen.h2c: true with listen.tls (expected: one of them; over TLS, HTTP/2 is listen.http2)");
    }
  }

  /// @param listen the mapping `listen`
  public static ProtocolConfig from(Settings listen) {
    return new ProtocolConfig(
        TlsConfig.from(listen), listen.flag("http2", true), listen.flag("h2c", false));
  }

  /// The certificate's files, judged; nothing where there are none.
  ///
  /// @throws InvalidSetting naming the file and what is wrong with it
  public void judge() {
    if (tls != null) {
      ServerCertificate.read(tls);
    }
  }
}
