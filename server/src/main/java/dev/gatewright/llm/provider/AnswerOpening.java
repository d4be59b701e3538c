package dev.gatewright.llm.provider;

import dev.gatewright.credential.Payer;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RequestHead;
import dev.gatewright.llm.dialect.Dialect;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the head of a provider's answer means for the caller: the headers that pass, and the
/// answers that must not pass at all.
public final class AnswerOpening {
  private static final AsciiString RETRY_AFTER_MS = AsciiString.cached("retry-after-ms");
  private static final AsciiString SHOULD_RETRY = AsciiString.cached("x-should-retry");
  private static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");
  private static final AsciiString PLAIN_REQUEST_ID = AsciiString.cached("request-id");
  private static final AsciiString UPSTREAM_ID =
      AsciiString.cached("x-gatewright-upstream-request-id");

  private AnswerOpening() {}

  /// Only these pass: content type and encoding, what a client's retries go by, the provider's
  /// request id under our own name for it. A provider's rate limits are those of the gate's
  /// credential, which many callers share: no caller could make anything of them.
  ///
  /// @param changed paths of the fields the gate changed in the request
  public static HttpHeaders headers(
      HttpHeaders received, Dialect dialect, RequestHead request, List<String> changed) {
    HttpHeaders headers = EdgeReply.newHeaders();
    pass(received, headers, HttpHeaderNames.CONTENT_TYPE);
    pass(received, headers, HttpHeaderNames.CONTENT_ENCODING);
    pass(received, headers, HttpHeaderNames.RETRY_AFTER);
    pass(received, headers, RETRY_AFTER_MS);
    pass(received, headers, SHOULD_RETRY);
    String id = received.get(REQUEST_ID);
    id = id != null ? id : received.get(PLAIN_REQUEST_ID);
    if (id != null) {
      headers.add(UPSTREAM_ID, id);
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
      to.add(name, value);
    }
  }

  /// Why an answer is not passed on by its head alone; null when it is.
  public static @Nullable Refusal refusal(String provider, Payer.Found payer, int status) {
    if (status == 401 && !(payer instanceof Payer.Brought)) {
      return ProviderFailure.credential(provider, payer, "answered 401");
    }
    if (status < 200 || (status >= 300 && status < 400)) {
      return Refusal.upstream(
          "The provider `%s` answered %d, which is no answer to a model call."
              .formatted(provider, status));
    }
    return null;
  }
}
