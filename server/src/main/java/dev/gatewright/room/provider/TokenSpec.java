package dev.gatewright.room.provider;

import dev.gatewright.room.settings.RoomSettings;

/// A join token that is to be.
///
/// @param room as the provider shows it
/// @param user who it is for: identity and display name
/// @param settings what the room was made with; the base values for a room made elsewhere
/// @param nowMillis wall clock
/// @param expiresMillis wall clock; never after the room's own end
public record TokenSpec(
    ProviderRoom room,
    Role role,
    String user,
    RoomSettings settings,
    long nowMillis,
    long expiresMillis) {}
