package dev.gatewright.rest;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A request's query parameters, every one of them known and there once: one that is ignored is one
/// somebody counts on.
public final class Query {
  private static final int CHARACTERS_MAX = 16 << 10;

  private final Map<String, String> values;

  private Query(Map<String, String> values) {
    this.values = values;
  }

  /// @param raw as it stands behind the `?`; null = none
  /// @param known the names there may be
  /// @throws Problem 400 when it cannot be read, 422 for a name that is unknown or there twice
  static Query of(@Nullable String raw, Set<String> known) {
    Map<String, String> values = new TreeMap<>();
    if (raw == null || raw.isEmpty()) {
      return new Query(values);
    }
    if (raw.length() > CHARACTERS_MAX) {
      throw Problem.invalid(
          "query",
          "query: %d characters (expected: at most %d)".formatted(raw.length(), CHARACTERS_MAX));
    }
    for (String pair : raw.split("&", known.size() + 2)) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      if (!known.contains(name)) {
        throw Problem.wrong(name, "%s: unknown (expected: %s)".formatted(name, list(known)));
      }
      String value = decoded(equals < 0 ? "" : pair.substring(equals + 1));
      if (values.putIfAbsent(name, value) != null) {
        throw Problem.wrong(name, "%s: given twice (expected: once)".formatted(name));
      }
    }
    return new Query(values);
  }

  private static String list(Set<String> known) {
    return known.isEmpty() ? "no query" : String.join(", ", known.stream().sorted().toList());
  }

  private static String decoded(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '%') {
        int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
        int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw unreadable();
        }
        bytes[length++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        bytes[length++] = bytes[i] == '+' ? (byte) ' ' : bytes[i];
      }
    }
    try {
      String decoded =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString();
      if (decoded.indexOf(0) >= 0) {
        throw unreadable();
      }
      return decoded;
    } catch (CharacterCodingException broken) {
      throw unreadable();
    }
  }

  private static Problem unreadable() {
    return Problem.invalid(
        "query", "query: not readable (expected: name=value, percent-encoded UTF-8, no %00)");
  }

  /// The value of a parameter, null when it is not there.
  public @Nullable String text(String name) {
    return values.get(name);
  }

  /// A parameter that is `true` or `false`; false when it is not there.
  public boolean flag(String name) {
    return switch (values.get(name)) {
      case null -> false;
      case "true" -> true;
      case "false" -> false;
      case String text -> throw Problem.wrong(name, text + " (expected: true or false)");
    };
  }

  /// A whole number from 1 on.
  public int number(String name, int absent, int max) {
    String text = values.get(name);
    if (text == null) {
      return absent;
    }
    if (!text.matches("[1-9][0-9]{0,8}") || Integer.parseInt(text) > max) {
      throw Problem.wrong(name, "%s (expected: 1 to %d)".formatted(text, max));
    }
    return Integer.parseInt(text);
  }

  /// Everything but what says which page is meant: two calls with the same text list the same.
  String filter() {
    StringBuilder filter = new StringBuilder();
    values.forEach((name, value) -> {
      if (!name.equals(Cursors.PARAMETER) && !name.equals(Paging.LIMIT)) {
        filter.append('\n').append(name.length()).append(' ').append(name).append(value);
      }
    });
    return filter.toString();
  }
}
