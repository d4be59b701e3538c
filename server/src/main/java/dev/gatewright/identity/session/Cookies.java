package dev.gatewright.identity.session;

import java.util.ArrayList;
import java.util.List;

/// Reads `cookie` headers (RFC 6265 §4.2.1). Pure.
public final class Cookies {
  /// No browser sends more of one host's than a few hundred; what comes behind is not looked at.
  private static final int PAIRS_MAX = 200;

  private Cookies() {}

  /// Every value of the cookie of this name, in the order sent.
  public static List<String> named(List<String> headers, String name) {
    List<String> values = new ArrayList<>(1);
    for (String header : headers) {
      for (String pair : header.split(";", PAIRS_MAX)) {
        int equals = pair.indexOf('=');
        if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
          values.add(pair.substring(equals + 1).strip());
        }
      }
    }
    return values;
  }

  /// Whether any of them is named like a session's of ours, at whatever site.
  static boolean anySession(List<String> headers) {
    for (String header : headers) {
      for (String pair : header.split(";", PAIRS_MAX)) {
        String name = pair.strip();
        if (name.startsWith(Site.SECURE_COOKIE + "=") || name.matches("(?s)gw_[0-9]{1,5}=.*")) {
          return true;
        }
      }
    }
    return false;
  }
}
