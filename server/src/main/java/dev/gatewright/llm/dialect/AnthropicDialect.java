package dev.gatewright.llm.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatewright.edge.AnthropicError;
import dev.gatewright.edge.Refusal;
import dev.gatewright.limit.term.LimitHeaders;
import dev.gatewright.secret.Secret;
import io.netty.handler.codec.http.HttpHeaders;

/// Anthropic's forms (API reference of 2026): errors are an [AnthropicError]; the request's id
/// stands in `request-id`.
final class AnthropicDialect implements Dialect {
  private static final byte[] PING = "event: ping\ndata: {\"type\": \"ping\"}\n\n".getBytes(UTF_8);

  @Override
  public String id() {
    return "anthropic";
  }

  @Override
  public byte[] errorBody(Refusal refusal, String requestId) {
    return AnthropicError.body(refusal, requestId);
  }

  @Override
  public void answerHeaders(HttpHeaders headers, String requestId) {
    headers.set("request-id", requestId);
  }

  @Override
  public byte[] errorEvent(Endpoint endpoint, Refusal refusal, String requestId) {
    return Sse.event("error", AnthropicError.body(refusal, requestId));
  }

  @Override
  public byte[] keepalive() {
    return PING.clone();
  }

  @Override
  public LimitHeaders limitHeaders() {
    return LimitHeaders.ANTHROPIC;
  }

  @Override
  public void credential(HttpHeaders headers, Secret apiKey) {
    headers.set("x-api-key", apiKey.expose());
  }
}
