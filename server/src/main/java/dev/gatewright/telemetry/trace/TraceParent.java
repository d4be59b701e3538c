package dev.gatewright.telemetry.trace;

import org.jspecify.annotations.Nullable;

/// A `traceparent`: which trace, and which of its spans asks. By W3C Trace Context as of 2026-11,
/// level 2 with its `random` flag. Immutable; holds nothing of the text it was read from.
///
/// @param high the first half of the trace's id
/// @param low the second half
/// @param span never 0
/// @param flags [#SAMPLED] and [#RANDOM]; all others are zero, as the standard has it
public record TraceParent(long high, long low, long span, int flags) {
  public static final int SAMPLED = 1;

  /// The trace's id was drawn at random: who asked first says so, and who passes it on repeats it.
  public static final int RANDOM = 2;

  /// Of version 00; a higher one may go on behind it.
  static final int CHARS = 55;

  private static final int VERSION_INVALID = 0xff;
  private static final String HEX = "0123456789abcdef";

  public TraceParent {
    if ((high | low) == 0 || span == 0) {
      throw new IllegalArgumentException("trace or span: 0 (expected: an id)");
    }
    flags &= SAMPLED | RANDOM;
  }

  /// Reads a header's value, less the white space around it.
  ///
  /// @return null where it is none: who reads it begins a trace of its own
  public static @Nullable TraceParent read(CharSequence text) {
    int length = text.length();
    if (length < CHARS || text.charAt(2) != '-' || text.charAt(35) != '-') {
      return null;
    }
    int version = octet(text, 0);
    int flags = octet(text, 53);
    boolean ends = length == CHARS || (version > 0 && text.charAt(CHARS) == '-');
    if (version < 0 || version == VERSION_INVALID || flags < 0 || !ends || text.charAt(52) != '-') {
      return null;
    }
    if (!hex(text, 3, 35) || !hex(text, 36, 52)) {
      return null;
    }
    long high = number(text, 3);
    long low = number(text, 19);
    long span = number(text, 36);
    if ((high | low) == 0 || span == 0) {
      return null;
    }
    // What the flags of a version mean that nobody knows yet, nobody knows: but for the first.
    return new TraceParent(high, low, span, version == 0 ? flags : flags & SAMPLED);
  }

  public boolean sampled() {
    return (flags & SAMPLED) != 0;
  }

  /// 32 hex digits.
  public String traceId() {
    char[] text = new char[32];
    write(high, text, 0);
    write(low, text, 16);
    return new String(text);
  }

  /// As it goes out: version 00.
  public String text() {
    char[] text = new char[CHARS];
    text[0] = '0';
    text[1] = '0';
    text[2] = '-';
    write(high, text, 3);
    write(low, text, 19);
    text[35] = '-';
    write(span, text, 36);
    text[52] = '-';
    text[53] = '0';
    text[54] = HEX.charAt(flags);
    return new String(text);
  }

  /// 16 hex digits.
  public static String id(long span) {
    char[] text = new char[16];
    write(span, text, 0);
    return new String(text);
  }

  private static void write(long value, char[] into, int at) {
    for (int i = 0; i < 16; i++) {
      into[at + i] = HEX.charAt((int) (value >>> (60 - 4 * i)) & 0xf);
    }
  }

  /// -1 where it is none.
  private static int octet(CharSequence text, int at) {
    int high = digit(text.charAt(at));
    int low = digit(text.charAt(at + 1));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static boolean hex(CharSequence text, int from, int to) {
    for (int at = from; at < to; at++) {
      if (digit(text.charAt(at)) < 0) {
        return false;
      }
    }
    return true;
  }

  /// 16 digits, all of which are hex.
  private static long number(CharSequence text, int from) {
    long value = 0;
    for (int at = from; at < from + 16; at++) {
      value = value << 4 | digit(text.charAt(at));
    }
    return value;
  }

  /// Lower case alone, as the standard has it; -1 for all else.
  private static int digit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  }
}
