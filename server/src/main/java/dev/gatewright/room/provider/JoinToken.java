package dev.gatewright.room.provider;

import dev.gatewright.secret.Secret;
import org.jspecify.annotations.Nullable;

/// What lets one person into one room.
///
/// @param url where to go with it
/// @param sessionToken what opens a session with the server first, where that is a second token
public record JoinToken(Secret token, String url, @Nullable Secret sessionToken) {}
