package dev.gatewright.rest;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a route's handler answers.
///
/// @param body written as JSON; bytes and streams as they are; a [Streaming] writes by itself; null
///   = none
/// @param headers names in lower case
/// @param repeated what a repeat of the same create is answered, later: the body without what is
///   shown once
/// @param cookies values of `set-cookie`; a repeat gets none
public record Answer(
    int status,
    @Nullable Object body,
    Map<String, String> headers,
    @Nullable Object repeated,
    List<String> cookies) {
  /// A body that comes bit by bit, for as long as it takes, on the request's own thread.
  @FunctionalInterface
  public interface Streaming {
    /// Writes all of it; what is to leave now is flushed. Returns when it is whole.
    ///
    /// @throws IOException when nobody reads it any more
    void write(OutputStream out) throws IOException;
  }

  public Answer {
    headers = Map.copyOf(headers);
    cookies = List.copyOf(cookies);
  }

  public Answer(int status, @Nullable Object body, Map<String, String> headers) {
    this(status, body, headers, body, List.of());
  }

  public static Answer ok(Object body) {
    return new Answer(200, body, Map.of());
  }

  /// @param contentType such as `text/event-stream`
  public static Answer streaming(String contentType, Streaming body) {
    return new Answer(200, body, Map.of("content-type", contentType));
  }

  public static Answer created(Object body) {
    return new Answer(201, body, Map.of());
  }

  public static Answer empty() {
    return new Answer(204, null, Map.of());
  }

  /// `{"data":[…],"next_cursor":…}`
  ///
  /// @param cursor null = this page is the last
  public static Answer page(List<?> data, @Nullable String cursor) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("data", data);
    body.put("next_cursor", cursor);
    return ok(body);
  }

  public Answer with(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putAll(more);
    return new Answer(status, body, all, repeated, cookies);
  }

  /// The same with these cookies beside those it sets.
  public Answer cookies(String... more) {
    List<String> all = new ArrayList<>(cookies);
    all.addAll(List.of(more));
    return new Answer(status, body, headers, repeated, all);
  }

  /// The same, where what is shown once is left out of what a repeat gets.
  public Answer repeatedAs(Object withoutSecret) {
    return new Answer(status, body, headers, withoutSecret, cookies);
  }

  /// @param tag from [ETag]
  public Answer tagged(String tag) {
    return with(Map.of("etag", tag));
  }
}
