package dev.gatewright.room.provider;

import dev.gatewright.room.wire.RoomProblem;
import dev.gatewright.room.wire.RoomRefused;
import dev.gatewright.secret.Secret;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Gives a provider's refusal the status that means the same here, and lets its words through only
/// where they are clean.
public final class ProviderErrors {
  private static final int TEXT_CHARACTERS_MAX = 300;

  /// Shorter credentials would match by chance.
  private static final int SECRET_CHARACTERS_MIN = 4;

  private static final Pattern PLAIN_WORD = Pattern.compile("[a-zA-Z0-9_-]{1,60}");

  /// What looks like a token or a long random value, wherever it stands.
  private static final Pattern TOKEN_LIKE = Pattern.compile("eyJ|[A-Za-z0-9_+/=-]{32,}");

  private ProviderErrors() {}

  /// @param status what the provider's answer means, as an HTTP status
  /// @param providerStatus what it answered over HTTP
  /// @param code the provider's name for the error; dropped unless a plain word
  /// @param text the provider's words, null where they are known not to be clean
  public static RoomRefused refused(
      Account account,
      int status,
      int providerStatus,
      @Nullable String code,
      @Nullable String text,
      int retryAfterSeconds) {
    String word = code != null && PLAIN_WORD.matcher(code).matches() ? code : null;
    RoomProblem problem =
        problem(account, status, clean(account, text))
            .from(account.provider())
            .answered(providerStatus, word);
    return new RoomRefused(
        problem.status() == 429 ? problem.retryAfter(Math.max(1, retryAfterSeconds)) : problem);
  }

  /// The provider answered something that is not in its own language.
  public static RoomRefused malformed(Account account, int providerStatus) {
    return new RoomRefused(
        RoomProblem.of(
                502,
                "api_error",
                "provider_malformed",
                "%s answered with something that is not its own JSON."
                    .formatted(account.provider()))
            .from(account.provider())
            .answered(providerStatus, null));
  }

  private static RoomProblem problem(Account account, int status, @Nullable String text) {
    String who = account.provider();
    String more = text == null ? "" : " It says: " + text;
    return switch (status) {
      case 401, 403 ->
          account.configured()
              ? RoomProblem.of(
                  502,
                  "api_error",
                  "upstream_auth",
                  "%s does not accept the credential configured at this gate.".formatted(who))
              : status == 401
                  ? RoomProblem.of(
                      401,
                      "authentication_error",
                      "provider_auth_failed",
                      "%s does not accept the credential in X-Provider-Auth.".formatted(who))
                  : RoomProblem.of(
                      403,
                      "permission_error",
                      "provider_forbidden",
                      "%s does not allow this with the credential in X-Provider-Auth."
                          .formatted(who));
      case 404 ->
          RoomProblem.of(
              404,
              "invalid_request_error",
              "not_found",
              "%s has no such room for this credential.".formatted(who));
      case 409 ->
          RoomProblem.of(
              409,
              "invalid_request_error",
              "room_exists",
              "%s already has a room of this name.".formatted(who));
      case 429 ->
          RoomProblem.of(
              429,
              "rate_limit_error",
              "provider_rate_limited",
              "%s limits how often this credential may call.".formatted(who));
      case 504 ->
          RoomProblem.of(
              504,
              "timeout_error",
              "timeout_provider",
              "%s did not answer in its own time.".formatted(who));
      default ->
          status >= 400 && status < 500
              ? RoomProblem.of(
                  422,
                  "invalid_request_error",
                  "provider_invalid_request",
                  "%s does not accept this request.%s".formatted(who, more))
              : RoomProblem.of(
                  502, "api_error", "provider_error", "%s failed on its side.".formatted(who));
    };
  }

  /// The provider's words, or null where they might show a secret.
  static @Nullable String clean(Account account, @Nullable String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    String shown =
        line.length() <= TEXT_CHARACTERS_MAX ? line : line.substring(0, TEXT_CHARACTERS_MAX);
    String lower = line.toLowerCase(Locale.ROOT);
    for (Secret secret : account.fields().values()) {
      String value = secret.expose().toLowerCase(Locale.ROOT);
      if (value.length() >= SECRET_CHARACTERS_MIN && lower.contains(value)) {
        return null;
      }
    }
    return lower.contains("rtmp") || TOKEN_LIKE.matcher(line).find() ? null : shown;
  }
}
