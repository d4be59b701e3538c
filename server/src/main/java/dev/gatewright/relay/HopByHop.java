package dev.gatewright.relay;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Set;

/// Header names that belong to one connection and are never passed on (RFC 9110 §7.6.1, and the
/// older ones still seen).
public final class HopByHop {
  private static final Set<AsciiString> NAMES =
      Set.of(
          AsciiString.cached("connection"),
          AsciiString.cached("keep-alive"),
          AsciiString.cached("proxy-connection"),
          AsciiString.cached("proxy-authenticate"),
          AsciiString.cached("proxy-authorization"),
          AsciiString.cached("proxy-authentication-info"),
          AsciiString.cached("te"),
          AsciiString.cached("trailer"),
          AsciiString.cached("transfer-encoding"),
          AsciiString.cached("upgrade"));

  private HopByHop() {}

  public static boolean contains(CharSequence name) {
    for (AsciiString hop : NAMES) {
      if (hop.length() == name.length() && hop.contentEqualsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  /// Removes what a `connection` value names.
  ///
  /// @return true when `close` is among the names
  public static boolean strip(HttpHeaders headers, String connection) {
    boolean close = false;
    for (String part : connection.split(",")) {
      String name = part.strip();
      close |= name.equalsIgnoreCase("close");
      if (!name.isEmpty()) {
        headers.remove(name);
      }
    }
    return close;
  }
}
