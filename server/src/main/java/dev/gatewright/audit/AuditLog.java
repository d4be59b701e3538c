package dev.gatewright.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.Actor;
import dev.gatewright.account.Tenant;
import dev.gatewright.secret.PurposeKeys;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Who changed what, when and from where: a chain of links per organization, written in the
/// transaction of the change itself, so that neither exists without the other. Anyone can follow
/// the hashes of an export; each is sealed with a key under the master key, so who can write to the
/// database but does not hold that key cannot mend a chain after changing it. Thread-safe.
public final class AuditLog {
  private final ChainHash hashes;
  private final AnchorKey anchors;
  private final ChainWalk walk;
  private final Time time;
  private volatile Listener listener = (_, _) -> {};

  public AuditLog(PurposeKeys keys, Time time) {
    this.hashes = new ChainHash(keys);
    this.anchors = new AnchorKey(keys);
    this.walk = new ChainWalk(hashes, anchors);
    this.time = time;
  }

  /// An empty detail to be filled.
  public static ObjectNode detail() {
    return JsonNodeFactory.instance.objectNode();
  }

  /// The first statement of every control-plane write: whoever changes something of an organization
  /// waits here for whoever does already, on this replica or another, and then reads what that one
  /// wrote. So what is read after this is what is decided on. Held until the commit.
  public void lock(Handle handle, Tenant tenant) {
    AuditStore.lock(handle, tenant.organizationId());
  }

  /// Adds a link inside the transaction of the change. Take it before the change feed's number:
  /// whoever takes both locks takes them in this order.
  ///
  /// @param action such as `key.create`
  /// @param detail must hold no secret
  public void append(
      Handle handle, Tenant tenant, Actor actor, String action, String subject, ObjectNode detail) {
    append(handle, tenant, actor, action, subject, detail, AuditEntry.OK);
  }

  /// The same for what was tried and refused, where that is worth a link.
  public void denied(
      Handle handle, Tenant tenant, Actor actor, String action, String subject, ObjectNode detail) {
    append(handle, tenant, actor, action, subject, detail, AuditEntry.DENIED);
  }

  private void append(
      Handle handle,
      Tenant tenant,
      Actor actor,
      String action,
      String subject,
      ObjectNode detail,
      String outcome) {
    AuditStore.Head head = AuditStore.take(handle, tenant.organizationId());
    AuditEntry bare =
        new AuditEntry(
            tenant,
            head.seq(),
            time.millis(),
            actor,
            action,
            subject,
            detail.toString(),
            AuditEntry.FORM,
            outcome,
            "",
            "");
    String hash = hashes.link(head.hash(), bare);
    AuditStore.append(handle, bare, hash, hashes.seal(bare, hash));
    listener.appended(handle, bare);
  }

  /// Hears of each link in the transaction that writes it.
  @FunctionalInterface
  public interface Listener {
    /// @param link without its hash; what this throws undoes the change
    void appended(Handle handle, AuditEntry link);
  }

  /// Called at the wiring, once.
  public void listen(Listener whom) {
    listener = whom;
  }

  /// What a walk over a chain found.
  public sealed interface Walk {
    record Intact(long links) implements Walk {}

    /// @param seq the first link that is missing or not as it was written
    /// @param reason a sentence for people
    record Broken(long seq, String reason) implements Walk {}
  }

  /// Walks an organization's chain as it stands now; what is added meanwhile is left for the next
  /// time. Links cut off together with their head show by anchors alone. Blocks.
  ///
  /// @param anchors of this chain; one that is not signed by this gate counts against the chain
  public Walk verify(Database database, String organizationId, List<AuditAnchor> anchors) {
    return walk.run(database, organizationId, anchors);
  }

  public Walk verify(Database database, String organizationId) {
    return verify(database, organizationId, List.of());
  }

  /// Signs where an organization's chain ends now; empty when it has none. Blocks.
  public Optional<AuditAnchor> anchor(Database database, String organizationId) {
    return database
        .read(handle -> AuditStore.head(handle, organizationId))
        .map(head -> anchor(organizationId, head));
  }

  /// Steady time, for whoever has a limit on how long to look at chains.
  long nanos() {
    return time.nanos();
  }

  AuditAnchor anchor(String organizationId, AuditStore.Head head) {
    String at = time.instant().toString();
    String signature =
        anchors.sign(AuditAnchor.signed(organizationId, head.seq(), head.hash(), at));
    return new AuditAnchor(
        organizationId, head.seq(), head.hash(), at, anchors.publicKey(), signature);
  }

  /// What a request of this id has made or changed, whoever's it was; empty when nothing. Ids of
  /// requests are the gate's own: no caller can ask by another's. Blocks.
  public Optional<String> madeBy(Database database, String requestId) {
    return database.read(handle -> AuditStore.subject(handle, requestId));
  }

  /// What asking for an export came to.
  sealed interface Export {
    /// @param lines to be read once
    record Ready(InputStream lines) implements Export {}

    /// The chain ends before the first link asked for.
    record Beyond(long last) implements Export {}
  }

  /// A part of an organization's chain as lines anyone can check. That it was taken is a link of
  /// its own, whatever was asked for, and the last one of an export to the end. Blocks.
  ///
  /// @param from its first link
  /// @param to its last one; null = the chain's
  Export export(Database database, Tenant tenant, Actor actor, long from, @Nullable Long to) {
    String organizationId = tenant.organizationId();
    AuditStore.Head head =
        database.write(handle -> {
          lock(handle, tenant);
          ObjectNode detail = detail().put("from", from).put("to", to);
          append(handle, tenant, actor, "audit.export", organizationId, detail);
          return AuditStore.head(handle, organizationId).orElseThrow();
        });
    long last = to == null ? head.seq() : Math.min(to, head.seq());
    if (from > last) {
      return new Export.Beyond(head.seq());
    }
    String before =
        database.read(handle ->
            AuditStore.after(handle, organizationId, from - 2, from - 1, 1).stream()
                .map(AuditEntry::hash)
                .findFirst()
                .orElse(""));
    return new Export.Ready(
        new AuditExport(
            this,
            database,
            new AuditExport.Range(organizationId, from, last, before),
            time.instant().toString()));
  }

  /// A page of an organization's links, newest first.
  public List<AuditEntry> list(Database database, String organizationId, AuditFilter filter) {
    return database.read(handle -> AuditStore.list(handle, organizationId, filter));
  }
}
