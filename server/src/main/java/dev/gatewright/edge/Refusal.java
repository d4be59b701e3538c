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
/// @param help what can be done about it, a sentence; every 403 has one
public record Refusal(
    int status,
    String type,
    String code,
    String message,
    @Nullable String param,
    int retryAfterSeconds,
    boolean retryable,
    @Nullable String help) {
  /// How much of a value that is at fault its message shows.
  public static final int VALUE_CHARACTERS_MAX = 200;

  private static final int MESSAGE_CHARACTERS_MAX = 1_000;

  /// What another server said in its error may be longer than a value at fault.
  private static final int QUOTED_CHARACTERS_MAX = 4 * 1024;

  private static final String EXPECTED = " (expected: ";

  /// Of a 403 of our own that says nothing else, and of a provider's.
  private static final String WHO_DECIDES =
      "Owners and admins of the organization decide who may do this, by roles, by the key's kind and"
          + " by rules. To see what holds for a key: gatewright policy explain KEY_ID";

  private static final String PROVIDER_DECIDES =
      "The provider refuses it; what the credential may do is decided in its account there.";

  public Refusal {
    message = head(message, QUOTED_CHARACTERS_MAX);
    param = param == null ? null : shown(param);
    help = help == null ? helpOf(status, code) : head(help, MESSAGE_CHARACTERS_MAX);
  }

  private static @Nullable String helpOf(int status, String code) {
    if (status != 403) {
      return null;
    }
    return code.equals("policy_denied") ? WHO_DECIDES : PROVIDER_DECIDES;
  }

  /// One that has nothing of its own to say about help.
  public Refusal(
      int status,
      String type,
      String code,
      String message,
      @Nullable String param,
      int retryAfterSeconds,
      boolean retryable) {
    this(status, type, code, message, param, retryAfterSeconds, retryable, null);
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

  /// @param help which rule it is, who can change it, how to ask for more
  public static Refusal denied(String message, String help) {
    return new Refusal(
        403, "permission_error", "policy_denied", brief(message), null, 0, false, help);
  }

  /// The same with another word about what can be done.
  public Refusal helped(String help) {
    return new Refusal(status, type, code, message, param, retryAfterSeconds, retryable, help);
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
