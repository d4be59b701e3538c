package dev.gatewright.room.provider;

import dev.gatewright.secret.Secret;
import org.jspecify.annotations.Nullable;

/// What lets one person into one room.
///
/// @param url where to go with it
/// @param session what opens a session with the server first, where that is a second token
public record JoinToken(Secret token, String url, @Nullable Session session) {

  /// @param expiresMillis wall clock; who is in a room is put out of it then
  public record Session(Secret token, long expiresMillis) {}
}
