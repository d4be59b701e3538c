package dev.gatewright.edge.tls;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The setting `listen.tls`: two PEM files, absolute here.
///
/// @param certificate the server's own first, then those that lead to a root
/// @param key its private key, not encrypted
public record TlsConfig(Path certificate, Path key) {
  /// Null when the listener speaks without TLS.
  ///
  /// @param listen the mapping `listen`
  public static @Nullable TlsConfig from(Settings listen) {
    Settings tls = listen.section("tls");
    String certificate = tls.textOrNull("certificate");
    String key = tls.textOrNull("key");
    if (certificate == null && key == null) {
      return null;
    }
    if (certificate == null || key == null) {
      throw new InvalidSetting(
          "%s.%s: missing (expected: the PEM file that goes with %s)"
              .formatted(
                  tls.path(),
                  key == null ? "key" : "certificate",
                  key == null ? certificate : key));
    }
    return new TlsConfig(Path.of(certificate).toAbsolutePath(), Path.of(key).toAbsolutePath());
  }
}
