package dev.gatewright.audit;

import dev.gatewright.audit.AuditLog.Walk;
import dev.gatewright.store.Database;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Walks a chain from its first link to where it ended when the walk began. Links never change, so
/// pages read one after the other are one state of the chain, and no snapshot need be held open for
/// as long as the walk takes. Thread-safe.
final class ChainWalk {
  private static final int PAGE_ROWS = 500;

  private final ChainHash hashes;
  private final AnchorKey anchorKey;

  ChainWalk(ChainHash hashes, AnchorKey anchorKey) {
    this.hashes = hashes;
    this.anchorKey = anchorKey;
  }

  Walk run(Database database, String organizationId, List<AuditAnchor> anchors) {
    Map<Long, String> expected = new HashMap<>();
    for (AuditAnchor anchor : anchors) {
      Walk fault = take(anchor, organizationId, expected);
      if (fault != null) {
        return fault;
      }
    }
    AuditStore.End end = database.read(handle -> AuditStore.end(handle, organizationId));
    AuditStore.Head at = new AuditStore.Head(0, "");
    while (at.seq() < end.head().seq()) {
      long after = at.seq();
      List<AuditEntry> page =
          database.read(handle ->
              AuditStore.after(handle, organizationId, after, end.head().seq(), PAGE_ROWS));
      for (AuditEntry entry : page) {
        if (entry.seq() != at.seq() + 1) {
          return missing(at.seq() + 1);
        }
        if (entry.form() > AuditEntry.FORM) {
          return new Walk.Broken(
              entry.seq(), "link %d was written by a newer gatewright".formatted(entry.seq()));
        }
        if (!hashes.link(at.hash(), entry).equals(entry.hash())) {
          return new Walk.Broken(
              entry.seq(), "link %d is not as it was written".formatted(entry.seq()));
        }
        if (!same(hashes.seal(entry, entry.hash()), entry.seal())) {
          return new Walk.Broken(
              entry.seq(), "link %d was not sealed by this gate".formatted(entry.seq()));
        }
        at = new AuditStore.Head(entry.seq(), entry.hash());
        String anchored = expected.remove(at.seq());
        if (anchored != null && !anchored.equals(at.hash())) {
          return new Walk.Broken(
              at.seq(), "link %d is another than the one that was anchored".formatted(at.seq()));
        }
      }
      if (page.isEmpty()) {
        return missing(at.seq() + 1);
      }
    }
    return ended(at, end, expected);
  }

  private static Walk ended(AuditStore.Head at, AuditStore.End end, Map<Long, String> left) {
    if (!at.equals(end.head())) {
      return new Walk.Broken(at.seq() + 1, "the chain's head is not its last link");
    }
    if (end.lastSeq() > at.seq()) {
      return new Walk.Broken(at.seq() + 1, "links stand behind the chain's head");
    }
    return left.keySet().stream()
        .max(Long::compare)
        .<Walk>map(seq ->
            new Walk.Broken(
                at.seq() + 1, "link %d was anchored and the chain ends before it".formatted(seq)))
        .orElseGet(() -> new Walk.Intact(at.seq()));
  }

  private static boolean same(String wanted, String found) {
    return MessageDigest.isEqual(
        wanted.getBytes(StandardCharsets.UTF_8), found.getBytes(StandardCharsets.UTF_8));
  }

  private static Walk missing(long seq) {
    return new Walk.Broken(seq, "link %d is missing".formatted(seq));
  }

  /// Notes what an anchor says; the fault when it says nothing that can be trusted.
  private @Nullable Walk take(AuditAnchor anchor, String organizationId, Map<Long, String> into) {
    Long seq = anchor.seq();
    String hash = anchor.hash();
    String at = anchor.at();
    String signature = anchor.signature();
    if (seq == null
        || hash == null
        || at == null
        || signature == null
        || !organizationId.equals(anchor.organizationId())) {
      return new Walk.Broken(0, "an anchor is not of this chain, or not whole");
    }
    boolean ours =
        anchor.publicKey() == null
            ? same(hashes.formerAnchor(organizationId, seq, hash, at), signature)
            : anchorKey.publicKey().equals(anchor.publicKey()) && anchor.signedByItsKey();
    if (!ours) {
      return new Walk.Broken(
          seq, "the anchor of link %d is not signed by this gate".formatted(seq));
    }
    String other = seq == 0 ? null : into.putIfAbsent(seq, hash);
    return other == null || other.equals(hash)
        ? null
        : new Walk.Broken(seq, "two anchors of link %d disagree".formatted(seq));
  }
}
