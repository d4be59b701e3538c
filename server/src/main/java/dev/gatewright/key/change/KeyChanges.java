package dev.gatewright.key.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.Actor;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.StandingStore;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyFormat;
import dev.gatewright.key.KeyPepper;
import dev.gatewright.key.KeyStore;
import dev.gatewright.key.NewKey;
import dev.gatewright.key.StoredKey;
import dev.gatewright.key.lookup.ForeignKeys;
import dev.gatewright.key.lookup.KeyDirectory;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The one way keys are made and changed. Each change is one transaction: it waits for the
/// organization's other writers, reads, decides, writes over exactly what it read, adds the audit
/// entry, and takes the change's number last. So two changes at once come out as if one had come
/// after the other, on one replica and on several. Blocks; for virtual threads. Thread-safe.
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
  public record Made(StoredKey stored, Secret text) {
    public ApiKey key() {
      return stored.key();
    }
  }

  /// What a change came to.
  public sealed interface Outcome {
    /// Also when there was nothing to change.
    record Changed(StoredKey key) implements Outcome {}

    /// @param text the new secret, shown once
    record Rotated(StoredKey key, Secret text) implements Outcome {}

    /// The organization has no such key, whoever else may.
    record NotFound() implements Outcome {}

    /// A revoked key stays revoked.
    record Revoked(StoredKey key) implements Outcome {}

    /// The watched file owns it: only an edit there changes it.
    record OfFile() implements Outcome {}

    /// The caller's own key does not reach so far.
    ///
    /// @param message for the caller
    record Denied(String message) implements Outcome {}

    /// @param pointer JSON pointer of the field at fault
    /// @param message names the value and what was expected
    record Wrong(String pointer, String message) implements Outcome {}
  }

  /// What making a key came to.
  public sealed interface Creation {
    record Good(Made made) implements Creation {}

    /// The caller's own key does not reach so far.
    ///
    /// @param message for the caller
    record Denied(String message) implements Creation {}

    /// @param pointer JSON pointer of the field at fault
    /// @param message names the value and what was expected
    record Wrong(String pointer, String message) implements Creation {}
  }

  /// What a wish for a key comes to, before it is made.
  sealed interface Judged {
    /// @param key as it is to be
    record Good(NewKey key) implements Judged {}

    /// The caller's own power does not reach so far.
    ///
    /// @param message for the caller
    record Denied(String message) implements Judged {}

    /// @param pointer JSON pointer of the field at fault
    /// @param message names the value and what was expected
    record Wrong(String pointer, String message) implements Judged {}
  }

  /// The same judgement as [#create]'s, as things stand now.
  Judged judge(NewKey wanted, ApiCaller caller) {
    return database.read(handle -> judge(handle, wanted, caller));
  }

  public Creation create(NewKey wanted, ApiCaller caller) {
    return database.write(handle -> create(handle, wanted, caller));
  }

  /// The same inside a transaction that does more.
  public Creation create(Handle handle, NewKey wanted, ApiCaller caller) {
    audit.lock(handle, wanted.tenant());
    return switch (judge(handle, wanted, caller)) {
      case Judged.Good(NewKey key) -> new Creation.Good(insert(handle, key, caller.actor()));
      case Judged.Denied(String message) -> new Creation.Denied(message);
      case Judged.Wrong(String pointer, String message) -> new Creation.Wrong(pointer, message);
    };
  }

  private Judged judge(Handle handle, NewKey asked, ApiCaller caller) {
    Reach reach = Reach.of(handle, caller, time.millis());
    if (reach == null) {
      return new Judged.Denied(Reach.GONE);
    }
    NewKey wanted = owned(asked, reach);
    String project = wanted.tenant().projectId();
    // A project that the caller does not reach is not there.
    if (!StandingStore.hasProject(handle, wanted.tenant()) || !reach.reaches(project)) {
      return new Judged.Wrong("/project_id", project + " (expected: a project of yours)");
    }
    String owner = wanted.notes().owner();
    if (!isMember(handle, wanted.tenant(), owner)) {
      return new Judged.Wrong("/owner", owner + " (expected: a member of the organization)");
    }
    ApiKey made = wanted.key("key_new", caller.id(), time.millis());
    String lax = reach.unpriced(null, made);
    String exceeded = lax == null ? reach.exceeded(made) : lax;
    return exceeded == null ? new Judged.Good(wanted) : new Judged.Denied(exceeded);
  }

  /// Who may have own keys alone makes own keys: a project's would outlive the maker's rules.
  private static NewKey owned(NewKey wanted, Reach reach) {
    String only = reach.onlyOf();
    return only == null || wanted.notes().owner() != null
        ? wanted
        : wanted.notes(wanted.notes().ownedBy(only));
  }

  private static boolean isMember(Handle handle, Tenant tenant, @Nullable String personId) {
    return personId == null
        || StandingStore.find(handle, tenant.organizationId(), personId).isPresent();
  }

  /// Makes a key for the program itself, inside a transaction that makes more than the key.
  public Made create(Handle handle, NewKey wanted, Actor actor) {
    audit.lock(handle, wanted.tenant());
    return insert(handle, wanted, actor);
  }

  private Made insert(Handle handle, NewKey wanted, Actor actor) {
    long now = time.millis();
    String id = KeyFormat.newId(random);
    Secret text = KeyFormat.newText(wanted.kind(), id, random);
    ApiKey key = wanted.key(id, actor.id(), now);
    KeyStore.insert(handle, key);
    insertSecret(handle, key, 1, text, now);
    ObjectNode detail = KeyDetail.of(key);
    KeyLimits.insert(handle, feed, key, wanted, detail);
    record(handle, key, actor, "key.create", detail);
    StoredKey stored = KeyStore.find(handle, key.tenant().organizationId(), id).orElseThrow();
    return new Made(stored, text);
  }

  /// @param enabled false = calls are refused until it is enabled again
  public Outcome enable(ApiCaller caller, String id, boolean enabled, KeyGuard guard) {
    String action = enabled ? "key.enable" : "key.disable";
    return change(
        caller,
        id,
        guard,
        (handle, before) -> {
          if (before.key().enabled() == enabled) {
            return null;
          }
          String owner = before.key().owner();
          if (enabled && !isMember(handle, caller.tenant(), owner)) {
            return new Outcome.Denied(
                "the key's owner %s is no member any more: give it another owner, or none, first"
                    .formatted(owner));
          }
          return write(
              handle, before, before.key().enabled(enabled), action, caller, AuditLog.detail());
        });
  }

  /// Disables a member's own keys, inside the transaction in which the member leaves and which has
  /// the organization's lock; the project's go on.
  ///
  /// @return ids of those that could be used until now
  public List<String> disableOf(Handle handle, Tenant tenant, String personId, Actor actor) {
    String reason = "its owner is no member any more";
    return disableOf(handle, tenant, personId, _ -> true, reason, actor);
  }

  /// The same for those of a member's own keys that the member may not have any more.
  ///
  /// @param reason for the audit chain
  public List<String> disableOf(
      Handle handle,
      Tenant tenant,
      String personId,
      Predicate<ApiKey> which,
      String reason,
      Actor actor) {
    List<String> disabled = new ArrayList<>();
    for (StoredKey before : KeyStore.ownedBy(handle, tenant.organizationId(), personId)) {
      ApiKey key = before.key();
      if (key.enabled() && key.revokedMillis() == null && which.test(key)) {
        if (!KeyStore.update(handle, before, key.enabled(false))) {
          throw new IllegalStateException(
              "key %s was changed by who does not wait".formatted(key.id()));
        }
        record(handle, key, actor, "key.disable", AuditLog.detail().put("reason", reason));
        disabled.add(key.id());
      }
    }
    return disabled;
  }

  /// Notes that the caller goes on as this key, for a moment and without its text; who may change a
  /// key could have a secret of it made. Nothing is noted where the key calls nothing.
  public Outcome lend(ApiCaller caller, String id) {
    return change(
        caller,
        id,
        _ -> {},
        (handle, before) -> {
          ApiKey key = before.key();
          if (calls(before)) {
            audit.append(
                handle, key.tenant(), caller.actor(), "key.lend", key.id(), AuditLog.detail());
          }
          return null;
        });
  }

  /// Whether calls with it are let in now.
  public boolean calls(StoredKey stored) {
    return stored.key().kind() != ApiKey.Kind.ADMIN && stored.state(time.millis()).usable();
  }

  /// Revoking twice is no error and leaves one audit entry.
  public Outcome revoke(ApiCaller caller, String id, KeyGuard guard) {
    Outcome outcome =
        change(
            caller,
            id,
            guard,
            (handle, before) ->
                write(
                    handle,
                    before,
                    before.key().revoked(time.millis()),
                    "key.revoke",
                    caller,
                    AuditLog.detail()));
    return outcome instanceof Outcome.Revoked(StoredKey key) ? new Outcome.Changed(key) : outcome;
  }

  /// Adds a secret; the one before works until the grace ends, one still older ends now.
  public Outcome rotate(ApiCaller caller, String id, Duration grace, KeyGuard guard) {
    return change(
        caller,
        id,
        guard,
        (handle, before) -> {
          ApiKey key = before.key();
          String organizationId = key.tenant().organizationId();
          long now = time.millis();
          Secret text = KeyFormat.newText(key.kind(), id, random);
          KeyStore.retireSecrets(handle, organizationId, id, now + grace.toMillis());
          insertSecret(handle, key, KeyStore.nextOrdinal(handle, organizationId, id), text, now);
          ObjectNode detail = AuditLog.detail().put("grace_seconds", grace.toSeconds());
          Outcome written = write(handle, before, key, "key.rotate", caller, detail);
          return written instanceof Outcome.Changed(StoredKey after)
              ? new Outcome.Rotated(after, text)
              : written;
        });
  }

  /// Changes fields. Neither the key as it was nor as it is to be may go beyond the caller's own.
  public Outcome edit(ApiCaller caller, String id, KeyEdit edit, KeyGuard guard) {
    return edit(caller, id, key -> edit.applied(key, time.instant()), guard);
  }

  /// The same for the key's own rules alone.
  public Outcome edit(ApiCaller caller, String id, KeyRules rules, KeyGuard guard) {
    return edit(caller, id, rules::applied, guard);
  }

  private Outcome edit(
      ApiCaller caller, String id, Function<ApiKey, KeyEdit.Applied> edit, KeyGuard guard) {
    return change(
        caller,
        id,
        guard,
        (handle, before) ->
            switch (edit.apply(before.key())) {
              case KeyEdit.Applied.Wrong wrong ->
                  new Outcome.Wrong(wrong.pointer(), wrong.message());
              case KeyEdit.Applied.Good good when good.key().equals(before.key()) -> null;
              case KeyEdit.Applied.Good good -> {
                Reach reach = Reach.of(handle, caller, time.millis());
                String lax = reach == null ? Reach.GONE : reach.unpriced(before.key(), good.key());
                String exceeded = reach == null || lax != null ? lax : reach.exceeded(good.key());
                if (!isMember(handle, caller.tenant(), good.key().owner())) {
                  yield new Outcome.Wrong(
                      "/owner", good.key().owner() + " (expected: a member of the organization)");
                }
                yield exceeded == null
                    ? write(
                        handle,
                        before,
                        good.key(),
                        "key.edit",
                        caller,
                        KeyDetail.between(before.key(), good.key()))
                    : new Outcome.Denied(exceeded);
              }
            });
  }

  private interface Step {
    /// @param before a key of the organization that is not revoked
    /// @return null = nothing to change
    @Nullable Outcome take(Handle handle, StoredKey before);
  }

  private Outcome change(ApiCaller caller, String id, KeyGuard guard, Step step) {
    String organizationId = caller.tenant().organizationId();
    if (foreign.find(organizationId, id).isPresent()) {
      return new Outcome.OfFile();
    }
    return database.write(handle -> {
      audit.lock(handle, caller.tenant());
      StoredKey before = KeyStore.find(handle, organizationId, id).orElse(null);
      if (before == null) {
        return new Outcome.NotFound();
      }
      Reach reach = Reach.of(handle, caller, time.millis());
      if (reach != null && !reach.sees(before.key())) {
        return new Outcome.NotFound();
      }
      String exceeded = reach == null ? Reach.GONE : reach.exceeded(before.key());
      if (exceeded != null) {
        return new Outcome.Denied(exceeded);
      }
      guard.require(before);
      if (before.key().revokedMillis() != null) {
        return new Outcome.Revoked(before);
      }
      Outcome outcome = step.take(handle, before);
      return outcome == null ? new Outcome.Changed(before) : outcome;
    });
  }

  private Outcome write(
      Handle handle,
      StoredKey before,
      ApiKey key,
      String action,
      ApiCaller caller,
      ObjectNode detail) {
    if (!KeyStore.update(handle, before, key)) {
      throw new IllegalStateException(
          "key %s was changed by who does not wait".formatted(key.id()));
    }
    record(handle, key, caller.actor(), action, detail);
    return new Outcome.Changed(
        KeyStore.find(handle, key.tenant().organizationId(), key.id()).orElseThrow());
  }

  private void insertSecret(Handle handle, ApiKey key, long ordinal, Secret text, long nowMillis) {
    StoredKey.StoredSecret secret =
        new StoredKey.StoredSecret(ordinal, pepper.id(), pepper.stored(text), null);
    KeyStore.insertSecret(handle, key.tenant(), key.id(), secret, nowMillis);
  }

  private void record(Handle handle, ApiKey key, Actor actor, String action, ObjectNode detail) {
    audit.append(handle, key.tenant(), actor, action, key.id(), detail);
    feed.append(handle, KeyDirectory.CHANGE_KIND, key.tenant().organizationId(), key.id());
  }
}
