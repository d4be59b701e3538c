package dev.gatewright.identity.session;

/// One of the names under which people reach the console.
///
/// @param origin as a browser writes it in `Origin`
/// @param cookie the session cookie's name there. Browsers keep a `__Host-Http-` cookie from other
///   hosts and from scripts; without TLS they refuse it, and cookies of all ports of a host are
///   one, so the port is in the name
/// @param secure cookies are for TLS alone
public record Site(String origin, String cookie, boolean secure) {
  static final String SECURE_COOKIE = "__Host-Http-gw";
  static final String PLAIN_COOKIE = "gw_";

  /// The value of `set-cookie` that gives the browser a session's token.
  ///
  /// @param seconds how long the browser keeps it
  String set(String token, long seconds) {
    return cookie(cookie, token, "Strict", seconds);
  }

  /// The value of `set-cookie` that takes it away.
  String clear() {
    return cookie(cookie, "", "Strict", 0);
  }

  /// @param sameSite `Strict`, or `Lax` for what must survive a link from elsewhere
  public String cookie(String name, String value, String sameSite, long seconds) {
    return "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=%s%s"
        .formatted(name, value, seconds, sameSite, secure ? "; Secure" : "");
  }
}
