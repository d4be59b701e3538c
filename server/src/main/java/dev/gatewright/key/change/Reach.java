package dev.gatewright.key.change;

import dev.gatewright.account.Actor;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyState;
import dev.gatewright.key.KeyStore;
import dev.gatewright.key.StoredKey;
import dev.gatewright.policy.Rule;
import dev.gatewright.policy.Scope;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// How far an admin key's power goes over other keys: it makes none, is handed none, changes none
/// and gives none away that may do more than itself. Immutable.
public final class Reach {
  public static final String GONE = "The admin key that asks for this is no longer valid.";

  /// The organization's whole power.
  private static final Reach WHOLE = new Reach(List.of(), List.of());

  private final List<Rule> scope;
  private final List<String> manages;

  private Reach(List<Rule> scope, List<String> manages) {
    this.scope = scope;
    this.manages = manages;
  }

  /// As the caller's key stands in this transaction, not as it stood when the call was let in; null
  /// when it may not be used any more.
  public static @Nullable Reach of(Handle handle, ApiCaller caller, long nowMillis) {
    if (caller.actor().kind() != Actor.Kind.KEY) {
      return WHOLE;
    }
    StoredKey own =
        KeyStore.find(handle, caller.tenant().organizationId(), caller.id()).orElse(null);
    return own == null || !KeyState.of(own.key(), nowMillis).usable()
        ? null
        : new Reach(own.key().rules(), own.key().manages());
  }

  /// Why a key goes beyond; null when it does not.
  public @Nullable String exceeded(ApiKey key) {
    return exceeded(key.rules(), key.manages());
  }

  /// The same for a key that is not made yet.
  public @Nullable String exceeded(List<Rule> rules, List<String> wanted) {
    String beyond = "the key would go beyond the admin key that asks for it, which ";
    Rule exceeded = Scope.exceeded(scope, rules);
    if (exceeded != null) {
      return beyond + "has the rule: " + exceeded.text();
    }
    for (String service : wanted) {
      // An admin key without rules is its organization's whole power; one with rules is not.
      if (!scope.isEmpty() && !manages.contains(service)) {
        return beyond + "lacks the scope " + service + ":manage";
      }
    }
    return null;
  }
}
