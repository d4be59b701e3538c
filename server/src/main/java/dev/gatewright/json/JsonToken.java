package dev.gatewright.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The bytes of the token a [JsonWalker] is in: a window into the part being fed, or, when the
/// token began in an earlier part, a short copy. Confined to its walker.
final class JsonToken {
  /// Longer tokens are walked over, their text cannot be asked for. No name or value we act on is
  /// longer.
  static final int BYTES_MAX = 1024;

  private static final int START_BYTES = 66;

  private static final int NUMBER_BYTES_MAX = 64;
  private static final long NUMBER_MAX = 1_000_000_000_000_000_000L;

  private static final byte[] NOTHING = {};

  byte[] source = NOTHING;
  int from;
  int length;

  /// Neither escapes nor characters beyond ASCII so far.
  boolean plain;

  private byte[] stash = NOTHING;
  private int stashed;

  void begin(int at) {
    from = at;
    stashed = 0;
    plain = true;
  }

  /// The token goes on in a new part.
  void resume(int at) {
    from = at;
  }

  /// The part ends inside the token: keeps what of it stands in `part` from `from` to `to`.
  void keep(byte[] part, int to) {
    int more = Math.min(to - from, BYTES_MAX + 1 - stashed);
    if (more > 0) {
      if (stash.length < stashed + more) {
        stash = Arrays.copyOf(stash, Math.max(64, 2 * (stashed + more)));
      }
      System.arraycopy(part, from, stash, stashed, more);
      stashed += more;
    }
  }

  void end(byte[] part, int to) {
    if (stashed == 0) {
      source = part;
      length = to - from;
    } else {
      keep(part, to);
      source = stash;
      length = stashed;
    }
    from = stashed == 0 ? from : 0;
  }

  boolean tooLong() {
    return length > BYTES_MAX;
  }

  /// The token's text, escapes resolved; null when it is too long.
  @Nullable String text() {
    return tooLong() ? null : JsonText.decode(source, from, length);
  }

  /// The first characters of the token's text, however long it is, escapes resolved.
  String start() {
    int to = Math.min(length, START_BYTES);
    int at = 0;
    while (at < to) {
      int step = source[from + at] != '\\' ? 1 : source[from + at + 1] == 'u' ? 6 : 2;
      if (at + step > to) {
        break;
      }
      at += step;
    }
    return JsonText.decode(source, from, at);
  }

  /// The token is this text, escapes resolved.
  boolean is(byte[] ascii) {
    if (plain) {
      return Arrays.equals(ascii, 0, ascii.length, source, from, from + length);
    }
    String text = text();
    return text != null && text.equals(new String(ascii, StandardCharsets.US_ASCII));
  }

  /// A whole number below 10^18, however it is written: `100`, `100.0`, `1e2`; -1 for all else.
  long number() {
    long value = 0;
    int at = from;
    int end = from + Math.min(length, NUMBER_BYTES_MAX + 1);
    int exponent = 0;
    int digits = 0;
    boolean point = false;
    while (at < end && (isDigit(source[at]) || (source[at] == '.' && !point && digits > 0))) {
      if (source[at] == '.') {
        point = true;
      } else if (value >= NUMBER_MAX / 10) {
        return -1;
      } else {
        value = value * 10 + (source[at] - '0');
        exponent -= point ? 1 : 0;
        digits++;
      }
      at++;
    }
    if (digits == 0 || length > NUMBER_BYTES_MAX) {
      return -1;
    }
    if (at < end) {
      int written = exponent(at, end);
      if (written == Integer.MIN_VALUE) {
        return -1;
      }
      exponent += written;
    }
    return scaled(value, exponent);
  }

  private int exponent(int begin, int end) {
    int at = begin;
    if (source[at] != 'e' && source[at] != 'E') {
      return Integer.MIN_VALUE;
    }
    at++;
    boolean negative = at < end && source[at] == '-';
    at += at < end && (source[at] == '-' || source[at] == '+') ? 1 : 0;
    int value = 0;
    if (at == end) {
      return Integer.MIN_VALUE;
    }
    for (; at < end; at++) {
      if (!isDigit(source[at]) || value > NUMBER_BYTES_MAX) {
        return Integer.MIN_VALUE;
      }
      value = value * 10 + (source[at] - '0');
    }
    return negative ? -value : value;
  }

  private static long scaled(long mantissa, int exponent) {
    long value = mantissa;
    for (int left = exponent; left < 0 && value != 0; left++) {
      if (value % 10 != 0) {
        return -1;
      }
      value /= 10;
    }
    for (int left = exponent; left > 0 && value != 0; left--) {
      if (value >= NUMBER_MAX / 10) {
        return -1;
      }
      value *= 10;
    }
    return value;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
