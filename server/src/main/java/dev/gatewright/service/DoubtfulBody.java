package dev.gatewright.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.edge.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The body of an answer whose head does not tell whether it is an error, or which one: LM Studio
/// says 200 and `{"error":…}` for what it does not have, and a 403 may refuse the caller's words as
/// well as the gate's credential. It is held until it is too long for an error, or whole. Confined
/// to the call's event loop.
final class DoubtfulBody {
  /// Longer answers are no errors.
  static final int BYTES_MAX = 4 * 1024;

  private static final int TEXT_CHARS_MAX = 500;
  private static final String UNKNOWN_PATH = "unexpected endpoint";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final byte[] held = new byte[BYTES_MAX];
  private int length;

  private final int status;
  private final HttpHeaders headers;

  private DoubtfulBody(int status, HttpHeaders headers) {
    this.status = status;
    this.headers = headers;
  }

  /// Null where the head says enough.
  ///
  /// @param bodyLength -1 = unknown
  static @Nullable DoubtfulBody of(
      ServiceRequest request, int status, HttpHeaders headers, long bodyLength) {
    if (BackendFault.doubtful(status)) {
      return new DoubtfulBody(status, headers);
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
    return doubtful ? new DoubtfulBody(status, headers) : null;
  }

  /// Takes `part` over.
  ///
  /// @return all that was held and `part`, once that is too long for an error; null before
  @Nullable ByteBuf take(ByteBuf part) {
    if (part.readableBytes() > held.length - length) {
      return length == 0 ? part : Unpooled.wrappedBuffer(whole(), part);
    }
    int more = part.readableBytes();
    part.readBytes(held, length, more);
    part.release();
    length += more;
    return null;
  }

  /// What is held so far, as a view.
  ByteBuf whole() {
    return Unpooled.wrappedBuffer(held, 0, length);
  }

  /// What the caller is told instead of the whole answer; null = it is no error.
  @Nullable Refusal refusal(Service service) {
    if (BackendFault.doubtful(status)) {
      return BackendFault.refusal(service, status, headers, held, length);
    }
    JsonNode error = error();
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

  private JsonNode error() {
    try {
      return JSON.readTree(held, 0, length).path("error");
    } catch (IOException notJson) {
      return JSON.missingNode();
    }
  }
}
