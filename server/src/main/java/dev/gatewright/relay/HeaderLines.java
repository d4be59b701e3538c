package dev.gatewright.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;

/// Header lines that stand in every request to some place, checked and written once. May hold a
/// credential, so it shows nothing of itself. Immutable.
public final class HeaderLines {
  public static final HeaderLines NONE = new HeaderLines(new byte[0]);

  private final byte[] bytes;

  private HeaderLines(byte[] bytes) {
    this.bytes = bytes;
  }

  /// @param headers without `host`, framing and hop-by-hop names: those are left out
  /// @throws IllegalArgumentException when a name or a value holds a character that may not be sent
  public static HeaderLines of(HttpHeaders headers) {
    ByteBuf out = Unpooled.buffer();
    if (!RequestWriter.lines(out, headers)) {
      throw new IllegalArgumentException("headers: a character that may not be sent");
    }
    return new HeaderLines(ByteBufUtil.getBytes(out));
  }

  void write(ByteBuf out) {
    out.writeBytes(bytes);
  }

  int length() {
    return bytes.length;
  }

  @Override
  public String toString() {
    return "***";
  }
}
