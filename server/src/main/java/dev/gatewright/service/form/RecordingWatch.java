package dev.gatewright.service.form;

import dev.gatewright.call.tap.Measure;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/// Looks into a form that streams through until the recording's head has passed, to know how long
/// it is. Understands it or not: the form goes on. Confined to the exchange's event loop.
final class RecordingWatch implements MultipartScanner.Parts {
  private static final FastThreadLocal<byte[]> WINDOW =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[16 * 1024];
        }
      };

  private final Measure measure;
  private @Nullable MultipartScanner scanner;
  private @Nullable WavHeader wave;

  /// @param boundary null = no form anybody could look into
  RecordingWatch(@Nullable String boundary, Measure measure) {
    this.measure = measure;
    this.scanner = boundary == null ? null : new MultipartScanner(boundary, this);
  }

  /// Shows the readable bytes of `part`; its reader index stays.
  void watch(ByteBuf part) {
    byte[] window = WINDOW.get();
    int from = part.readerIndex();
    while (scanner != null && from < part.writerIndex()) {
      int length = Math.min(window.length, part.writerIndex() - from);
      part.getBytes(from, window, 0, length);
      from += length;
      if (!scanner.feed(window, 0, length)) {
        scanner = null;
      }
    }
  }

  @Override
  public void began(PartHeader header) {
    wave = header.file() ? new WavHeader() : null;
  }

  @Override
  public void data(byte[] bytes, int from, int to) {
    if (wave != null && !wave.take(bytes, from, to)) {
      ended();
    }
  }

  @Override
  public void ended() {
    if (wave != null) {
      measure.audioMillis(wave.millis());
      scanner = null;
      wave = null;
    }
  }
}
