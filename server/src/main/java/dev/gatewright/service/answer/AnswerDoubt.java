package dev.gatewright.service.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.call.sink.HeldSink;
import dev.gatewright.edge.Refusal;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.body.ServiceRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The body of an answer whose head does not tell whether it is an error, or which one: LM Studio
/// says 200 and `{"error":…}` for what it does not have, and a 403 may refuse the caller's words as
/// well as the gate's credential.
///
/// @param headers the backend's
public record AnswerDoubt(Service service, int status, HttpHeaders headers)
    implements HeldSink.Judge {
  /// Longer answers are no errors.
  public static final int BYTES_MAX = 4 * 1024;

  private static final int TEXT_CHARS_MAX = 500;
  private static final String UNKNOWN_PATH = "unexpected endpoint";
  private static final ObjectMapper JSON = new ObjectMapper();

  /// Null where the head says enough.
  ///
  /// @param bodyLength -1 = unknown
  public static @Nullable AnswerDoubt of(
      ServiceRequest request, int status, HttpHeaders headers, long bodyLength) {
    if (BackendFault.doubtful(status)) {
      return new AnswerDoubt(request.service(), status, headers);
    }
    boolean doubtful =
        request.service().preset().id().equals("lm-studio")
            && status == 200
            && bodyLength <= BYTES_MAX
            && !request.exchange().request().method().equals("HEAD")
            && !headers.contains(HttpHeaderNames.CONTENT_ENCODING)
            && headers
                .get(HttpHeaderNames.CONTENT_TYPE, "")
                .toLowerCase(Locale.ROOT)
                .startsWith("application/json");
    return doubtful ? new AnswerDoubt(request.service(), status, headers) : null;
  }

  @Override
  public @Nullable Refusal instead(ByteBuf whole) {
    byte[] held = ByteBufUtil.getBytes(whole);
    if (BackendFault.doubtful(status)) {
      return BackendFault.refusal(service, status, headers, held, held.length);
    }
    JsonNode error = error(held);
    boolean none = error.isMissingNode() || error.isNull();
    if (none || (error.isBoolean() && !error.booleanValue())) {
      return null;
    }
    String said = error.isTextual() ? error.asText() : error.path("message").asText();
    String text = said.substring(0, Math.min(said.length(), TEXT_CHARS_MAX));
    return text.toLowerCase(Locale.ROOT).startsWith(UNKNOWN_PATH)
        ? Refusal.notFound(
            "The service `%s` has nothing at this path: %s".formatted(service.id(), text))
        : Refusal.upstream(
            "The service `%s` answered 200 and an error: %s".formatted(service.id(), text));
  }

  private static JsonNode error(byte[] held) {
    try {
      return JSON.readTree(held).path("error");
    } catch (IOException notJson) {
      return JSON.missingNode();
    }
  }
}
