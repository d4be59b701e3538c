package dev.gatewright.oauth;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fields of an `application/x-www-form-urlencoded` body.
public final class FormFields {
  private static final int FIELDS_MAX = 20;

  private FormFields() {}

  /// Null when it cannot be read, or names a field twice (RFC 6749 §3.2).
  public static @Nullable Map<String, String> read(String body) {
    Map<String, String> fields = new HashMap<>();
    for (String part : body.split("&", FIELDS_MAX + 1)) {
      if (part.isEmpty()) {
        continue;
      }
      int equals = part.indexOf('=');
      String name = decoded(equals < 0 ? part : part.substring(0, equals));
      String value = equals < 0 ? "" : decoded(part.substring(equals + 1));
      if (name == null
          || value == null
          || fields.size() >= FIELDS_MAX
          || fields.put(name, value) != null) {
        return null;
      }
    }
    return fields;
  }

  /// Null when a `%` begins nothing, or the bytes are no UTF-8.
  public static @Nullable String decoded(String text) {
    try {
      String decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
      return decoded.indexOf('\uFFFD') >= 0 || decoded.indexOf(0) >= 0 ? null : decoded;
    } catch (IllegalArgumentException broken) {
      return null;
    }
  }
}
