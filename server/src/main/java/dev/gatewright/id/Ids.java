package dev.gatewright.id;

import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/// Ids that sort by time: a prefix and a UUIDv7 (RFC 9562 §5.7) as 32 hex digits without dashes.
/// Strictly increasing within this process unless the clock is set back by more than a minute (then
/// it is believed, lest ids stay in a wrong future); the last 62 bits cannot be guessed.
/// Thread-safe, and cheap enough for one a request: random bytes are drawn in blocks.
public final class Ids {
  private static final int BLOCK_BYTES = 4096;
  private static final int RANDOM_BYTES = 8;
  private static final long BACKWARD_MAX = 60_000L << 12;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /// Milliseconds in the upper bits, the twelve bits of `rand_a` as a counter below.
  private static final AtomicLong LAST = new AtomicLong();

  private static final FastThreadLocal<Pool> POOL =
      new FastThreadLocal<>() {
        @Override
        protected Pool initialValue() {
          return new Pool();
        }
      };

  private Ids() {}

  /// A request's id.
  public static String request(long millis) {
    return uuid7("req_", millis);
  }

  /// `prefix` and a UUIDv7 for this moment.
  ///
  /// @param millis wall clock, epoch milliseconds
  public static String uuid7(String prefix, long millis) {
    long stamp = LAST.updateAndGet(last -> stampAfter(last, millis << 12));
    long upper = (stamp >>> 12) << 16 | 0x7000 | (stamp & 0xfff);
    long lower = (POOL.get().next() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    int start = prefix.length();
    byte[] text = new byte[start + 32];
    for (int i = 0; i < start; i++) {
      text[i] = (byte) prefix.charAt(i);
    }
    hex(upper, text, start);
    hex(lower, text, start + 16);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private static long stampAfter(long last, long now) {
    return last - now > BACKWARD_MAX ? now : Math.max(last + 1, now);
  }

  private static void hex(long value, byte[] into, int at) {
    for (int i = 0; i < 16; i++) {
      into[at + i] = HEX[(int) (value >>> (60 - 4 * i)) & 0xf];
    }
  }

  /// Random bytes of one thread, refilled a block at a time.
  private static final class Pool {
    private final SecureRandom random = new SecureRandom();
    private final byte[] block = new byte[BLOCK_BYTES];
    private int next = BLOCK_BYTES;

    long next() {
      if (next == BLOCK_BYTES) {
        random.nextBytes(block);
        next = 0;
      }
      long value = 0;
      for (int i = 0; i < RANDOM_BYTES; i++) {
        value = value << 8 | (block[next + i] & 0xff);
      }
      next += RANDOM_BYTES;
      return value;
    }
  }
}
