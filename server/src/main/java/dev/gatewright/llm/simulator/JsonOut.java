package dev.gatewright.llm.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/// Writes JSON straight to text, also in pieces of a document that go out one after another.
/// Confined to one thread.
final class JsonOut {
  private static final String HEX = "0123456789abcdef";

  private final StringBuilder out = new StringBuilder(256);

  /// As it is, without a comma before it.
  JsonOut raw(String json) {
    out.append(json);
    return this;
  }

  JsonOut open() {
    comma();
    return raw("{");
  }

  JsonOut open(String name) {
    return name(name).raw("{");
  }

  JsonOut list(String name) {
    return name(name).raw("[");
  }

  JsonOut close() {
    return raw("}");
  }

  JsonOut closeList() {
    return raw("]");
  }

  JsonOut put(String name, @Nullable String value) {
    name(name);
    return value == null ? raw("null") : quoted(value);
  }

  JsonOut put(String name, long value) {
    name(name);
    out.append(value);
    return this;
  }

  JsonOut put(String name, boolean value) {
    return name(name).raw(value ? "true" : "false");
  }

  JsonOut putNull(String name) {
    return name(name).raw("null");
  }

  JsonOut name(String name) {
    comma();
    return quoted(name).raw(":");
  }

  JsonOut element(long value) {
    comma();
    out.append(value);
    return this;
  }

  private void comma() {
    if (!out.isEmpty() && "{[:,".indexOf(out.charAt(out.length() - 1)) < 0) {
      out.append(',');
    }
  }

  JsonOut quoted(String text) {
    return raw("\"").escaped(text, 0, text.length()).raw("\"");
  }

  /// The inside of a string.
  JsonOut escaped(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c != '"' && c != '\\' && (c < 0xd800 || c > 0xdfff)) {
        out.append(c);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < to
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        out.append(c).append(text.charAt(++i));
      } else {
        escape(c);
      }
    }
    return this;
  }

  private void escape(char c) {
    switch (c) {
      case '"', '\\' -> out.append('\\').append(c);
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          out.append(HEX.charAt((c >> shift) & 0xf));
        }
      }
    }
  }

  @Override
  public String toString() {
    return out.toString();
  }

  byte[] bytes() {
    return out.toString().getBytes(UTF_8);
  }
}
