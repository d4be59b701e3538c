package dev.gatewright.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The inside of JSON strings: how far plain text goes, and what escapes stand for.
public final class JsonText {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private JsonText() {}

  /// First index from `from` on of a byte that is not plain inside a string: a quote, a backslash,
  /// a control character, or the start of a character beyond ASCII; `to` when there is none.
  static int endOfPlain(byte[] source, int from, int to) {
    int at = from;
    while (at + Long.BYTES <= to) {
      long word = (long) LONGS.get(source, at);
      // Eight bytes at a time. A term may flag too much above its own first true hit, by the
      // borrow,
      // and where a byte is beyond ASCII, which is a hit itself: the lowest flag is always a true
      // one.
      long flags =
          (word
                  | (word - ONES * 0x20)
                  | ((word ^ ONES * '"') - ONES)
                  | ((word ^ ONES * '\\') - ONES))
              & HIGHS;
      if (flags != 0) {
        return at + (Long.numberOfTrailingZeros(flags) >>> 3);
      }
      at += Long.BYTES;
    }
    while (at < to) {
      byte b = source[at];
      if (b < 0x20 || b == '"' || b == '\\') {
        return at;
      }
      at++;
    }
    return to;
  }

  /// First index from `from` on of a quote or a backslash; `to` when there is none.
  static int endOfAny(byte[] source, int from, int to) {
    int at = from;
    while (at + Long.BYTES <= to) {
      long word = (long) LONGS.get(source, at);
      long quotes = word ^ ONES * '"';
      long slashes = word ^ ONES * '\\';
      // As above; a byte beyond ASCII must not be flagged, so its own high bit is masked out.
      long flags = (((quotes - ONES) & ~quotes) | ((slashes - ONES) & ~slashes)) & HIGHS;
      if (flags != 0) {
        return at + (Long.numberOfTrailingZeros(flags) >>> 3);
      }
      at += Long.BYTES;
    }
    while (at < to && source[at] != '"' && source[at] != '\\') {
      at++;
    }
    return at;
  }

  /// The text of a string's inside; an escape that is none stays as it is written.
  public static String decode(byte[] source, int from, int length) {
    String raw = new String(source, from, length, StandardCharsets.UTF_8);
    int escape = raw.indexOf('\\');
    if (escape < 0) {
      return raw;
    }
    StringBuilder text = new StringBuilder(raw.length());
    int at = 0;
    while (escape >= 0) {
      text.append(raw, at, escape);
      char kind = escape + 1 < raw.length() ? raw.charAt(escape + 1) : '\\';
      if (kind == 'u' && hexadecimal(raw, escape + 2)) {
        text.append((char) Integer.parseInt(raw, escape + 2, escape + 6, 16));
        at = escape + 6;
      } else {
        text.append(unescaped(kind));
        at = Math.min(escape + 2, raw.length());
      }
      escape = raw.indexOf('\\', at);
    }
    return text.append(raw, at, raw.length()).toString();
  }

  private static boolean hexadecimal(String raw, int from) {
    if (from + 4 > raw.length()) {
      return false;
    }
    for (int i = from; i < from + 4; i++) {
      if (Character.digit(raw.charAt(i), 16) < 0) {
        return false;
      }
    }
    return true;
  }

  private static char unescaped(char kind) {
    return switch (kind) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> kind;
    };
  }

  /// A name as the most forgiving decoder would compare it: Go's folds, besides ASCII case, the
  /// long s and the Kelvin sign, so `ſtream` is its `stream`.
  static byte[] folded(String name) {
    StringBuilder folded = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      folded.append(
          c >= 'A' && c <= 'Z' ? (char) (c + 32) : c == '\u017F' ? 's' : c == '\u212A' ? 'k' : c);
    }
    return folded.toString().getBytes(StandardCharsets.UTF_8);
  }
}
