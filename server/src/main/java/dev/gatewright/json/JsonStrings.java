package dev.gatewright.json;

import org.jspecify.annotations.Nullable;

/// The state inside one JSON string, which may be split at any byte: escapes and UTF-8 are checked,
/// so that every decoder behind us reads the same characters. Confined to its walker.
final class JsonStrings {
  private static final int ESCAPE = -1;

  private final boolean lenient;
  private boolean ended;
  private boolean plain;
  private @Nullable String problem;

  /// 0 = none, [#ESCAPE] = right behind a backslash, else hexadecimal digits still due.
  private int escape;

  /// Continuation bytes still due, and the range the next one must be in.
  private int continuation;

  private int lowest;
  private int highest;

  private long overhead;

  /// @param lenient takes whatever stands between the quotes
  JsonStrings(boolean lenient) {
    this.lenient = lenient;
  }

  void begin() {
    ended = false;
    plain = true;
    problem = null;
    escape = 0;
    continuation = 0;
    overhead = 0;
  }

  boolean ended() {
    return ended;
  }

  boolean plain() {
    return plain;
  }

  @Nullable String problem() {
    return problem;
  }

  /// Bytes by which the written form is longer than its text; an escaped character beyond ASCII is
  /// taken as three bytes of UTF-8.
  long escapeOverhead() {
    return overhead;
  }

  /// Goes on inside the string; stops behind the closing quote, at a problem, or at `to`.
  int scan(byte[] part, int from, int to) {
    return lenient ? lenientScan(part, from, to) : strictScan(part, from, to);
  }

  private int lenientScan(byte[] part, int from, int to) {
    int at = from;
    while (at < to) {
      if (escape == ESCAPE) {
        overhead += part[at] == 'u' ? 3 : 1;
        escape = part[at] == 'u' ? 4 : 0;
        at++;
      } else if (escape > 0 && Character.digit(part[at], 16) >= 0) {
        escape--;
        at++;
      } else {
        escape = 0;
        at = JsonText.endOfAny(part, at, to);
        if (at < to) {
          ended = part[at] == '"';
          escape = ended ? 0 : ESCAPE;
          plain &= ended;
          at++;
          if (ended) {
            return at;
          }
        }
      }
    }
    return at;
  }

  private int strictScan(byte[] part, int from, int to) {
    int at = from;
    while (at < to) {
      if (escape != 0 || continuation != 0) {
        if (!pending(part[at])) {
          return at;
        }
        at++;
        continue;
      }
      at = JsonText.endOfPlain(part, at, to);
      if (at == to) {
        return at;
      }
      byte b = part[at];
      if (b == '"') {
        ended = true;
        return at + 1;
      }
      plain = false;
      if (b == '\\') {
        escape = ESCAPE;
      } else if (b >= 0) {
        problem = "control character in a string";
        return at;
      } else if (!lead(b & 0xff)) {
        problem = "invalid UTF-8";
        return at;
      }
      at++;
    }
    return at;
  }

  private boolean pending(byte b) {
    if (continuation != 0) {
      int next = b & 0xff;
      if (next < lowest || next > highest) {
        problem = "invalid UTF-8";
        return false;
      }
      lowest = 0x80;
      highest = 0xbf;
      continuation--;
      return true;
    }
    boolean good;
    if (escape == ESCAPE) {
      good = b == 'u' || "\"\\/bfnrt".indexOf(b) >= 0;
      escape = b == 'u' ? 4 : 0;
      overhead += b == 'u' ? 3 : 1;
    } else {
      good = Character.digit(b, 16) >= 0;
      escape--;
    }
    if (!good) {
      problem = "invalid escape in a string";
    }
    return good;
  }

  /// Ranges of RFC 3629: neither overlong forms, nor surrogates, nor anything above U+10FFFF.
  private boolean lead(int b) {
    lowest = b == 0xe0 ? 0xa0 : b == 0xf0 ? 0x90 : 0x80;
    highest = b == 0xed ? 0x9f : b == 0xf4 ? 0x8f : 0xbf;
    if (b >= 0xc2 && b <= 0xdf) {
      continuation = 1;
    } else if (b >= 0xe0 && b <= 0xef) {
      continuation = 2;
    } else if (b >= 0xf0 && b <= 0xf4) {
      continuation = 3;
    } else {
      return false;
    }
    return true;
  }
}
