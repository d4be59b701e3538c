package dev.gatewright.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.Tenant;
import dev.gatewright.secret.MasterKey;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jdbi.v3.core.Handle;

/// Who changed what and when: a chain of links per organization, written in the transaction of the
/// change itself, so that neither exists without the other. Each link is authenticated with a key
/// derived from the master key, so who can write to the database but does not hold that key cannot
/// mend a chain after changing it. Thread-safe.
public final class AuditLog {
  private static final int PAGE_ROWS = 500;

  private final SecretKey key;
  private final Time time;

  public AuditLog(MasterKey master, Time time) {
    this.key = master.derive("gatewright/audit-chain/v1", "HmacSHA256");
    this.time = time;
  }

  /// An empty detail to be filled.
  public static ObjectNode detail() {
    return JsonNodeFactory.instance.objectNode();
  }

  /// Adds a link inside the transaction of the change. Take it before the change feed's number:
  /// whoever takes both locks takes them in this order.
  ///
  /// @param actor `key_…`, `local` or `system`
  /// @param action such as `key.create`
  /// @param detail must hold no secret
  public void append(
      Handle handle,
      Tenant tenant,
      String actor,
      String action,
      String subject,
      ObjectNode detail) {
    AuditStore.Head head = AuditStore.take(handle, tenant.organizationId());
    long at = time.millis();
    AuditEntry bare =
        new AuditEntry(tenant, head.seq(), at, actor, action, subject, detail.toString(), "");
    String hash = hash(head.hash(), bare);
    AuditStore.append(
        handle,
        new AuditEntry(tenant, head.seq(), at, actor, action, subject, bare.detail(), hash));
  }

  /// What a walk over a chain found.
  public sealed interface Walk {
    record Intact(long links) implements Walk {}

    /// @param seq the first link that is missing or not as it was written
    record Broken(long seq) implements Walk {}
  }

  /// Walks an organization's whole chain. Links cut off together with their head are beyond what
  /// the database alone can show. Blocks.
  public Walk verify(Database database, String organizationId) {
    long seq = 0;
    String hash = "";
    while (true) {
      long after = seq;
      List<AuditEntry> page =
          database.read(handle -> AuditStore.after(handle, organizationId, after, PAGE_ROWS));
      for (AuditEntry entry : page) {
        if (entry.seq() != seq + 1 || !hash(hash, entry).equals(entry.hash())) {
          return new Walk.Broken(seq + 1);
        }
        seq = entry.seq();
        hash = entry.hash();
      }
      if (page.size() < PAGE_ROWS) {
        break;
      }
    }
    Optional<AuditStore.Head> head =
        database.read(handle -> AuditStore.head(handle, organizationId));
    AuditStore.Head walked = new AuditStore.Head(seq, hash);
    boolean complete = head.map(walked::equals).orElse(seq == 0);
    return complete ? new Walk.Intact(seq) : new Walk.Broken(seq + 1);
  }

  /// A page of an organization's links, oldest first.
  public List<AuditEntry> entries(Database database, String organizationId, long afterSeq) {
    return database.read(handle -> AuditStore.after(handle, organizationId, afterSeq, PAGE_ROWS));
  }

  /// Each field is preceded by its length, so that no two entries have the same bytes.
  private String hash(String before, AuditEntry entry) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      for (String field :
          List.of(
              before,
              entry.tenant().organizationId(),
              entry.tenant().projectId(),
              Long.toString(entry.seq()),
              Long.toString(entry.atMillis()),
              entry.actor(),
              entry.action(),
              entry.subject(),
              entry.detail())) {
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
