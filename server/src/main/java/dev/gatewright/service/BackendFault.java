package dev.gatewright.service;

import dev.gatewright.edge.Refusal;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// Answers of a backend that a caller must not get as they came, told by their head alone.
final class BackendFault {
  /// A model takes some seconds to load.
  private static final int LOADING_SECONDS = 5;

  private static final int RETRY_SECONDS_MAX = 3_600;

  private BackendFault() {}

  /// What the caller is told instead; null = the answer passes.
  static @Nullable Refusal refusal(Service service, int status, HttpHeaders headers) {
    String preset = service.preset().id();
    if (status == 401 || status == 403) {
      return notAccepted(service, status);
    }
    // whisper.cpp's own error handler makes a 404 of the 503 it answers while it loads.
    if (status == 503 || (status == 404 && preset.equals("whisper-cpp"))) {
      return Refusal.overloaded(
          "The service `%s` is loading its model or has too many calls; please try again."
              .formatted(service.id()),
          retryAfterSeconds(headers));
    }
    // Their 500 carries the text of an exception, paths and all.
    boolean leaks = preset.equals("edge-tts") || preset.equals("a1111") || preset.equals("piper");
    return leaks && status >= 500
        ? Refusal.upstream("The service `%s` answered %d.".formatted(service.id(), status))
        : null;
  }

  /// The caller must not think that the own key was meant.
  private static Refusal notAccepted(Service service, int status) {
    return new Refusal(
        502,
        "api_error",
        "upstream_auth",
        "The service `%s` did not accept the gate's credential (it answered %d)."
            .formatted(service.id(), status),
        null,
        0,
        false);
  }

  private static int retryAfterSeconds(HttpHeaders headers) {
    String value = headers.get(HttpHeaderNames.RETRY_AFTER, "");
    return value.matches("[1-9][0-9]{0,5}")
        ? Math.min(Integer.parseInt(value), RETRY_SECONDS_MAX)
        : LOADING_SECONDS;
  }
}
