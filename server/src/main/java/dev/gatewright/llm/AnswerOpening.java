package dev.gatewright.llm;

import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RequestHead;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the head of a provider's answer means for the caller: the headers that pass, and the
/// answers that must not pass at all.
final class AnswerOpening {
  private AnswerOpening() {}

  /// Only these pass: content type and encoding, `retry-after`, the provider's request id under our
  /// own name for it.
  ///
  /// @param changed paths of the fields the gate changed in the request
  static HttpHeaders headers(
      HttpHeaders received, Dialect dialect, RequestHead request, List<String> changed) {
    HttpHeaders headers = EdgeReply.newHeaders();
    pass(received, headers, HttpHeaderNames.CONTENT_TYPE);
    pass(received, headers, HttpHeaderNames.CONTENT_ENCODING);
    pass(received, headers, HttpHeaderNames.RETRY_AFTER);
    String id = received.get("x-request-id");
    id = id != null ? id : received.get("request-id");
    if (id != null) {
      headers.set("x-gatewright-upstream-request-id", id);
    }
    if (!changed.isEmpty()) {
      headers.set("x-gatewright-changed", String.join(", ", changed));
    }
    dialect.answerHeaders(headers, request.id());
    return headers;
  }

  private static void pass(HttpHeaders from, HttpHeaders to, CharSequence name) {
    String value = from.get(name);
    if (value != null) {
      to.set(name, value);
    }
  }

  /// Why an answer is not passed on by its head alone; null when it is.
  static @Nullable Refusal refusal(String provider, int status, HttpHeaders headers) {
    if (status == 401 || status == 403) {
      return new Refusal(
          502,
          "api_error",
          "upstream_auth",
          "The provider `%s` did not accept the gate's credential (it answered %d)."
              .formatted(provider, status),
          null,
          0,
          false);
    }
    if (status < 200 || (status >= 300 && status < 400)) {
      return Refusal.upstream(
          "The provider `%s` answered %d, which is no answer to a model call."
              .formatted(provider, status));
    }
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
    if (status < 300 && type != null && type.regionMatches(true, 0, "text/html", 0, 9)) {
      return Refusal.upstream(
          "The provider `%s` answered with a web page (expected: JSON or an event stream; is its base-url right?)."
              .formatted(provider));
    }
    return null;
  }
}
