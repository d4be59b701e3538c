package dev.gatewright.llm.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/// Server-sent events as we write them ourselves.
public final class Sse {
  public static final String CONTENT_TYPE = "text/event-stream";

  private Sse() {}

  /// One event, its data on one line.
  ///
  /// @param name the event's name; null = none
  static byte[] event(@Nullable String name, JsonNode data) {
    return event(name, Json.bytes(data));
  }

  static byte[] event(@Nullable String name, byte[] data) {
    ByteArrayOutputStream event = new ByteArrayOutputStream(data.length + 48);
    if (name != null) {
      event.writeBytes(("event: " + name + "\n").getBytes(UTF_8));
    }
    event.writeBytes("data: ".getBytes(UTF_8));
    event.writeBytes(data);
    event.writeBytes("\n\n".getBytes(UTF_8));
    return event.toByteArray();
  }

  public static boolean isStream(@Nullable String contentType) {
    return contentType != null
        && contentType.regionMatches(true, 0, CONTENT_TYPE, 0, CONTENT_TYPE.length());
  }
}
