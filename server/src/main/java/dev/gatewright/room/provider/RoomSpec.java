package dev.gatewright.room.provider;

import dev.gatewright.room.settings.RoomSettings;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a provider maps: a room that is to be.
///
/// @param id our own id of the room; null in a dry run
/// @param name the room's name; null in a dry run without one
/// @param profile the profile's id, for providers that carry metadata
/// @param expiresMillis when the room ends, wall clock; null = never
/// @param reaping how the gate can end the room, where the provider does not
/// @param credentialFields names of the credential's fields that are known: some providers can do
///   more with more
public record RoomSpec(
    @Nullable String id,
    @Nullable String name,
    String profile,
    RoomSettings settings,
    @Nullable Long expiresMillis,
    Reaping reaping,
    Set<String> credentialFields) {
  public RoomSpec {
    credentialFields = Set.copyOf(credentialFields);
  }

  /// The same room with another end.
  public RoomSpec ending(@Nullable Long newExpiresMillis) {
    return new RoomSpec(id, name, profile, settings, newExpiresMillis, reaping, credentialFields);
  }

  /// Which room this is at its provider, once it has a name.
  public RoomRef ref() {
    return new RoomRef(Objects.requireNonNull(name), id == null ? "" : id);
  }
}
