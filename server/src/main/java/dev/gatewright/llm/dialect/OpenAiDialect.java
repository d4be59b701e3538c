package dev.gatewright.llm.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.edge.Refusal;
import dev.gatewright.limit.term.LimitHeaders;
import dev.gatewright.secret.Secret;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/// OpenAI's forms (API reference of 2026): errors are `{error:{message,type,param,code}}`; a chat
/// stream carries the same object in a data event, a responses stream in an event named `error`.
final class OpenAiDialect implements Dialect {
  private static final byte[] KEEPALIVE = ": keepalive\n\n".getBytes(UTF_8);

  @Override
  public String id() {
    return "openai";
  }

  @Override
  public byte[] errorBody(Refusal refusal, String requestId) {
    ObjectNode body = Json.object();
    body.set("error", error(refusal));
    return Json.bytes(body);
  }

  private static ObjectNode error(Refusal refusal) {
    ObjectNode error =
        Json.object()
            .put("message", refusal.message())
            .put("type", refusal.type())
            .put("param", refusal.param())
            .put("code", refusal.code());
    return refusal.help() == null ? error : error.put("help", refusal.help());
  }

  @Override
  public void answerHeaders(HttpHeaders headers, String requestId) {}

  @Override
  public byte[] errorEvent(Endpoint endpoint, Refusal refusal, String requestId) {
    ObjectNode event = Json.object();
    if (endpoint == Endpoint.RESPONSES) {
      // The reference has the fields flat, the service sends them under `error` as well, and
      // clients look in either place.
      event.put("type", "error").put("code", refusal.code()).put("message", refusal.message());
      event.put("param", refusal.param());
    }
    event.set("error", error(refusal));
    return Sse.event(endpoint == Endpoint.RESPONSES ? "error" : null, event);
  }

  @Override
  public byte[] keepalive() {
    return KEEPALIVE.clone();
  }

  @Override
  public LimitHeaders limitHeaders() {
    return LimitHeaders.OPENAI;
  }

  @Override
  public void credential(HttpHeaders headers, Secret apiKey) {
    headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + apiKey.expose());
  }
}
