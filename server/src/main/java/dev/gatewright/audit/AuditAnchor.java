package dev.gatewright.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/// Where a chain ended at a time, signed: kept outside the database, it shows when links were cut
/// off together with their head. Nothing is checked yet; [AuditLog#verify] does.
///
/// @param seq the last link's number
/// @param hash the last link's
/// @param at RFC 3339
/// @param signature base64url, by a key derived from the master key
public record AuditAnchor(
    @Nullable String organizationId,
    @Nullable Long seq,
    @Nullable String hash,
    @Nullable String at,
    @Nullable String signature) {

  /// One line of a file of anchors, and the answer of `GET /api/audit/anchor`.
  public ObjectNode toJson() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("organization_id", organizationId)
        .put("seq", seq)
        .put("hash", hash)
        .put("at", at)
        .put("signature", signature);
  }
}
