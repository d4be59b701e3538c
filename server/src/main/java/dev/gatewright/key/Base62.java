package dev.gatewright.key;

import java.security.SecureRandom;

/// The alphabet `0-9A-Za-z`: selects as one word, needs no escaping anywhere. Thread-safe.
public final class Base62 {
  private static final byte[] DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
          .getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private Base62() {}

  static boolean isDigit(byte character) {
    return (character >= '0' && character <= '9')
        || (character >= 'A' && character <= 'Z')
        || (character >= 'a' && character <= 'z');
  }

  /// Writes an unsigned `value` right-aligned, padded with `0` on the left, into `into[from, from +
  /// length)`.
  static void write(long value, byte[] into, int from, int length) {
    long rest = value;
    for (int at = from + length - 1; at >= from; at--) {
      into[at] = DIGITS[(int) (rest % 62)];
      rest /= 62;
    }
    if (rest != 0) {
      throw new IllegalArgumentException(
          "base62: %d does not fit (expected: %d digits)".formatted(value, length));
    }
  }

  /// Fills `into[from, from + length)` with uniformly random digits: bytes from 248 up are drawn
  /// again, because 256 is no multiple of 62.
  public static void random(SecureRandom random, byte[] into, int from, int length) {
    byte[] drawn = new byte[length * 2];
    int at = from;
    while (at < from + length) {
      random.nextBytes(drawn);
      for (int i = 0; i < drawn.length && at < from + length; i++) {
        int value = drawn[i] & 0xff;
        if (value < 248) {
          into[at++] = DIGITS[value % 62];
        }
      }
    }
  }
}
