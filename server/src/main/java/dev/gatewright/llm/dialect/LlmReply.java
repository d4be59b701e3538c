package dev.gatewright.llm.dialect;

import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Short answers of our own in a caller's dialect. On the exchange's event loop.
public final class LlmReply {
  private LlmReply() {}

  /// Answers with a refusal, and notes its code in the access log unless a better reason stands
  /// there already.
  public static void refuse(Exchange exchange, Dialect dialect, Refusal refusal) {
    refuse(exchange, dialect, refusal, EdgeReply.headers(refusal));
  }

  /// @param headers of the refusal, and whatever else goes with it
  public static void refuse(
      Exchange exchange, Dialect dialect, Refusal refusal, HttpHeaders headers) {
    write(exchange, dialect, refusal, headers);
    exchange.finish();
  }

  /// The same with one more member beside the dialect's own.
  ///
  /// @param json its value, ASCII
  public static void refuse(
      Exchange exchange, Dialect dialect, Refusal refusal, String member, String json) {
    byte[] body = dialect.errorBody(refusal, exchange.request().id());
    byte[] more = ",\"%s\":%s}".formatted(member, json).getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(body, body.length - 1 + more.length);
    System.arraycopy(more, 0, all, body.length - 1, more.length);
    write(exchange, dialect, refusal, EdgeReply.headers(refusal), all);
    exchange.finish();
  }

  /// The same, but for the exchange's end.
  public static void write(
      Exchange exchange, Dialect dialect, Refusal refusal, HttpHeaders headers) {
    byte[] body = dialect.errorBody(refusal, exchange.request().id());
    write(exchange, dialect, refusal, headers, body);
  }

  private static void write(
      Exchange exchange, Dialect dialect, Refusal refusal, HttpHeaders headers, byte[] body) {
    if (exchange.access().reason() == null) {
      exchange.access().reason(refusal.code());
    }
    dialect.answerHeaders(headers, exchange.request().id());
    if (refusal.status() == 401) {
      headers.set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
    }
    exchange.head(refusal.status(), headers, body.length);
    exchange.write(Unpooled.wrappedBuffer(body));
  }

  public static void json(Exchange exchange, Dialect dialect, HttpHeaders headers, byte[] body) {
    headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
    dialect.answerHeaders(headers, exchange.request().id());
    exchange.reply(200, headers, Unpooled.wrappedBuffer(body));
  }
}
