package dev.gatewright.service.answer;

import dev.gatewright.call.tap.ErrorText;
import dev.gatewright.edge.Refusal;
import dev.gatewright.service.backend.Service;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Answers of a backend that a caller must not get as they came, told by their head, and where that
/// says too little by their words.
public final class BackendFault {
  /// A model takes some seconds to load.
  private static final int LOADING_SECONDS = 5;

  private static final int RETRY_SECONDS_MAX = 3_600;

  private BackendFault() {}

  /// What the caller is told instead; null = the answer passes, unless its words say otherwise.
  public static @Nullable Refusal refusal(Service service, int status, HttpHeaders headers) {
    if (status == 401) {
      return notAccepted(service, status);
    }
    // whisper.cpp's own error handler makes a 404 of the 503 it answers while it loads.
    boolean loads = status == 404 && service.preset().id().equals("whisper-cpp");
    if (loads || (status == 503 && leaks(service))) {
      return busy(service, headers, "");
    }
    return leaks(service) && status >= 500
        ? Refusal.upstream("The service `%s` answered %d.".formatted(service.id(), status))
        : null;
  }

  /// Their 500 carries the text of an exception, paths and all.
  private static boolean leaks(Service service) {
    String preset = service.preset().id();
    return preset.equals("edge-tts") || preset.equals("a1111") || preset.equals("piper");
  }

  /// The body has to tell whether it is one of these.
  public static boolean doubtful(int status) {
    return status == 403 || status == 503;
  }

  /// The same, of a [doubtful][#doubtful(int)] answer.
  public static @Nullable Refusal refusal(
      Service service, int status, HttpHeaders headers, byte[] body, int length) {
    ErrorText text = new ErrorText(headers);
    text.feed(body, 0, length);
    text.finish();
    if (status == 403) {
      return text.refusesContent() ? null : notAccepted(service, status);
    }
    return busy(service, headers, text.words());
  }

  private static Refusal busy(Service service, HttpHeaders headers, String words) {
    return new Refusal(
        503,
        "api_error",
        "overloaded",
        "The service `%s` is loading its model or has too many calls; please try again%s"
            .formatted(service.id(), words.isEmpty() ? "." : " (it said: " + words + ")."),
        null,
        retryAfterSeconds(headers),
        true);
  }

  /// What a client's retries go by is kept, as the backend wrote it.
  public static HttpHeaders keepRetries(HttpHeaders received, HttpHeaders told) {
    String after = received.get(HttpHeaderNames.RETRY_AFTER);
    if (after != null && DateFormatter.parseHttpDate(after) != null) {
      told.set(HttpHeaderNames.RETRY_AFTER, after);
    }
    for (String name : List.of("retry-after-ms", "x-should-retry")) {
      String value = received.get(name);
      if (value != null) {
        told.set(name, value);
      }
    }
    return told;
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
