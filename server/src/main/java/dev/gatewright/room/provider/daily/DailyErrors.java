package dev.gatewright.room.provider.daily;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.room.provider.Account;
import dev.gatewright.room.provider.ProviderErrors;
import dev.gatewright.room.provider.ProviderHttp;
import dev.gatewright.room.wire.RoomRefused;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Daily's errors: HTTP status and `{error, info}`.
public final class DailyErrors {
  private DailyErrors() {}

  static RoomRefused refused(Account account, ProviderHttp.Reply reply, @Nullable JsonNode answer) {
    String error = answer == null ? null : answer.path("error").asText(null);
    String info = answer == null ? null : answer.path("info").asText(null);
    int status = meaning(reply.status(), error, info);
    return ProviderErrors.refused(
        account,
        status,
        reply.status(),
        error,
        // The words about a refused credential may repeat it; those about a request do not.
        "invalid-request-error".equals(error) ? info : null,
        reply.retryAfterSeconds());
  }

  private static int meaning(int status, @Nullable String error, @Nullable String info) {
    if (error == null) {
      return status == 400 ? 422 : status;
    }
    return switch (error) {
      // Daily answers 400 when the header is not a key at all.
      case "authorization-header-error", "authentication-error" -> 401;
      case "forbidden-error" -> 403;
      case "not-found" -> 404;
      case "rate-limit-error" -> 429;
      case "invalid-request-error" ->
          info != null && info.toLowerCase(Locale.ROOT).contains("already exists") ? 409 : 422;
      default -> status == 400 ? 422 : status;
    };
  }
}
