package dev.gatewright.json;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The bytes of the token a [JsonWalker] is in: a window into the part being fed, or, when the
/// token began in an earlier part, a short copy. Confined to its walker.
final class JsonToken {
  /// Longer tokens are walked over, their text cannot be asked for. No name or value we act on is
  /// longer.
  static final int BYTES_MAX = 1024;

  private static final int START_BYTES = 66;

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

  /// A whole number of up to 18 digits; -1 for everything else.
  long number() {
    if (length == 0 || length > 18) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < length; i++) {
      byte digit = source[from + i];
      if (digit < '0' || digit > '9') {
        return -1;
      }
      value = value * 10 + (digit - '0');
    }
    return value;
  }
}
