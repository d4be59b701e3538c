package dev.gatewright.room.provider.livekit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.room.provider.Account;
import dev.gatewright.room.provider.ProviderErrors;
import dev.gatewright.room.provider.ProviderHttp;
import dev.gatewright.room.wire.RoomRefused;
import org.jspecify.annotations.Nullable;

/// Twirp's errors: HTTP status and `{code, msg, meta}`.
public final class LivekitErrors {
  private LivekitErrors() {}

  static RoomRefused refused(Account account, ProviderHttp.Reply reply, @Nullable JsonNode answer) {
    String code = answer == null ? null : answer.path("code").asText(null);
    return ProviderErrors.refused(
        account,
        meaning(reply.status(), code),
        reply.status(),
        code,
        // A 401's words repeat the token we signed, so only words about arguments pass.
        "invalid_argument".equals(code) && answer != null ? answer.path("msg").asText(null) : null,
        reply.retryAfterSeconds());
  }

  private static int meaning(int status, @Nullable String code) {
    if (code == null) {
      // Some answers come from a proxy or from LiveKit's own middleware, without Twirp's body.
      return status == 400 ? 422 : status;
    }
    return switch (code) {
      case "unauthenticated" -> 401;
      case "permission_denied" -> 403;
      case "not_found" -> 404;
      case "already_exists" -> 409;
      case "invalid_argument", "malformed", "out_of_range", "failed_precondition" -> 422;
      case "resource_exhausted" -> 429;
      case "deadline_exceeded", "canceled" -> 504;
      case "unavailable", "internal", "unknown", "dataloss", "aborted" -> 502;
      // A server that does not know the call at all is not a LiveKit we can talk to.
      case "bad_route", "unimplemented" -> 502;
      default -> status == 400 ? 422 : status;
    };
  }
}
