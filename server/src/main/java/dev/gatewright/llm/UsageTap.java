package dev.gatewright.llm;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;

/// Watches the bytes of an answer as they pass and reads its usage from them. Never changes, keeps
/// or takes over what it is shown. Confined to the call's event loop.
sealed interface UsageTap permits StreamTap, WholeTap, InflatingTap, UsageTap.Blind {
  /// Bytes are read in the heap, a window at a time.
  FastThreadLocal<byte[]> WINDOW =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[16 * 1024];
        }
      };

  void feed(byte[] part, int from, int to);

  /// The answer has ended, completely or not.
  void finish();

  /// Shows the readable bytes of `part` without moving its reader index.
  default void watch(ByteBuf part) {
    byte[] window = WINDOW.get();
    int from = part.readerIndex();
    int to = part.writerIndex();
    while (from < to) {
      int length = Math.min(window.length, to - from);
      part.getBytes(from, window, 0, length);
      feed(window, 0, length);
      from += length;
    }
  }

  /// Looks at nothing: the answer says nothing about usage.
  record Blind() implements UsageTap {
    @Override
    public void feed(byte[] part, int from, int to) {}

    @Override
    public void finish() {}
  }
}
