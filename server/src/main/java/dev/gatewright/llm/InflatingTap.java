package dev.gatewright.llm;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Inflates a compressed answer for another tap only; what the caller gets stays compressed. Gives
/// up on what does not look like an honest answer: a ratio above 20 is a bomb.
final class InflatingTap implements UsageTap {
  static final int RATIO_MAX = 20;

  /// Short answers may be inflated beyond the ratio: repetitive JSON often is.
  private static final int FREE_BYTES = 64 * 1024;

  private final UsageTap inner;
  private final boolean gzip;
  private final GzipHeader header = new GzipHeader();
  private final byte[] window = new byte[8 * 1024];
  private Inflater inflater;
  private long bytesIn;
  private long bytesOut;
  private boolean ended;

  InflatingTap(UsageTap inner, boolean gzip) {
    this.inner = inner;
    this.gzip = gzip;
    this.inflater = new Inflater(gzip);
  }

  @Override
  public void feed(byte[] part, int from, int to) {
    if (ended) {
      return;
    }
    bytesIn += to - from;
    int at = gzip ? header.skip(part, from, to) : from;
    if (header.broken()) {
      giveUp();
      return;
    }
    try {
      inflate(part, at, to);
    } catch (DataFormatException e) {
      giveUp();
    }
  }

  private void inflate(byte[] part, int from, int to) throws DataFormatException {
    if (from >= to) {
      return;
    }
    if (!gzip && bytesIn == to - from && (part[from] & 0x0f) != 8) {
      // Some servers send bare DEFLATE under the name "deflate"; zlib's header begins with 8.
      inflater.end();
      inflater = new Inflater(true);
    }
    inflater.setInput(part, from, to - from);
    while (!ended) {
      int length = inflater.inflate(window);
      if (length == 0) {
        break;
      }
      bytesOut += length;
      if (bytesOut > FREE_BYTES && bytesOut > RATIO_MAX * bytesIn) {
        giveUp();
        return;
      }
      inner.feed(window, 0, length);
    }
    if (inflater.finished()) {
      giveUp();
    }
  }

  private void giveUp() {
    ended = true;
    inflater.end();
  }

  @Override
  public void finish() {
    if (!ended) {
      giveUp();
    }
    inner.finish();
  }
}
