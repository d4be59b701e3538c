package dev.gatewright.room.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/// A room as its provider shows it.
///
/// @param id the provider's own id
/// @param url where people go, or where their client connects
/// @param createdAt RFC 3339, null where the provider does not say
/// @param privacy `public` or `private`, null where the provider does not say
/// @param mark our own id of the room, where the provider keeps it with the room; null where not
/// @param config the provider's own words about the room, without secrets
public record ProviderRoom(
    String id,
    String name,
    String url,
    @Nullable String createdAt,
    @Nullable String privacy,
    @Nullable String mark,
    ObjectNode config) {}
