package dev.gatewright.edge.head;

import dev.gatewright.net.IpLiteral;

/// The characters of a host name, an IPv4 address or a bracketed IPv6 address, with an optional
/// port. Anything that could end the authority inside a URL built from it (`/ \ ? # @`, space) is
/// out.
public final class HostCheck {
  private static final int HOST_MAX = 255;
  private static final int PORT_DIGITS_MAX = 5;

  private HostCheck() {}

  public static boolean valid(String host) {
    if (host.isEmpty() || host.length() > HOST_MAX + 1 + PORT_DIGITS_MAX) {
      return false;
    }
    int end = host.charAt(0) == '[' ? bracketed(host) : name(host);
    return end > 0 && (end == host.length() || port(host, end));
  }

  private static int name(String host) {
    int at = 0;
    while (at < host.length()) {
      char c = host.charAt(at);
      if (!letterOrDigit(c) && c != '-' && c != '.' && c != '_') {
        break;
      }
      at++;
    }
    return at;
  }

  private static int bracketed(String host) {
    int close = host.indexOf(']');
    return close > 0 && IpLiteral.parse(host.substring(1, close)) != null ? close + 1 : -1;
  }

  private static boolean port(String host, int colon) {
    int digits = host.length() - colon - 1;
    if (host.charAt(colon) != ':' || digits < 1 || digits > PORT_DIGITS_MAX) {
      return false;
    }
    for (int i = colon + 1; i < host.length(); i++) {
      if (host.charAt(i) < '0' || host.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static boolean letterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
