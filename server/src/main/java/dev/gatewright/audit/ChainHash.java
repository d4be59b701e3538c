package dev.gatewright.audit;

import dev.gatewright.secret.PurposeKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/// The codes that hold links together and anchors up, made with keys that stand in the database
/// under the master key only: who can write to the database, or to a file of anchors, but does not
/// hold that key cannot make them. Thread-safe.
final class ChainHash {
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKey links;
  private final SecretKey anchors;

  ChainHash(PurposeKeys keys) {
    this.links = keys.purpose("audit-chain");
    this.anchors = keys.purpose("audit-anchor");
  }

  /// @param before the hash of the link before; empty for the first
  String link(String before, AuditEntry entry) {
    return entry.form() >= AuditEntry.FORM_PLAIN
        ? EntryText.hash(before, EntryText.of(entry))
        : former(before, entry);
  }

  /// What no one without the key can make of a link's hash; empty where the hash is such already.
  String seal(AuditEntry entry, String hash) {
    return entry.form() >= AuditEntry.FORM_PLAIN
        ? code(
            links,
            List.of("seal", entry.tenant().organizationId(), Long.toString(entry.seq()), hash))
        : "";
  }

  private String former(String before, AuditEntry entry) {
    List<String> fields = new ArrayList<>();
    // A link of the first form begins with the hash before it, which is never one character long.
    if (entry.form() > 1) {
      fields.add(Long.toString(entry.form()));
    }
    fields.addAll(
        List.of(
            before,
            entry.tenant().organizationId(),
            entry.tenant().projectId(),
            Long.toString(entry.seq()),
            Long.toString(entry.atMillis()),
            entry.actor().id(),
            entry.action(),
            entry.subject(),
            entry.detail()));
    if (entry.form() > 1) {
      fields.add(entry.actor().kind().word());
      fields.add(entry.actor().address());
      fields.add(entry.actor().requestId());
    }
    return code(links, fields);
  }

  /// The signature of anchors from before they were signed with a pair of keys.
  String formerAnchor(String organizationId, long seq, String hash, String at) {
    return code(anchors, List.of(organizationId, Long.toString(seq), hash, at));
  }

  /// Each field is preceded by its length, so that no two lists have the same bytes.
  private static String code(SecretKey key, List<String> fields) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      for (String field : fields) {
        byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
        mac.update(bytes);
      }
      return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal());
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("HmacSHA256 is part of every JDK", missing);
    }
  }
}
