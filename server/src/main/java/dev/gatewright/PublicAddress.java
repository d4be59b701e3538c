package dev.gatewright;

import java.util.Set;

/// How a listener is reached from this machine.
final class PublicAddress {
  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "[::]");
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "[::1]", "localhost");

  private PublicAddress() {}

  /// For programs: an address that needs no name resolution.
  ///
  /// @param tls whether the listener speaks TLS
  static String url(String host, int port, boolean tls) {
    String reachable = EVERYWHERE.contains(host) ? "127.0.0.1" : host;
    boolean v6 = reachable.indexOf(':') >= 0 && !reachable.startsWith("[");
    return "%s://%s:%d"
        .formatted(tls ? "https" : "http", v6 ? "[" + reachable + "]" : reachable, port);
  }

  /// For people.
  static String shown(String host, int port, boolean tls) {
    return EVERYWHERE.contains(host) || LOOPBACK.contains(host)
        ? local(port, tls)
        : url(host, port, tls);
  }

  /// For people on this machine.
  static String local(int port, boolean tls) {
    return (tls ? "https://localhost:" : "http://localhost:") + port;
  }
}
