package dev.gatewright.llm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.edge.Refusal;
import dev.gatewright.secret.Secret;
import io.netty.handler.codec.http.HttpHeaders;

/// Anthropic's forms (API reference of 2026): errors are `{type:"error",error:{type,message},
/// request_id}` with types of their own by status; the request's id stands in `request-id`.
final class AnthropicDialect implements Dialect {
  private static final byte[] PING = "event: ping\ndata: {\"type\": \"ping\"}\n\n".getBytes(UTF_8);

  @Override
  public String id() {
    return "anthropic";
  }

  @Override
  public byte[] errorBody(Refusal refusal, String requestId) {
    return Json.bytes(error(refusal, requestId));
  }

  private static ObjectNode error(Refusal refusal, String requestId) {
    ObjectNode body = Json.object().put("type", "error");
    body.putObject("error").put("type", type(refusal)).put("message", refusal.message());
    return body.put("request_id", requestId);
  }

  private static String type(Refusal refusal) {
    return switch (refusal.status()) {
      case 401 -> "authentication_error";
      case 402 -> "billing_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 503, 529 -> "overloaded_error";
      case 504 -> "timeout_error";
      default -> refusal.status() < 500 ? "invalid_request_error" : "api_error";
    };
  }

  @Override
  public void answerHeaders(HttpHeaders headers, String requestId) {
    headers.set("request-id", requestId);
  }

  @Override
  public byte[] errorEvent(Endpoint endpoint, Refusal refusal, String requestId) {
    return Sse.event("error", error(refusal, requestId));
  }

  @Override
  public byte[] keepalive() {
    return PING.clone();
  }

  @Override
  public void credential(HttpHeaders headers, Secret apiKey) {
    headers.set("x-api-key", apiKey.expose());
  }
}
