package dev.gatewright.call;

import io.netty.buffer.ByteBuf;

/// Follows the WebSocket frames of one direction by their heads (RFC 6455 §5.2), without holding or
/// changing any: where one frame ends, a frame of the gate's own may stand. Where the bytes are no
/// frames it is lost, for good, and says of no place that it is an end. Confined to one event loop.
final class FrameTrack {
  private static final int CLOSE = 8;
  private static final int CONTROL_BYTES_MAX = 125;

  /// Bytes of the head of which this many have come; 0 = between two frames, or in a payload.
  private int headBytes;

  private int opcode;
  private int lengthBytesLeft;
  private int maskBytesLeft;
  private long length;
  private long payloadLeft;
  private boolean lost;
  private boolean closeSeen;

  /// Looks at the readable bytes of `part`; its reader index stays.
  ///
  /// @return how many of them lie before the last end of a frame among them; 0 = none ends here
  int pass(ByteBuf part) {
    int from = part.readerIndex();
    int to = part.writerIndex();
    int at = from;
    int lastEnd = from;
    while (at < to && !lost) {
      if (payloadLeft > 0) {
        int step = (int) Math.min(payloadLeft, to - at);
        payloadLeft -= step;
        at += step;
      } else {
        head(part.getByte(at++) & 0xff);
      }
      if (betweenFrames()) {
        lastEnd = at;
      }
    }
    return lastEnd - from;
  }

  /// True where the last byte that came was the last of a frame, or none has come.
  boolean betweenFrames() {
    return !lost && headBytes == 0 && payloadLeft == 0;
  }

  /// A close frame has begun: nothing may follow it.
  boolean closeSeen() {
    return closeSeen;
  }

  private void head(int octet) {
    headBytes++;
    if (headBytes == 1) {
      opcode = octet & 0xf;
      closeSeen |= opcode == CLOSE;
    } else if (headBytes == 2) {
      int seven = octet & 0x7f;
      lengthBytesLeft = seven == 126 ? 2 : seven == 127 ? 8 : 0;
      maskBytesLeft = octet > 0x7f ? 4 : 0;
      length = lengthBytesLeft > 0 ? 0 : seven;
      lost = opcode >= CLOSE && seven > CONTROL_BYTES_MAX;
    } else if (lengthBytesLeft > 0) {
      length = length << 8 | octet;
      lengthBytesLeft--;
    } else {
      maskBytesLeft--;
    }
    if (headBytes >= 2 && lengthBytesLeft == 0 && maskBytesLeft == 0) {
      // A length of 64 bits whose first bit is set is none.
      lost |= length < 0;
      headBytes = 0;
      payloadLeft = length;
    }
  }
}
