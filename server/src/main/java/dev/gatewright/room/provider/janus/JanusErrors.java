package dev.gatewright.room.provider.janus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.room.provider.Account;
import dev.gatewright.room.provider.ProviderErrors;
import dev.gatewright.room.provider.ProviderHttp;
import dev.gatewright.room.wire.RoomRefused;

/// Janus's errors: HTTP says 200 to all of them, the number is in the answer.
public final class JanusErrors {
  /// The plugin's code for a wrong admin key or a wrong secret of a room.
  static final String UNAUTHORIZED = "433";

  private JanusErrors() {}

  /// An error of the core: a wrong secret, a wrong request, no such plugin.
  static RoomRefused ofCore(Account account, JsonNode error) {
    int code = error.path("code").asInt();
    int meaning =
        switch (code) {
          case 403, 470 -> 401;
          case 452, 453, 454, 455, 456, 457 -> 422;
          default -> 502;
        };
    return ProviderErrors.refused(account, meaning, 200, Integer.toString(code), null, 0);
  }

  /// An error of the videoroom plugin.
  static RoomRefused ofPlugin(Account account, JsonNode answer) {
    int code = answer.path("error_code").asInt();
    int meaning =
        switch (code) {
          case 426 -> 404;
          case 427 -> 409;
          case 421, 422, 423, 424, 425, 428, 429, 430, 431, 432, 434, 436 -> 422;
          // The admin key or the room's secret is not the one Janus knows.
          case 433 -> 403;
          default -> 502;
        };
    return ProviderErrors.refused(
        account, meaning, 200, Integer.toString(code), answer.path("error").asText(null), 0);
  }

  /// Not Janus's own answer: a proxy before it, or a wrong path.
  static RoomRefused ofHttp(Account account, ProviderHttp.Reply reply) {
    int status = reply.status();
    int meaning =
        switch (status) {
          case 401, 403, 429, 504 -> status;
          default -> 502;
        };
    return ProviderErrors.refused(account, meaning, status, null, null, reply.retryAfterSeconds());
  }
}
