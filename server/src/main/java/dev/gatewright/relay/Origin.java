package dev.gatewright.relay;

import java.util.Locale;

/// Where an upstream lives: scheme, host and port. A credential is bound to exactly one.
///
/// @param host a name or an address literal, without brackets, lower case
public record Origin(boolean tls, String host, int port) {
  public Origin {
    host = host.toLowerCase(Locale.ROOT);
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port: %d (expected: 1…65535)".formatted(port));
    }
  }

  /// The `Host` header: the port is left out where it is the scheme's own.
  public String authority() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == (tls ? 443 : 80) ? name : name + ":" + port;
  }

  @Override
  public String toString() {
    return (tls ? "https://" : "http://") + authority();
  }
}
