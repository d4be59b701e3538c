package dev.gatewright.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/// Handlers that show what the edge gave them.
final class TestHandlers {
  private TestHandlers() {}

  /// Answers 200 with method, path and body: `POST /echo hello`.
  static void echo(Exchange exchange) {
    gather(exchange, 1 << 20);
  }

  static void gather(Exchange exchange, long bytesMax) {
    ByteBuf whole = Unpooled.buffer();
    exchange.receive(
        new BodyReceiver() {
          @Override
          public void data(ByteBuf part) {
            whole.writeBytes(part);
            part.release();
          }

          @Override
          public void end() {
            RequestHead head = exchange.request();
            String body = new String(ByteBufUtil.getBytes(whole), StandardCharsets.ISO_8859_1);
            text(exchange, 200, head.method() + " " + head.pathAndQuery() + " " + body);
          }

          @Override
          public void refused(Refusal refusal) {
            EdgeReply.refuse(exchange, refusal);
          }
        },
        bytesMax);
  }

  static void text(Exchange exchange, int status, String text) {
    ByteBuf body = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    exchange.reply(status, EdgeReply.newHeaders().set("content-type", "text/plain"), body);
  }
}
