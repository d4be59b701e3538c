package dev.gatewright.ingress;

import dev.gatewright.admission.Caller;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Who calls, as headers for the backend. All of them stand in every 200, with `-` for what is
/// empty: a proxy that is told to copy a header which is not there passes on the caller's own, or
/// the name of a variable. Pure.
final class Identity {
  static final String KEY = "x-gatewright-key";
  static final String USER = "x-gatewright-user";
  static final String ORGANIZATION = "x-gatewright-organization";
  static final String SCOPES = "x-gatewright-scopes";

  /// nginx takes an answer's headers into one buffer of 4 KiB.
  private static final int SCOPES_BYTES_MAX = 2 << 10;

  private static final String NOTHING = "-";

  private Identity() {}

  static void write(HttpHeaders headers, Caller caller) {
    headers
        .set(KEY, value(caller.id()))
        .set(USER, value(caller.user()))
        .set(ORGANIZATION, value(caller.tenant().organizationId()))
        .set(SCOPES, scopes(caller.scopes()));
  }

  static void writeNobody(HttpHeaders headers) {
    headers.set(KEY, NOTHING).set(USER, NOTHING).set(ORGANIZATION, NOTHING).set(SCOPES, NOTHING);
  }

  /// Separated by spaces. What does not fit is left out whole: a backend may see fewer rights than
  /// there are, never others.
  static String scopes(List<String> scopes) {
    StringBuilder text = new StringBuilder();
    for (String scope : scopes) {
      String word = encoded(scope);
      if (text.length() + word.length() + 1 <= SCOPES_BYTES_MAX) {
        text.append(text.isEmpty() ? "" : " ").append(word);
      }
    }
    return text.isEmpty() ? NOTHING : text.toString();
  }

  /// A name may hold any character, a header may not: all but visible ASCII is percent-encoded.
  static String value(String text) {
    if (text.isEmpty()) {
      return NOTHING;
    }
    return text.equals(NOTHING) ? "%2D" : encoded(text);
  }

  private static String encoded(String text) {
    StringBuilder encoded = new StringBuilder(text.length());
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      if (octet > ' ' && octet < 0x7f && octet != '%') {
        encoded.append((char) octet);
      } else {
        encoded.append("%%%02X".formatted(octet & 0xff));
      }
    }
    return encoded.toString();
  }
}
