package dev.gatewright.llm.provider;

import dev.gatewright.call.Ending;
import dev.gatewright.credential.Credential;
import dev.gatewright.credential.Payer;
import dev.gatewright.edge.Refusal;
import org.jspecify.annotations.Nullable;

/// How a provider's failure is told: its status, in words of the caller's dialect.
public final class ProviderFailure {
  private ProviderFailure() {}

  /// What is told in place of an answer that says of itself that it is none, or lacks its end; null
  /// where it is whole.
  public static @Nullable Refusal refusal(String provider, Payer.Found payer, Ending ending) {
    return switch (ending) {
      case Ending.Complete() -> null;
      case Ending.Unfinished() ->
          Refusal.upstream(
              "The provider `%s` ended its answer before it was complete.".formatted(provider));
      case Ending.Failed(String reason, int status)
          when (status == 401 || status == 403) && !(payer instanceof Payer.Brought) ->
          credential(provider, payer, "answered 200 and an error: " + reason);
      case Ending.Failed(String reason, int status) ->
          of(status, "The provider `%s` answered 200 and an error: %s".formatted(provider, reason));
    };
  }

  /// The caller must not think that the own key was meant.
  ///
  /// @param how it was refused
  static Refusal credential(String provider, Payer.Found payer, String how) {
    String whose =
        switch (payer) {
          case Payer.Stored(Credential stored) -> "the credential `" + stored.id() + "`";
          case Payer.Configured _, Payer.Brought _ -> "the gate's credential";
        };
    return new Refusal(
        502,
        "api_error",
        "upstream_auth",
        "The provider `%s` did not accept %s (it %s).".formatted(provider, whose, how),
        null,
        0,
        false);
  }

  /// A status of the provider's, with the type and the code that go with it.
  static Refusal of(int status, String message) {
    return switch (status) {
      case 401 -> told(status, "authentication_error", "provider_auth_failed", message);
      case 402 -> told(status, "insufficient_quota", "insufficient_quota", message);
      case 403 -> told(status, "permission_error", "permission_denied", message);
      case 404 -> told(status, "invalid_request_error", "not_found", message);
      case 408, 504 -> told(status, "timeout_error", "upstream_timeout", message);
      case 413 -> told(status, "invalid_request_error", "body_too_large", message);
      case 429 -> told(status, "rate_limit_error", "rate_limit_exceeded", message);
      case 503, 529 -> told(status, "api_error", "overloaded", message);
      default ->
          status < 500
              ? told(status, "invalid_request_error", "invalid_request", message)
              : told(status, "api_error", "upstream_error", message);
    };
  }

  private static Refusal told(int status, String type, String code, String message) {
    return Refusal.quoting(status, type, code, message);
  }
}
