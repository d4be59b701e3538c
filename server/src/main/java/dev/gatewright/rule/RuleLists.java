package dev.gatewright.rule;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyFilter;
import dev.gatewright.key.StoredKey;
import dev.gatewright.key.change.KeyLists;
import dev.gatewright.key.change.Reach;
import dev.gatewright.policy.Layer;
import dev.gatewright.policy.Rule;
import dev.gatewright.policy.RuleIds;
import dev.gatewright.policy.RuleOwner;
import dev.gatewright.policy.RuleReach;
import dev.gatewright.policy.RuleStore;
import dev.gatewright.policy.StoredRule;
import dev.gatewright.store.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What rules an organization has: those of the table, newest first, then those of its keys, key by
/// key. A reader confined to projects sees the organization's, those of its projects, its own, and
/// those of its own keys. Blocks; thread-safe.
final class RuleLists {
  /// Most keys have no rules: a page looks at so many and no more, and may then be short.
  private static final int KEY_PAGES_MAX = 5;

  private final Database database;
  private final KeyLists keys;

  RuleLists(Database database, KeyLists keys) {
    this.database = database;
    this.keys = keys;
  }

  /// Which rules are asked for.
  ///
  /// @param on null = of every layer
  /// @param subjectId null = whosever
  record Filter(@Nullable Layer on, @Nullable String subjectId) {}

  /// @param next where the next page begins; null = there is none
  record Page(List<StoredRule> rules, @Nullable String next) {}

  Optional<StoredRule> find(ApiCaller caller, String id) {
    String organizationId = caller.tenant().organizationId();
    String keyId = RuleIds.keyIn(id);
    if (keyId == null) {
      RuleReach reach = reach(caller);
      return database
          .read(handle -> RuleStore.find(handle, organizationId, id))
          .filter(rule -> reach.sees(rule.owner()));
    }
    return keys.find(organizationId, keyId)
        .filter(key -> visible(caller, key.key()))
        .flatMap(key -> rules(key.key()).stream().filter(rule -> rule.id().equals(id)).findFirst());
  }

  /// @param place as in [Page#next]; null = the beginning
  Page page(ApiCaller caller, Filter filter, @Nullable String place, int rows) {
    List<StoredRule> rules = new ArrayList<>();
    boolean ofTable = place == null || place.startsWith(TABLE);
    if (ofTable && filter.on != Layer.KEY) {
      String before = place == null ? null : place.substring(TABLE.length());
      rules.addAll(table(caller, filter, before, rows + 1));
      if (rules.size() > rows) {
        List<StoredRule> shown = List.copyOf(rules.subList(0, rows));
        return new Page(shown, TABLE + shown.getLast().id());
      }
    }
    if (filter.on != null && filter.on != Layer.KEY) {
      return new Page(rules, null);
    }
    return ofKeys(caller, filter, ofTable ? null : Place.parse(String.valueOf(place)), rows, rules);
  }

  private static final String TABLE = "t";

  /// Among the keys' rules.
  ///
  /// @param before the key whose rules were shown last; null = from the newest key on
  /// @param key the key in whose middle the page ended; empty = after the whole of it
  /// @param shown how many of its rules were shown
  private record Place(KeyFilter.@Nullable Cursor before, String key, int shown) {
    String text() {
      return "k%s %s %d".formatted(before == null ? "" : before.text(), key, shown);
    }

    static Place parse(String text) {
      String[] parts = text.substring(1).split(" ", -1);
      return new Place(
          parts[0].isEmpty() ? null : KeyFilter.Cursor.parse(parts[0]),
          parts[1],
          Integer.parseInt(parts[2]));
    }
  }

  private Page ofKeys(
      ApiCaller caller, Filter filter, @Nullable Place from, int rows, List<StoredRule> rules) {
    KeyFilter.Cursor before = from == null ? null : from.before;
    for (int i = 0; i < KEY_PAGES_MAX; i++) {
      KeyLists.Page page = keys(caller, filter, before);
      for (StoredKey stored : page.keys()) {
        ApiKey key = stored.key();
        int shown = from != null && from.key.equals(key.id()) ? from.shown : 0;
        List<StoredRule> own = visible(caller, key) ? rules(key) : List.of();
        for (int n = shown; n < own.size(); n++) {
          if (rules.size() == rows) {
            return new Page(rules, new Place(before, key.id(), n).text());
          }
          rules.add(own.get(n));
        }
        before = new KeyFilter.Cursor(key.createdMillis(), key.id());
      }
      if (!page.more()) {
        return new Page(rules, null);
      }
    }
    return new Page(rules, new Place(before, "", 0).text());
  }

  private KeyLists.Page keys(ApiCaller caller, Filter filter, KeyFilter.@Nullable Cursor before) {
    String organizationId = caller.tenant().organizationId();
    if (filter.subjectId == null) {
      Set<String> projects = caller.extent().confined() ? caller.principal().projects() : null;
      return keys.list(organizationId, new KeyFilter(null, projects, before, KeyFilter.ROWS_MAX));
    }
    return new KeyLists.Page(keys.find(organizationId, filter.subjectId).stream().toList(), false);
  }

  private List<StoredRule> table(
      ApiCaller caller, Filter filter, @Nullable String before, int rows) {
    return database.read(handle ->
        RuleStore.list(
            handle,
            caller.tenant().organizationId(),
            reach(caller),
            filter.on,
            filter.subjectId,
            before,
            rows));
  }

  /// A revoked key's rules hold for nothing; who is confined sees those of own keys alone.
  private static boolean visible(ApiCaller caller, ApiKey key) {
    return key.revokedMillis() == null
        && (!caller.extent().confined()
            || (caller.reaches(key.tenant().projectId()) && Reach.isOf(key, caller.id())));
  }

  private static List<StoredRule> rules(ApiKey key) {
    RuleOwner owner = new RuleOwner(key.tenant().organizationId(), Layer.KEY, key.id());
    List<StoredRule> all = new ArrayList<>();
    for (Rule rule : key.rules()) {
      all.add(new StoredRule(owner, rule));
    }
    return all;
  }

  private static RuleReach reach(ApiCaller caller) {
    return caller.extent().confined()
        ? new RuleReach(false, caller.principal().projects(), caller.id())
        : RuleReach.ALL;
  }
}
