package dev.gatewright.call;

import dev.gatewright.edge.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/// Why the gate ends a socket, and the frame that says so (RFC 6455 §5.5.1, §7.4).
enum CloseFrame {
  /// The process stops, or nothing has passed for too long.
  GOING_AWAY(1001, "going away"),
  /// The key is no longer good.
  KEY_ENDED(1008, "the key is no longer valid");

  private static final int CLOSE_LAST = 0x88;
  private static final int MASKED = 0x80;

  private final int code;
  private final String reason;

  CloseFrame(int code, String reason) {
    this.code = code;
    this.reason = reason;
  }

  /// The one that tells a caller of this.
  static CloseFrame of(Refusal why) {
    return why.status() == 401 ? KEY_ENDED : GOING_AWAY;
  }

  /// As a server sends it.
  ByteBuf toCaller() {
    byte[] text = reason.getBytes(StandardCharsets.US_ASCII);
    return Unpooled.buffer(4 + text.length)
        .writeByte(CLOSE_LAST)
        .writeByte(2 + text.length)
        .writeShort(code)
        .writeBytes(text);
  }

  /// As a client sends it; to the backend a caller has always gone away.
  static ByteBuf toBackend() {
    int mask = ThreadLocalRandom.current().nextInt();
    return Unpooled.buffer(8)
        .writeByte(CLOSE_LAST)
        .writeByte(MASKED | 2)
        .writeInt(mask)
        .writeShort(GOING_AWAY.code ^ mask >>> 16);
  }
}
