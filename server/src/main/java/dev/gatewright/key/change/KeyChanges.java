package dev.gatewright.key.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyFilter;
import dev.gatewright.key.KeyFormat;
import dev.gatewright.key.KeyPepper;
import dev.gatewright.key.KeyStore;
import dev.gatewright.key.NewKey;
import dev.gatewright.key.StoredKey;
import dev.gatewright.key.lookup.ForeignKeys;
import dev.gatewright.key.lookup.KeyDirectory;
import dev.gatewright.policy.RulesCodec;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.ChangeFeed;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// The one way keys are made and changed: the row, the audit entry and the change's number in one
/// transaction, or nothing. Blocks; for virtual threads. Thread-safe.
public final class KeyChanges {
  private final Database database;
  private final ChangeFeed feed;
  private final AuditLog audit;
  private final KeyPepper pepper;
  private final ForeignKeys foreign;
  private final Time time;
  private final SecureRandom random = new SecureRandom();

  public KeyChanges(
      Database database,
      ChangeFeed feed,
      AuditLog audit,
      KeyPepper pepper,
      ForeignKeys foreign,
      Time time) {
    this.database = database;
    this.feed = feed;
    this.audit = audit;
    this.pepper = pepper;
    this.foreign = foreign;
    this.time = time;
  }

  /// A key and its clear text, which exists here only and is shown once.
  public record Made(ApiKey key, Secret text) {}

  /// What a change came to.
  public sealed interface Outcome {
    record Changed(StoredKey key) implements Outcome {}

    /// @param text the new secret, shown once
    record Rotated(StoredKey key, Secret text) implements Outcome {}

    /// The organization has no such key, whoever else may.
    record NotFound() implements Outcome {}

    /// A revoked key stays revoked.
    record Revoked() implements Outcome {}

    /// The watched file owns it: only an edit there changes it.
    record OfFile() implements Outcome {}
  }

  /// @param actor as [LocalAdmin#actor] says
  public Made create(NewKey wanted, String actor) {
    return database.write(handle -> create(handle, wanted, actor));
  }

  /// The same inside a transaction that makes more than the key.
  Made create(Handle handle, NewKey wanted, String actor) {
    long now = time.millis();
    String id = KeyFormat.newId(random);
    Secret text = KeyFormat.newText(wanted.kind(), id, random);
    ApiKey key =
        new ApiKey(
            id,
            wanted.tenant(),
            wanted.kind(),
            wanted.name(),
            true,
            actor,
            now,
            wanted.notBeforeMillis(),
            wanted.expiresMillis(),
            null,
            wanted.rules(),
            wanted.manages(),
            wanted.user(),
            ApiKey.Origin.OWN,
            false);
    KeyStore.insert(handle, key);
    insertSecret(handle, key, 1, text, now);
    ObjectNode detail = AuditLog.detail();
    detail.put("name", key.name()).put("kind", KeyFormat.word(key.kind()));
    detail.set("rules", RulesCodec.toJson(key.rules()));
    key.manages().forEach(detail.putArray("manages")::add);
    Long expires = key.expiresMillis();
    if (expires != null) {
      detail.put("expires_at", Instant.ofEpochMilli(expires).toString());
    }
    record(handle, key, actor, "key.create", detail);
    return new Made(key, text);
  }

  public Optional<StoredKey> find(String organizationId, String id) {
    return foreign
        .find(organizationId, id)
        .or(() -> database.read(handle -> KeyStore.find(handle, organizationId, id)));
  }

  /// @param more keys follow
  public record Page(List<StoredKey> keys, boolean more) {}

  /// The store's keys and those of the watched file, in one order.
  public Page list(String organizationId, KeyFilter filter) {
    long now = time.millis();
    List<StoredKey> stored = listStored(organizationId, filter);
    List<StoredKey> all = new ArrayList<>();
    Set<String> ofFile = new HashSet<>();
    for (StoredKey key : foreign.list(organizationId)) {
      ofFile.add(key.key().id());
      if (filter.shows(key, now)) {
        all.add(key);
      }
    }
    // What the file owns, it owns: an imported row of the same key is in force again without it.
    stored.stream().filter(key -> !ofFile.contains(key.key().id())).forEach(all::add);
    all.sort(KeyFilter.NEWEST_FIRST);
    // A full page of the store hides what comes after its last row, the file's keys there too.
    boolean full = stored.size() == filter.rowsMax();
    if (full) {
      all.removeIf(key ->
          ofFile.contains(key.key().id())
              && KeyFilter.NEWEST_FIRST.compare(key, stored.getLast()) > 0);
    }
    boolean cut = all.size() > filter.rowsMax();
    return new Page(
        cut ? List.copyOf(all.subList(0, filter.rowsMax())) : List.copyOf(all),
        !all.isEmpty() && (cut || full));
  }

