package dev.gatewright.room.provider;

import dev.gatewright.relay.Origin;
import dev.gatewright.secret.Secret;
import org.jspecify.annotations.Nullable;

/// The way out to providers: checked addresses, bounded answers, deadlines, no redirects. Blocks;
/// thread-safe.
public interface ProviderHttp {
  /// Throws [RoomRefused] (502, 504) when no complete answer came; every HTTP status is an answer.
  Reply send(Call call);

  /// @param provider its id, for errors
  /// @param target path and query, origin form, already encoded
  /// @param authorization the `Authorization` header's value, if one goes
  /// @param body a JSON document, if one goes
  record Call(
      String provider,
      Origin origin,
      String method,
      String target,
      @Nullable Secret authorization,
      @Nullable String body) {
    @Override
    public String toString() {
      return "Call[" + method + " " + origin + "]";
    }
  }

  /// @param retryAfterSeconds 0 = none given
  /// @param body UTF-8 text, bounded; not necessarily JSON
  record Reply(int status, int retryAfterSeconds, String body) {}
}
