package dev.gatewright.edge;

import org.jspecify.annotations.Nullable;

/// An answer that says no, before a dialect has given it a form. The words never hold a secret.
///
/// @param status HTTP status
/// @param type the family of the error, as in DESIGN §4: `invalid_request_error`,
///   `authentication_error` …
/// @param code the exact error: `invalid_request`, `policy_denied`, `timeout_first_byte` …
/// @param message names the offending value and what was expected
/// @param param the field at fault, if one is
/// @param retryAfterSeconds for `Retry-After`; 0 = none
/// @param retryable false adds `x-should-retry: false`
public record Refusal(
    int status,
    String type,
    String code,
    String message,
    @Nullable String param,
    int retryAfterSeconds,
    boolean retryable) {
  /// How much of a value that is at fault its message shows.
  public static final int VALUE_CHARACTERS_MAX = 200;

  private static final int MESSAGE_CHARACTERS_MAX = 1_000;

  /// What another server said in its error may be longer than a value at fault.
  private static final int QUOTED_CHARACTERS_MAX = 4 * 1024;

  private static final String EXPECTED = " (expected: ";

  public Refusal {
    message = head(message, QUOTED_CHARACTERS_MAX);
    param = param == null ? null : shown(param);
  }

  /// A value as a message shows it: not longer than anybody reads.
  public static String shown(String value) {
    return head(value, VALUE_CHARACTERS_MAX);
  }

  /// A message nobody can make long: it is `value (expected: …)`, and the value is what a caller
  /// chooses.
  public static String brief(String message) {
    if (message.length() <= 2 * VALUE_CHARACTERS_MAX) {
      return message;
    }
    int expected = message.lastIndexOf(EXPECTED);
    return expected < 0
        ? head(message, 2 * VALUE_CHARACTERS_MAX)
        : head(
            shown(message.substring(0, expected)) + message.substring(expected),
            MESSAGE_CHARACTERS_MAX);
  }

  private static String head(String text, int charactersMax) {
    if (text.length() <= charactersMax) {
      return text;
    }
    int end =
        Character.isHighSurrogate(text.charAt(charactersMax - 1))
            ? charactersMax - 1
            : charactersMax;
    return text.substring(0, end) + "…";
  }

  public static Refusal invalid(String message) {
    return of(400, "invalid_request_error", "invalid_request", message);
  }

  public static Refusal invalid(String message, String param) {
    return new Refusal(
        400, "invalid_request_error", "invalid_request", brief(message), param, 0, true);
  }

  /// One uniform body for every reason a key is not accepted, so that nothing can be enumerated.
  public static Refusal badKey() {
    return of(
        401, "authentication_error", "invalid_api_key", "The API key is missing or not valid.");
  }

  public static Refusal denied(String message) {
    return new Refusal(403, "permission_error", "policy_denied", brief(message), null, 0, false);
  }

  public static Refusal notFound(String message) {
    return of(404, "invalid_request_error", "not_found", message);
  }

  public static Refusal modelNotFound(String message) {
    return new Refusal(
        404, "invalid_request_error", "model_not_found", brief(message), "model", 0, true);
  }

  public static Refusal methodNotAllowed(String message) {
    return of(405, "invalid_request_error", "method_not_allowed", message);
  }

  public static Refusal tooLarge(String message) {
    return of(413, "invalid_request_error", "body_too_large", message);
  }

  public static Refusal unsupportedMediaType(String message) {
    return of(415, "invalid_request_error", "unsupported_media_type", message);
  }

  public static Refusal tooMany(String message, int retryAfterSeconds) {
    return new Refusal(
        429,
        "rate_limit_error",
        "rate_limit_exceeded",
        brief(message),
        null,
        retryAfterSeconds,
        true);
  }

  public static Refusal upstream(String message) {
    return of(502, "api_error", "upstream_error", message);
  }

  public static Refusal overloaded(String message, int retryAfterSeconds) {
    return new Refusal(
        503, "api_error", "overloaded", brief(message), null, retryAfterSeconds, true);
  }

  /// @param phase `connect`, `send`, `first_byte`, `idle` …
  public static Refusal timeout(String phase, String message) {
    return of(504, "timeout_error", "timeout_" + phase, message);
  }

  public static Refusal of(int status, String type, String code, String message) {
    return new Refusal(status, type, code, brief(message), null, 0, true);
  }

  /// Words of another server, kept as they are up to 4,096 characters.
  public static Refusal quoting(int status, String type, String code, String message) {
    return new Refusal(status, type, code, message, null, 0, true);
  }
}
