package dev.gatewright.ledger;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/// Makes attempt ids: `att_` and a UUIDv7 in hex, so that ids sort by the time the attempt began.
/// Thread-safe.
///
/// The random part is SplitMix64 over a counter that starts at a secret place: no two ids of a
/// process are alike, and those of two processes are not either. Ids are names, not secrets.
public final class AttemptIds {
  /// What an attempt's id looks like.
  public static final String FORM = "att_[0-9a-f]{32}";

  static final String PREFIX = "att_";
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final AtomicLong counter = new AtomicLong(new SecureRandom().nextLong());

  public AttemptIds() {}

  public String next(long startedMillis) {
    long random = mix(counter.getAndAdd(GOLDEN));
    long high = startedMillis << 16 | 0x7000 | (random >>> 52);
    long low = 0x8000000000000000L | (random & 0x3fffffffffffffffL);
    return text(high, low);
  }

  /// The smallest id of an attempt that began at this time or later.
  public static String floor(long startedMillis) {
    return text(Math.max(0, startedMillis) << 16, 0);
  }

  private static String text(long high, long low) {
    byte[] text = new byte[PREFIX.length() + 32];
    text[0] = 'a';
    text[1] = 't';
    text[2] = 't';
    text[3] = '_';
    hex(high, text, 4);
    hex(low, text, 20);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private static void hex(long bits, byte[] into, int at) {
    for (int i = 0; i < 16; i++) {
      into[at + i] = HEX[(int) (bits >>> (60 - 4 * i)) & 15];
    }
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}
