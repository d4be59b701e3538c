package dev.gatewright.edge;

import dev.gatewright.json.JsonBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/// Short answers in the plain dialect, used wherever no provider's dialect applies:
/// `{"error":{"type","code","message","param","request_id"}}`, and in that of rooms at their paths.
/// On the exchange's event loop.
public final class EdgeReply {
  private static final String JSON = "application/json";

  private EdgeReply() {}

  /// Answers with a refusal and notes its code as the reason in the access log, unless a handler
  /// has given a better one.
  public static void refuse(Exchange exchange, Refusal refusal) {
    refuse(exchange, refusal, headers(refusal));
  }

  public static void refuse(Exchange exchange, Refusal refusal, HttpHeaders headers) {
    if (exchange.access().reason() == null) {
      exchange.access().reason(refusal.code());
    }
    RequestHead request = exchange.request();
    byte[] body =
        RoomError.speaksAt(request.path())
            ? RoomError.body(refusal, request.id())
            : plain(refusal, request.id());
    exchange.reply(refusal.status(), headers, Unpooled.wrappedBuffer(body));
  }

  /// A JSON body of our own making.
  public static void json(Exchange exchange, int status, String json) {
    ByteBuf body = Unpooled.wrappedBuffer(json.getBytes(StandardCharsets.UTF_8));
    exchange.reply(status, newHeaders().set("content-type", JSON), body);
  }

  /// The headers that go with a refusal in every dialect: `content-type`, `retry-after`,
  /// `x-should-retry`, and for a 401 the scheme that would do, for a 426 the protocol.
  public static HttpHeaders headers(Refusal refusal) {
    HttpHeaders headers = newHeaders().set("content-type", JSON);
    if (refusal.status() == 401) {
      headers.set("www-authenticate", "Bearer");
    }
    if (refusal.status() == WebSocketHandshake.UPGRADE_REQUIRED) {
      headers.set("upgrade", "websocket").set("sec-websocket-version", WebSocketHandshake.VERSION);
    }
    if (refusal.retryAfterSeconds() > 0) {
      headers.set("retry-after", Integer.toString(refusal.retryAfterSeconds()));
    }
    if (!refusal.retryable()) {
      headers.set("x-should-retry", "false");
    }
    return headers;
  }

  /// Empty headers without Netty's own validation: the edge writes names and values so that neither
  /// can break out of its line.
  public static HttpHeaders newHeaders() {
    return DefaultHttpHeadersFactory.headersFactory().withValidation(false).newEmptyHeaders();
  }

  /// The plain dialect's body.
  public static byte[] plain(Refusal refusal, String requestId) {
    return new JsonBytes(256)
        .raw("{\"error\":{\"type\":")
        .string(refusal.type())
        .raw(",\"code\":")
        .string(refusal.code())
        .raw(",\"message\":")
        .string(refusal.message())
        .raw(",\"param\":")
        .string(refusal.param())
        .raw(",\"request_id\":")
        .string(requestId)
        .optional(",\"help\":", refusal.help())
        .raw("}}")
        .toArray();
  }
}
