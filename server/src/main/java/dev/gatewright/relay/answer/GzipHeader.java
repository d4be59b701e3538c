package dev.gatewright.relay.answer;

/// Steps over the header of a gzip member (RFC 1952), split at any byte.
final class GzipHeader {
  private static final int[] MAGIC = {0x1f, 0x8b, 8};
  private static final int FIXED_BYTES = 10;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int CHECKSUM = 2;

  private int fixed;
  private int flags;
  private int extraBytes;
  private int extraLengthBytes;
  private int left;
  private boolean broken;

  boolean broken() {
    return broken;
  }

  /// The index of the first byte behind the header, `to` while still in it.
  int skip(byte[] part, int from, int to) {
    int at = from;
    while (at < to && !broken && !done()) {
      step(part[at] & 0xff);
      at++;
    }
    return at;
  }

  private boolean done() {
    return fixed == FIXED_BYTES && flags == 0 && left == 0;
  }

  private void step(int b) {
    if (fixed < FIXED_BYTES) {
      broken = fixed < MAGIC.length && b != MAGIC[fixed];
      if (fixed == 3) {
        flags = b & (EXTRA | NAME | COMMENT | CHECKSUM);
      }
      fixed++;
    } else if (left > 0) {
      left--;
    } else if ((flags & EXTRA) != 0) {
      extraLength(b);
    } else if ((flags & NAME) != 0) {
      flags &= b == 0 ? ~NAME : ~0;
    } else if ((flags & COMMENT) != 0) {
      flags &= b == 0 ? ~COMMENT : ~0;
    } else {
      flags = 0;
      left = 1;
    }
  }

  private void extraLength(int b) {
    extraBytes |= b << (8 * extraLengthBytes);
    extraLengthBytes++;
    if (extraLengthBytes == 2) {
      flags &= ~EXTRA;
      left = extraBytes;
    }
  }
}
