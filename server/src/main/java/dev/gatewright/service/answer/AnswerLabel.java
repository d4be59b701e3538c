package dev.gatewright.service.answer;

import dev.gatewright.service.body.ServiceRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What an answer says it is, put right where a backend is known to say it wrongly.
public final class AnswerLabel {
  private AnswerLabel() {}

  /// whisper-asr calls every answer `text/plain`, also the JSON it was asked for.
  ///
  /// @param headers for the caller
  public static void correct(ServiceRequest request, HttpHeaders headers) {
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT);
    if (request.service().preset().id().equals("whisper-asr")
        && type.startsWith("text/plain")
        && asksJson(request.exchange().request().query())) {
      headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
    }
  }

  /// Of several values the last one counts, as it does there. The edge lets no broken escape pass.
  private static boolean asksJson(@Nullable String query) {
    List<String> outputs =
        query == null
            ? List.of()
            : new QueryStringDecoder(query, false).parameters().getOrDefault("output", List.of());
    return !outputs.isEmpty() && outputs.getLast().equals("json");
  }
}
