package dev.gatewright.key.sealed;

import dev.gatewright.account.Actor;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.KeyStore;
import dev.gatewright.key.StoredKey;
import dev.gatewright.key.lookup.KeyDirectory;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import java.time.Instant;
import java.util.Optional;

/// Revokes keys while the audit chain cannot be written, for its key is sealed: what was done is
/// kept in the same transaction, and the next gate that is open enters it in the chain. Blocks;
/// thread-safe.
public final class SealedRevocations {
  private static final int TRIES = 5;

  private final Database database;
  private final ChangeFeed feed;
  private final Time time;

  public SealedRevocations(Database database, ChangeFeed feed, Time time) {
    this.database = database;
    this.feed = feed;
    this.time = time;
  }

  /// Revokes a key of the caller's organization, on every replica within a second; twice is no
  /// error.
  ///
  /// @return empty when there is no such key
  Optional<StoredKey> revoke(ApiCaller caller, String id) {
    String organizationId = caller.tenant().organizationId();
    for (int tried = 0; tried < TRIES; tried++) {
      Optional<Try> result =
          database.write(handle -> {
            StoredKey before = KeyStore.find(handle, organizationId, id).orElse(null);
            if (before == null || before.key().revokedMillis() != null) {
              return Optional.of(new Try(Optional.ofNullable(before)));
            }
            long now = time.millis();
            // A gate that is open may change the key at the same moment: then it is read again.
            if (!KeyStore.update(handle, before, before.key().revoked(now))) {
              return Optional.empty();
            }
            SealedRevocationStore.insert(
                handle,
                new SealedRevocationStore.Owed(
                    id, before.key().tenant(), now, caller.address(), caller.requestId()));
            feed.append(handle, KeyDirectory.CHANGE_KIND, organizationId, id);
            return Optional.of(new Try(KeyStore.find(handle, organizationId, id)));
          });
      if (result.isPresent()) {
        return result.get().key;
      }
    }
    throw new IllegalStateException("key %s is changed all the time".formatted(id));
  }

  private record Try(Optional<StoredKey> key) {}

  /// Enters what was done while a gate was sealed; each once, on however many replicas.
  public static void enter(Database database, AuditLog audit) {
    Optional<SealedRevocationStore.Owed> next = database.read(SealedRevocationStore::oldest);
    while (next.isPresent()) {
      SealedRevocationStore.Owed owed = next.get();
      database.write(handle -> {
        audit.lock(handle, owed.tenant());
        if (SealedRevocationStore.delete(handle, owed.tenant().organizationId(), owed.keyId())) {
          audit.append(
              handle,
              owed.tenant(),
              Actor.of("local", owed.address(), owed.requestId()),
              "key.revoke",
              owed.keyId(),
              AuditLog.detail()
                  .put("while_sealed", Instant.ofEpochMilli(owed.atMillis()).toString()));
        }
        return true;
      });
      next = database.read(SealedRevocationStore::oldest);
    }
  }
}
