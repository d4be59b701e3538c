package dev.gatewright;

import java.util.Set;

/// How a listener is reached from this machine.
final class PublicAddress {
  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "[::]");
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "[::1]", "localhost");

  private PublicAddress() {}

  /// For programs: an address that needs no name resolution.
  static String url(String host, int port) {
    String reachable = EVERYWHERE.contains(host) ? "127.0.0.1" : host;
    boolean v6 = reachable.indexOf(':') >= 0 && !reachable.startsWith("[");
    return "http://%s:%d".formatted(v6 ? "[" + reachable + "]" : reachable, port);
  }

  /// For people.
  static String shown(String host, int port) {
    return EVERYWHERE.contains(host) || LOOPBACK.contains(host)
        ? "http://localhost:" + port
        : url(host, port);
  }
}
