package dev.gatewright.llm;

import dev.gatewright.call.Ending;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.json.JsonKind;
import dev.gatewright.json.JsonShape;
import dev.gatewright.json.JsonWalker;
import dev.gatewright.ledger.Outcome.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// A provider's 4xx or 5xx. One with a JSON object passes as it came; anything else (a proxy's
/// HTML, an empty body, a broken one) is told in the caller's dialect: 429 as 429, all else as 502.
/// Confined to the call's event loop.
final class ErrorAnswer implements Answer {
  /// A validator may quote the whole input back.
  private static final int BODY_BYTES_MAX = 1024 * 1024;

  private final Exchange exchange;
  private final Dialect dialect;
  private final String provider;
  private final int status;
  private final HttpHeaders headers;
  private final JsonWalker walker =
      new JsonWalker(
          JsonShape.place(1), (_, at) -> this.object = at.kind() == JsonKind.OBJECT, false);
  private boolean object;
  private @Nullable ByteBuf body = ByteBufAllocator.DEFAULT.buffer();
  private boolean json;

  ErrorAnswer(
      Exchange exchange, Dialect dialect, String provider, int status, HttpHeaders headers) {
    this.exchange = exchange;
    this.dialect = dialect;
    this.provider = provider;
    this.status = status;
    this.headers = headers;
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
    this.json = type != null && type.contains("json");
  }

  @Override
  public void data(ByteBuf part) {
    if (body != null && json) {
      byte[] bytes = new byte[part.readableBytes()];
      part.readBytes(bytes);
      json = body.readableBytes() + bytes.length <= BODY_BYTES_MAX;
      json = json && (encoded() || walker.feed(bytes, 0, bytes.length));
      body.writeBytes(bytes);
    }
    part.release();
  }

  /// A compressed body cannot be looked into; its content type has to do.
  private boolean encoded() {
    return headers.contains(HttpHeaderNames.CONTENT_ENCODING);
  }

  @Override
  public void readComplete() {}

  @Override
  public void end() {
    ByteBuf whole = body;
    if (whole != null && json && (encoded() || (walker.finish() && object))) {
      body = null;
      exchange.access().reason("provider_" + status);
      exchange.head(status, headers, whole.readableBytes());
      exchange.write(whole);
      return;
    }
    release();
    LlmReply.refuse(exchange, dialect, unreadable());
  }

  private Refusal unreadable() {
    if (status == 429) {
      return Refusal.tooMany(
          "The provider `%s` answered 429.".formatted(provider), retryAfterSeconds());
    }
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
    return Refusal.upstream(
        "The provider `%s` answered %d with a body that is not its dialect's (content-type: %s)."
            .formatted(provider, status, type == null ? "none" : type));
  }

  private int retryAfterSeconds() {
    String value = headers.get(HttpHeaderNames.RETRY_AFTER, "");
    boolean seconds = value.length() <= 6 && value.chars().allMatch(c -> c >= '0' && c <= '9');
    return seconds && !value.isEmpty() ? Integer.parseInt(value) : 0;
  }

  @Override
  public void broken(Refusal refusal) {
    release();
    LlmReply.refuse(exchange, dialect, refusal);
  }

  @Override
  public void release() {
    if (body != null) {
      body.release();
      body = null;
    }
  }

  @Override
  public boolean begun() {
    return true;
  }

  @Override
  public Ending ending() {
    return Ending.COMPLETE;
  }

  @Override
  public Usage usage() {
    return Usage.NOTHING;
  }

  @Override
  public long outputTokens() {
    return 0;
  }
}
