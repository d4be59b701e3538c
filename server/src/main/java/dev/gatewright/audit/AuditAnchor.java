package dev.gatewright.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.json.JsonBytes;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Where a chain ended at a time, signed: kept outside the database, it shows when links were cut
/// off together with their head. Nothing is checked yet; [AuditLog#verify] does.
///
/// @param seq the last link's number
/// @param hash the last link's
/// @param at RFC 3339
/// @param publicKey Ed25519, base64url; null in anchors from before there was one, which only the
///   server that signed them can check
/// @param signature base64url, over `signed`
public record AuditAnchor(
    @Nullable String organizationId,
    @Nullable Long seq,
    @Nullable String hash,
    @Nullable String at,
    @Nullable String publicKey,
    @Nullable String signature) {

  /// What is signed: the first four fields as they stand in [#toJson()].
  static String signed(String organizationId, long seq, String hash, String at) {
    byte[] text =
        new JsonBytes(256)
            .raw("{\"organization_id\":")
            .string(organizationId)
            .raw(",\"seq\":")
            .number(seq)
            .raw(",\"hash\":")
            .string(hash)
            .raw(",\"at\":")
            .string(at)
            .raw("}")
            .toArray();
    return new String(text, StandardCharsets.US_ASCII);
  }

  /// Whether it is whole, and signed with the key it names. Whose key that is, is another question.
  boolean signedByItsKey() {
    return organizationId != null
        && seq != null
        && hash != null
        && at != null
        && publicKey != null
        && signature != null
        && AnchorKey.verifies(publicKey, signed(organizationId, seq, hash, at), signature);
  }

  /// One line of a file of anchors, and the answer of `GET /api/audit/anchor`.
  public ObjectNode toJson() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("organization_id", organizationId)
        .put("seq", seq)
        .put("hash", hash)
        .put("at", at)
        .put("public_key", publicKey)
        .put("signature", signature);
  }
}
