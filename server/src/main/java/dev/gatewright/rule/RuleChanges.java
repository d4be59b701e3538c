package dev.gatewright.rule;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Principal;
import dev.gatewright.account.StandingStore;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.id.Ids;
import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.key.change.KeyGuard;
import dev.gatewright.key.change.KeyLists;
import dev.gatewright.key.change.KeyRules;
import dev.gatewright.key.change.Reach;
import dev.gatewright.key.change.Rights;
import dev.gatewright.policy.Layer;
import dev.gatewright.policy.PolicyViews;
import dev.gatewright.policy.Rule;
import dev.gatewright.policy.RuleCheck;
import dev.gatewright.policy.RuleIds;
import dev.gatewright.policy.RuleOwner;
import dev.gatewright.policy.RuleStore;
import dev.gatewright.policy.RulesCodec;
import dev.gatewright.policy.StoredRule;
import dev.gatewright.rest.IfMatch;
import dev.gatewright.rest.Permission;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The one way rules are added and removed. A rule is never edited: what it says is what it is. A
/// key's rules stand in the key's row and are changed by [KeyChanges]; all others are rows of their
/// own, each change one transaction: lock, read, decide, write, audit entry, number. Blocks; for
/// virtual threads. Thread-safe.
public final class RuleChanges {
  private static final String RESTRICTED =
      "An admin key that has rules of its own changes none of organizations, projects and members"
          + " (expected: one without rules, or a person).";

  private final Database database;
  private final ChangeFeed feed;
  private final AuditLog audit;
  private final KeyChanges keys;
  private final KeyLists lists;
  private final Time time;

  public RuleChanges(
      Database database,
      ChangeFeed feed,
      AuditLog audit,
      KeyChanges keys,
      KeyLists lists,
      Time time) {
    this.database = database;
    this.feed = feed;
    this.audit = audit;
    this.keys = keys;
    this.lists = lists;
    this.time = time;
  }

  /// What a change came to.
  public sealed interface Outcome {
    /// Added, or removed.
    record Done(StoredRule rule) implements Outcome {}

    /// There is no such thing, or none of the caller's.
    ///
    /// @param noun `rule`, `organization`, `project`, `member` or `key`
    record Absent(String noun) implements Outcome {}

    /// The caller's own key does not reach so far.
    record Denied(String message) implements Outcome {}

    /// The key cannot be changed here, or not any more.
    record Conflict(String message) implements Outcome {}

    /// @param pointer JSON pointer of the field at fault
    record Wrong(String pointer, String message) implements Outcome {}
  }

  public Outcome add(ApiCaller caller, RuleOwner owner, Rule rule) {
    if (owner.layer() == Layer.KEY) {
      return addToKey(caller, owner, rule);
    }
    return database.write(handle -> {
      audit.lock(handle, caller.tenant());
      Outcome no = no(handle, caller, owner);
      if (no != null) {
        return no;
      }
      long now = time.millis();
      List<Rule> all = new ArrayList<>(RuleStore.of(handle, owner));
      Rule added =
          new Rule(rule.effect(), rule.type(), rule.values(), rule.name(), Ids.uuid7("rule_", now));
      all.add(added);
      String tooMany = RuleCheck.tooMany(all);
      if (tooMany != null) {
        return new Outcome.Wrong("/values", tooMany);
      }
      StoredRule stored = new StoredRule(owner, added, caller.id(), now);
      RuleStore.insert(handle, stored);
      record(handle, caller, "policy.rule.add", stored);
      return new Outcome.Done(stored);
    });
  }

  /// @param seen what the caller last saw of it, asked once nobody else can change it
  public Outcome remove(ApiCaller caller, String id, IfMatch seen) {
    String keyId = RuleIds.keyIn(id);
    if (keyId != null) {
      return removeFromKey(caller, keyId, id, seen);
    }
    String organizationId = caller.tenant().organizationId();
    return database.write(handle -> {
      audit.lock(handle, caller.tenant());
      StoredRule stored = RuleStore.find(handle, organizationId, id).orElse(null);
      if (stored == null) {
        return new Outcome.Absent("rule");
      }
      String exceeded = exceeded(handle, caller);
      if (exceeded != null) {
        return new Outcome.Denied(exceeded);
      }
      seen.require(RuleView.tag(stored));
      RuleStore.delete(handle, organizationId, id);
      record(handle, caller, "policy.rule.remove", stored);
      return new Outcome.Done(stored);
    });
  }

