package dev.gatewright.relay.answer;

import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// Inflates a compressed answer for whoever reads along; what the caller gets stays compressed.
/// Gives up on what does not look like an honest answer: a ratio above 20 is a bomb. Confined to
/// the call's event loop; holds native memory until [#end()].
public final class AnswerInflater {
  static final int RATIO_MAX = 20;

  /// Short answers may be inflated beyond the ratio: repetitive JSON often is.
  private static final int FREE_BYTES = 64 * 1024;

  /// Who reads what was inflated, piece by piece.
  @FunctionalInterface
  public interface Reader {
    void read(byte[] part, int from, int to);
  }

  private final Reader reader;
  private final boolean gzip;
  private final GzipHeader header = new GzipHeader();
  private final byte[] window = new byte[8 * 1024];
  private Inflater inflater;
  private long bytesIn;
  private long bytesOut;
  private boolean ended;
  private boolean broken;

  private AnswerInflater(boolean gzip, Reader reader) {
    this.reader = reader;
    this.gzip = gzip;
    this.inflater = new Inflater(gzip);
  }

  /// True where an answer's bytes are as they are meant.
  ///
  /// @param encoding of `content-encoding`; null = there is none
  public static boolean plain(@Nullable String encoding) {
    return encoding == null || encoding.equalsIgnoreCase("identity");
  }

  /// Null for an encoding that cannot be read.
  public static @Nullable AnswerInflater of(String encoding, Reader reader) {
    return switch (encoding.toLowerCase(Locale.ROOT)) {
      case "gzip", "x-gzip" -> new AnswerInflater(true, reader);
      case "deflate" -> new AnswerInflater(false, reader);
      default -> null;
    };
  }

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

  /// It turned out to be no honest answer in this encoding; what came since was not read.
  public boolean broken() {
    return broken;
  }

  private void giveUp() {
    broken = true;
    end();
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
      reader.read(window, 0, length);
    }
    if (inflater.finished()) {
      end();
    }
  }

  /// Nothing more is read. May be called again.
  public void end() {
    ended = true;
    inflater.end();
  }
}
