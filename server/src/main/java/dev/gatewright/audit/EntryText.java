package dev.gatewright.audit;

import dev.gatewright.json.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;

/// A link as text, a line of JSON: what its hash covers from form 3 on, and what an export holds.
/// The hash is SHA-256 over the hash before, a line feed and this text, so that anyone can follow a
/// chain.
final class EntryText {
  private EntryText() {}

  /// ASCII, without the end of the object: the hash follows.
  static byte[] of(AuditEntry entry) {
    JsonBytes text = new JsonBytes(512);
    text.raw("{\"v\":").number(entry.form());
    text.raw(",\"chain\":").string(entry.tenant().organizationId());
    text.raw(",\"seq\":").number(entry.seq());
    text.raw(",\"at\":").string(Instant.ofEpochMilli(entry.atMillis()).toString());
    text.raw(",\"actor\":").string(entry.actor().id());
    text.raw(",\"actor_kind\":").string(entry.actor().kind().word());
    text.raw(",\"action\":").string(entry.action());
    text.raw(",\"object\":").string(entry.subject());
    text.raw(",\"project_id\":").string(entry.tenant().projectId());
    // A text in the text: whatever stands in the database, the line is one line of JSON.
    text.raw(",\"detail\":").string(entry.detail());
    text.raw(",\"address\":").string(entry.actor().address());
    text.raw(",\"request_id\":").string(entry.actor().requestId());
    if (entry.form() >= AuditEntry.FORM_VIA) {
      text.raw(",\"via\":").string(entry.actor().via());
      text.raw(",\"agent\":").string(entry.actor().agent());
      text.raw(",\"outcome\":").string(entry.outcome());
    }
    return text.toArray();
  }

  /// A line of an export, without its line feed.
  static byte[] line(AuditEntry entry) {
    return new JsonBytes(640)
        .raw(of(entry))
        .raw(",\"hash\":")
        .string(entry.hash())
        .raw("}")
        .toArray();
  }

  /// @param before the hash of the link before; empty for the first
  static String hash(String before, byte[] text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(before.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) '\n');
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest(text));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("SHA-256 is part of every JDK", missing);
    }
  }
}
