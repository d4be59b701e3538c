package dev.gatewright.store.change;

import org.jspecify.annotations.Nullable;

/// One control-plane change, as every replica hears of it within a second.
///
/// @param seq its number; unbroken and growing over the whole deployment
/// @param kind what sort of thing changed: `key`, `policy` …
/// @param organizationId the tenant's organization, null for deployment-wide things
/// @param id which one
public record Change(long seq, String kind, @Nullable String organizationId, String id) {}
