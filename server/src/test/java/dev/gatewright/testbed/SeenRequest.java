package dev.gatewright.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One request as the fake provider got it: the ground truth other records are compared with.
///
/// @param number counts all requests of this provider from 1, in order of arrival
/// @param ordinalOnConnection 1 for the first request of a connection
/// @param headers name and value as they came, in order
/// @param body the exact bytes, without chunk framing
/// @param receivedNanos `System.nanoTime()` when the last byte was read
/// @param connection what it came on
@SuppressWarnings("ArrayRecordComponent") // The bytes are the point; nobody compares these records.
public record SeenRequest(
    int number,
    int ordinalOnConnection,
    String method,
    String target,
    List<Header> headers,
    byte[] body,
    long receivedNanos,
    FakeConnection connection) {
  private static final ObjectMapper JSON = new ObjectMapper();

  record Header(String name, String value) {}

  String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /// The first header of that name in any letter case.
  @Nullable String header(String name) {
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase(name)) {
        return header.value();
      }
    }
    return null;
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  JsonNode json() {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean stream() {
    return body.length > 0 && json().path("stream").asBoolean(false);
  }

  /// Completes with `System.nanoTime()` of the moment the gate's end of the connection closed.
  CompletableFuture<Long> closed() {
    return connection.closed();
  }
}
