package dev.gatewright.relay.dial;

import dev.gatewright.net.IpLiteral;
import java.net.InetAddress;

/// What the host of an origin is: an address, a name to resolve, or neither. One parser serves the
/// check and the connection, and it takes an address in its one plain spelling only: resolvers
/// disagree about `0177.1`, `0x7f000001` and `2130706433`, so those are never passed on as names.
sealed interface DialHost {
  record Address(InetAddress address) implements DialHost {}

  record Name(String name) implements DialHost {}

  /// @param reason for the caller, after "the address"
  record Unusable(String reason) implements DialHost {}

  static DialHost of(String host) {
    if (host.indexOf(':') >= 0) {
      return literal(host, "IPv6");
    }
    if (host.isEmpty() || host.length() > 253) {
      return new Unusable("has no name of 1…253 characters");
    }
    for (int i = 0; i < host.length(); i++) {
      if (!nameCharacter(host.charAt(i))) {
        return new Unusable("holds a character no host name has");
      }
    }
    if (host.startsWith(".") || host.endsWith(".") || host.contains("..")) {
      return new Unusable("has an empty label");
    }
    String last = host.substring(host.lastIndexOf('.') + 1);
    // As WHATWG's URL rules: a host whose last label is a number is an IPv4 address, or nothing.
    return digitsOnly(last) || last.startsWith("0x") ? literal(host, "IPv4") : new Name(host);
  }

  private static DialHost literal(String host, String family) {
    InetAddress address = IpLiteral.parse(host);
    return address == null
        ? new Unusable("is not a plain " + family + " address")
        : new Address(address);
  }

  private static boolean nameCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_'
        || c == '.';
  }

  private static boolean digitsOnly(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
