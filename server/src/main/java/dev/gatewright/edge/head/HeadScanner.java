package dev.gatewright.edge.head;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Finds the end of a request's head, wherever the network has cut it, and puts the whole head into
/// its loop's scratch bytes. Remembers how far it has looked, so that a head that comes byte by
/// byte is looked at once. Confined to one connection.
public final class HeadScanner {
  private static final int WINDOW_BYTES = 1024;

  /// The first byte of a TLS record that begins a handshake, and so of `https://` to a clear port.
  public static final byte TLS_HANDSHAKE = 0x16;

  private final byte[] scratch;
  private final int bytesMax;
  private int scanned;
  private int lineStart;
  private boolean crBefore;
  private @Nullable Rejection rejection;

  /// @param scratch shared by the connections of one loop, at least `bytesMax` long
  public HeadScanner(byte[] scratch, int bytesMax) {
    this.scratch = scratch;
    this.bytesMax = bytesMax;
  }

  /// Looks at what is new in `in`, without consuming it.
  ///
  /// @return length of the complete head, now in the scratch bytes; 0 when more is needed; -1 when
  ///   [#rejection()] says why it never will be one
  public int scan(ByteBuf in) {
    int begin = scanned;
    int readable = Math.min(in.readableBytes(), bytesMax);
    while (scanned < readable) {
      int end = Math.min(readable, scanned + WINDOW_BYTES);
      in.getBytes(in.readerIndex() + scanned, scratch, scanned, end - scanned);
      int found = scanWindow(begin, end);
      if (found != 0) {
        return complete(in, begin, found);
      }
    }
    return in.readableBytes() >= bytesMax ? fail(Rejection.HEAD_TOO_LARGE) : 0;
  }

  private int complete(ByteBuf in, int begin, int found) {
    if (found > 0) {
      in.getBytes(in.readerIndex(), scratch, 0, Math.min(begin, found));
      scanned = 0;
      lineStart = 0;
    }
    return found;
  }

  private int scanWindow(int begin, int end) {
    byte[] bytes = scratch;
    if (scanned == 0 && HeaderNames.fold(bytes[0]) == 0) {
      // No waiting for a line's end: this is TLS, a stray CR LF, or noise.
      return fail(bytes[0] == TLS_HANDSHAKE ? Rejection.TLS : Rejection.BAD_METHOD);
    }
    for (int i = scanned; i < end; i++) {
      if (bytes[i] != '\n') {
        continue;
      }
      boolean afterCr = i > begin ? bytes[i - 1] == '\r' : crBefore;
      if (!afterCr) {
        return fail(Rejection.BARE_LF);
      }
      if (i - lineStart == 1) {
        return i + 1;
      }
      lineStart = i + 1;
    }
    crBefore = bytes[end - 1] == '\r';
    scanned = end;
    return 0;
  }

  /// Why [#scan] said -1.
  public @Nullable Rejection rejection() {
    return rejection;
  }

  private int fail(Rejection why) {
    rejection = why;
    return -1;
  }
}
