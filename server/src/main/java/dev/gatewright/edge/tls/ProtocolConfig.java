package dev.gatewright.edge.tls;

import dev.gatewright.config.Settings;
import org.jspecify.annotations.Nullable;

/// What the listener speaks: `listen.tls`.
///
/// @param tls null = without
public record ProtocolConfig(@Nullable TlsConfig tls) {
  /// HTTP/1.1 without TLS.
  public static final ProtocolConfig CLEAR = new ProtocolConfig(null);

  /// @param listen the mapping `listen`
  public static ProtocolConfig from(Settings listen) {
    return new ProtocolConfig(TlsConfig.from(listen));
  }

  /// The certificate's files, judged; nothing where there are none.
  ///
  /// @throws Settings.InvalidSetting naming the file and what is wrong with it
  public void judge() {
    if (tls != null) {
      ServerCertificate.read(tls);
    }
  }
}