  /// Whether there is such an organization (the owner's own), project or member.
  public static boolean isThere(Handle handle, RuleOwner owner) {
    String organizationId = owner.organizationId();
    return switch (owner.layer()) {
      case ORGANIZATION -> owner.subjectId().equals(organizationId);
      case PROJECT ->
          StandingStore.hasProject(handle, new Tenant(organizationId, owner.subjectId()));
      case MEMBER -> StandingStore.find(handle, organizationId, owner.subjectId()).isPresent();
      case KEY -> false;
    };
  }

  private @Nullable Outcome no(Handle handle, ApiCaller caller, RuleOwner owner) {
    String exceeded = exceeded(handle, caller);
    if (exceeded != null) {
      return new Outcome.Denied(exceeded);
    }
    return isThere(handle, owner) ? null : new Outcome.Absent(owner.layer().word());
  }

  /// As the caller stands in this transaction. Rules of more than one key are for those whose own
  /// power is the organization's whole.
  private @Nullable String exceeded(Handle handle, ApiCaller caller) {
    if (!Rights.stand(handle, caller, Permission.POLICY_WRITE, time.millis())) {
      return Reach.GONE;
    }
    return switch (caller.principal()) {
      case Principal.Local _, Principal.Operator _, Principal.InOrganization _ -> null;
      case Principal.KeyHolder _ -> {
        Reach reach = Reach.of(handle, caller, time.millis());
        yield reach == null ? Reach.GONE : reach.whole() ? null : RESTRICTED;
      }
      case Principal.Person _ -> Reach.GONE;
    };
  }

  private Outcome addToKey(ApiCaller caller, RuleOwner owner, Rule rule) {
    KeyRules more =
        new KeyRules(rules -> {
          List<Rule> all = new ArrayList<>(rules);
          if (!all.contains(rule)) {
            all.add(rule);
          }
          return all;
        });
    return of(
        keys.edit(caller, owner.subjectId(), more, KeyGuard.NONE), new StoredRule(owner, rule));
  }

  /// Somebody else may remove it at the same time: it is gone then, as was asked.
  private Outcome removeFromKey(ApiCaller caller, String keyId, String id, IfMatch seen) {
    String organizationId = caller.tenant().organizationId();
    RuleOwner owner = new RuleOwner(organizationId, Layer.KEY, keyId);
    StoredRule there =
        lists.find(organizationId, keyId).stream()
            .flatMap(key -> key.key().rules().stream())
            .map(rule -> new StoredRule(owner, rule))
            .filter(rule -> rule.id().equals(id))
            .findFirst()
            .orElse(null);
    if (there == null) {
      return new Outcome.Absent("rule");
    }
    seen.require(RuleView.tag(there));
    KeyRules fewer =
        new KeyRules(rules -> rules.stream().filter(rule -> !rule.equals(there.rule())).toList());
    return of(keys.edit(caller, keyId, fewer, KeyGuard.NONE), there);
  }

  private static Outcome of(KeyChanges.Outcome outcome, StoredRule rule) {
    String keyId = rule.owner().subjectId();
    return switch (outcome) {
      case KeyChanges.Outcome.Changed _, KeyChanges.Outcome.Rotated _ -> new Outcome.Done(rule);
      case KeyChanges.Outcome.NotFound _ -> new Outcome.Absent("key");
      case KeyChanges.Outcome.Revoked _ ->
          new Outcome.Conflict("key %s is revoked, for good".formatted(keyId));
      case KeyChanges.Outcome.OfFile _ ->
          new Outcome.Conflict(
              "key %s is in the watched file (source: file); edit it there".formatted(keyId));
      case KeyChanges.Outcome.Denied(String message) -> new Outcome.Denied(message);
      case KeyChanges.Outcome.Wrong(String pointer, String message) ->
          new Outcome.Wrong(pointer, message);
    };
  }

  private void record(Handle handle, ApiCaller caller, String action, StoredRule stored) {
    RuleOwner owner = stored.owner();
    ObjectNode detail = AuditLog.detail();
    detail.put("on", owner.layer().word());
    detail.put("subject_id", owner.subjectId());
    detail.set("rules", RulesCodec.toJson(List.of(stored.rule())));
    String projectId =
        owner.layer() == Layer.PROJECT ? owner.subjectId() : caller.tenant().projectId();
    Tenant tenant = new Tenant(owner.organizationId(), projectId);
    audit.append(handle, tenant, caller.actor(), action, stored.id(), detail);
    feed.append(handle, PolicyViews.CHANGE_KIND, owner.organizationId(), owner.text());
  }
}
