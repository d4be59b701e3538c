package dev.gatewright.limit;

import dev.gatewright.limit.term.Limit;

/// A limit as it stands in the table.
///
/// @param createdBy `key_…`, `per_…` or `local`
/// @param version raised by each change
public record StoredLimit(
    String organizationId, Limit limit, String createdBy, long createdMillis, long version) {}
