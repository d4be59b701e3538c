package dev.gatewright.room.life;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.room.provider.Role;
import dev.gatewright.room.settings.Profile;
import dev.gatewright.room.settings.RoomSettings;
import org.jspecify.annotations.Nullable;

/// What a caller asks a room to be, checked.
///
/// @param name null = the gate makes one
/// @param strict anything not applied in full is 422
public record RoomRequest(
    @Nullable String name, Profile profile, RoomSettings settings, boolean strict) {

  /// A change of a room.
  ///
  /// @param overrides a JSON object, not yet checked
  public record Change(@Nullable JsonNode overrides, boolean strict) {
    /// Whether the overrides name this field, be it with null.
    boolean sets(String section, String field) {
      return overrides != null && overrides.path(section).has(field);
    }
  }

  /// A join token that is asked for.
  ///
  /// @param user null = a guest
  public record Token(Role role, @Nullable String user, int ttlSeconds) {}
}
