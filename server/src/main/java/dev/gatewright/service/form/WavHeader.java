package dev.gatewright.service.form;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Reads how long a recording is from the head of a RIFF/WAVE file, gathered as it passes.
final class WavHeader {
  /// Behind so much of other chunks nobody looks for the sound.
  private static final int BYTES_MAX = 4 * 1024;

  private static final int RIFF = 0x46464952;
  private static final int WAVE = 0x45564157;
  private static final int FORMAT = 0x20746d66;
  private static final int DATA = 0x61746164;

  private final byte[] head = new byte[BYTES_MAX];
  private int length;

  /// Takes the file's next bytes; false when it needs no more.
  boolean take(byte[] bytes, int from, int to) {
    int more = Math.min(to - from, BYTES_MAX - length);
    System.arraycopy(bytes, from, head, length, more);
    length += more;
    return length < BYTES_MAX;
  }

  /// -1 when the head does not say, as of other kinds of file, or sound of unknown length.
  long millis() {
    ByteBuffer wave = ByteBuffer.wrap(head, 0, length).order(ByteOrder.LITTLE_ENDIAN);
    if (length < 12 || wave.getInt(0) != RIFF || wave.getInt(8) != WAVE) {
      return -1;
    }
    long bytesPerSecond = 0;
    long at = 12;
    while (at + 8 <= length) {
      int kind = wave.getInt((int) at);
      long size = Integer.toUnsignedLong(wave.getInt((int) at + 4));
      if (kind == DATA) {
        boolean known = bytesPerSecond > 0 && size > 0 && size < Integer.MAX_VALUE;
        return known ? size * 1_000 / bytesPerSecond : -1;
      }
      if (kind == FORMAT && at + 20 <= length) {
        bytesPerSecond = Integer.toUnsignedLong(wave.getInt((int) at + 16));
      }
      at += 8 + size + (size & 1);
    }
    return -1;
  }
}
