package dev.gatewright.room.provider;

import dev.gatewright.secret.Secret;

/// Derives secrets of rooms from the gate's master key, so that none has to be stored.
@FunctionalInterface
public interface RoomSecret {
  /// The same for the same arguments, on every replica; tells nothing about any other.
  ///
  /// @param home the server the room stands on
  Secret of(String provider, String home, RoomRef room);
}
