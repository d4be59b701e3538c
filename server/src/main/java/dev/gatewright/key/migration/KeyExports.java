package dev.gatewright.key.migration;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.KeyFilter;
import dev.gatewright.key.KeyStore;
import dev.gatewright.key.StoredKey;
import dev.gatewright.key.change.Reach;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Gives keys away with the codes of their secrets. Every page is audited in the transaction that
/// reads it, and nobody is given the code of a key that goes beyond the own one. Blocks;
/// thread-safe.
public final class KeyExports {
  private final Database database;
  private final AuditLog audit;
  private final Time time;

  public KeyExports(Database database, AuditLog audit, Time time) {
    this.database = database;
    this.audit = audit;
    this.time = time;
  }

  /// What asking for a page came to.
  sealed interface Page {
    record Good(List<StoredKey> keys) implements Page {}

    /// @param message for the caller
    record Denied(String message) implements Page {}
  }

  Page page(ApiCaller caller, KeyFilter filter) {
    return database.write(handle -> {
      audit.lock(handle, caller.tenant());
      return page(handle, caller, filter);
    });
  }

  private Page page(Handle handle, ApiCaller caller, KeyFilter filter) {
    long now = time.millis();
    Reach reach = Reach.of(handle, caller, now);
    if (reach == null) {
      return new Page.Denied(Reach.GONE);
    }
    String organizationId = caller.tenant().organizationId();
    List<StoredKey> keys = KeyStore.list(handle, organizationId, filter, now);
    for (StoredKey stored : keys) {
      String exceeded = reach.exceeded(stored.key());
      if (exceeded != null) {
        return new Page.Denied("key %s: %s".formatted(stored.key().id(), exceeded));
      }
    }
    var detail = AuditLog.detail().put("keys", keys.size());
    ArrayNode ids = detail.putArray("ids");
    keys.forEach(stored -> ids.add(stored.key().id()));
    audit.append(handle, caller.tenant(), caller.actor(), "key.export", organizationId, detail);
    return new Page.Good(keys);
  }
}