  /// The store's keys alone.
  public List<StoredKey> listStored(String organizationId, KeyFilter filter) {
    long now = time.millis();
    return database.read(handle -> KeyStore.list(handle, organizationId, filter, now));
  }

  /// An audit entry of what changes no key.
  public void note(Tenant tenant, String actor, String action, ObjectNode detail) {
    database.write(handle -> {
      audit.append(handle, tenant, actor, action, tenant.organizationId(), detail);
      return action;
    });
  }

  private boolean ofFile(String organizationId, String id) {
    return foreign.find(organizationId, id).isPresent();
  }

  public Outcome enable(String organizationId, String id, boolean enabled, String actor) {
    if (ofFile(organizationId, id)) {
      return new Outcome.OfFile();
    }
    return database.write(handle -> {
      Optional<StoredKey> before = KeyStore.find(handle, organizationId, id);
      if (before.isEmpty()) {
        return new Outcome.NotFound();
      }
      if (!KeyStore.enable(handle, organizationId, id, enabled)) {
        return new Outcome.Revoked();
      }
      String action = enabled ? "key.enable" : "key.disable";
      record(handle, before.get().key(), actor, action, AuditLog.detail());
      return changed(handle, organizationId, id);
    });
  }

  /// Revoking twice is no error and leaves one audit entry.
  public Outcome revoke(String organizationId, String id, String actor) {
    if (ofFile(organizationId, id)) {
      return new Outcome.OfFile();
    }
    return database.write(handle -> {
      Optional<StoredKey> before = KeyStore.find(handle, organizationId, id);
      if (before.isEmpty()) {
        return new Outcome.NotFound();
      }
      if (KeyStore.revoke(handle, organizationId, id, time.millis())) {
        record(handle, before.get().key(), actor, "key.revoke", AuditLog.detail());
      }
      return changed(handle, organizationId, id);
    });
  }

  /// Adds a secret; the one before works until the grace ends, one still older ends now.
  public Outcome rotate(String organizationId, String id, Duration grace, String actor) {
    if (ofFile(organizationId, id)) {
      return new Outcome.OfFile();
    }
    return database.write(handle -> {
      Optional<StoredKey> before = KeyStore.find(handle, organizationId, id);
      if (before.isEmpty()) {
        return new Outcome.NotFound();
      }
      // Takes the row's lock too: two rotations at once follow each other.
      ApiKey key = before.get().key();
      if (!KeyStore.enable(handle, organizationId, id, key.enabled())) {
        return new Outcome.Revoked();
      }
      long now = time.millis();
      Secret text = KeyFormat.newText(key.kind(), id, random);
      KeyStore.retireSecrets(handle, organizationId, id, now + grace.toMillis());
      insertSecret(handle, key, KeyStore.nextOrdinal(handle, organizationId, id), text, now);
      ObjectNode detail = AuditLog.detail().put("grace_seconds", grace.toSeconds());
      record(handle, key, actor, "key.rotate", detail);
      return new Outcome.Rotated(KeyStore.find(handle, organizationId, id).orElseThrow(), text);
    });
  }

  private Outcome changed(Handle handle, String organizationId, String id) {
    return new Outcome.Changed(KeyStore.find(handle, organizationId, id).orElseThrow());
  }

  private void insertSecret(Handle handle, ApiKey key, long ordinal, Secret text, long nowMillis) {
    StoredKey.StoredSecret secret =
        new StoredKey.StoredSecret(ordinal, pepper.id(), pepper.stored(text), null);
    KeyStore.insertSecret(handle, key.tenant(), key.id(), secret, nowMillis);
  }

  private void record(Handle handle, ApiKey key, String actor, String action, ObjectNode detail) {
    audit.append(handle, key.tenant(), actor, action, key.id(), detail);
    feed.append(handle, KeyDirectory.CHANGE_KIND, key.tenant().organizationId(), key.id());
  }
}
