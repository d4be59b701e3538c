package dev.gatewright.room.provider;

import dev.gatewright.room.settings.RoomSettings;
import org.jspecify.annotations.Nullable;

/// A join token that is to be.
///
/// @param room as the provider shows it
/// @param made what the gate knows of the room; null for a room made elsewhere
/// @param endsMillis when the room ends, wall clock; null = never, or not known
/// @param user who it is for: identity and display name
/// @param settings what the room was made with; the base values for a room made elsewhere
/// @param nowMillis wall clock
/// @param expiresMillis until when it lets in, wall clock; never after the room's own end. Who is
///   in by then stays in
public record TokenSpec(
    ProviderRoom room,
    @Nullable Made made,
    @Nullable Long endsMillis,
    Role role,
    String user,
    RoomSettings settings,
    long nowMillis,
    long expiresMillis) {

  /// @param id our own, `room_…`
  public record Made(String id, String profile) {}
}
