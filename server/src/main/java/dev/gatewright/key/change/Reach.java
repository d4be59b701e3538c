package dev.gatewright.key.change;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Extent;
import dev.gatewright.account.Principal;
import dev.gatewright.account.Standing;
import dev.gatewright.account.StandingStore;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyState;
import dev.gatewright.key.KeyStore;
import dev.gatewright.key.StoredKey;
import dev.gatewright.policy.Rule;
import dev.gatewright.policy.Scope;
import dev.gatewright.rest.Permission;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// How far a caller's power over keys goes, as it stands in the transaction that decides on it. An
/// admin key makes none, is handed none, changes none and gives none away that may do more than
/// itself; a developer has the own keys of the projects granted. Immutable.
public final class Reach {
  public static final String GONE =
      "Whoever asks for this may not any more: the admin key or the membership is no longer valid.";

  /// The organization's whole power.
  private static final Reach WHOLE = new Reach(List.of(), List.of(), true, null, null);

  private final List<Rule> scope;
  private final List<String> manages;

  /// It may let a key call what no budget can count.
  private final boolean unpriced;

  /// Of a member whose permission is confined; null = every project and every key.
  private final @Nullable Standing standing;

  private final @Nullable String personId;

  private Reach(
      List<Rule> scope,
      List<String> manages,
      boolean unpriced,
      @Nullable Standing standing,
      @Nullable String personId) {
    this.scope = scope;
    this.manages = manages;
    this.unpriced = unpriced;
    this.standing = standing;
    this.personId = personId;
  }

  /// As the caller stands in this transaction, not as it stood when the call was let in; null when
  /// it may change no keys any more.
  public static @Nullable Reach of(Handle handle, ApiCaller caller, long nowMillis) {
    return switch (caller.principal()) {
      case Principal.Local _ -> WHOLE;
      case Principal.KeyHolder key -> byKey(handle, caller, key.keyId(), nowMillis);
      case Principal.InOrganization member ->
          StandingStore.find(handle, caller.tenant().organizationId(), member.session().personId())
              .map(standing -> byRole(standing, member.session().personId()))
              .orElse(null);
      // Whoever acts for somebody makes no keys there.
      case Principal.Operator _, Principal.Person _ -> null;
    };
  }

  private static @Nullable Reach byKey(
      Handle handle, ApiCaller caller, String keyId, long nowMillis) {
    StoredKey own = KeyStore.find(handle, caller.tenant().organizationId(), keyId).orElse(null);
    if (own == null || !KeyState.of(own.key(), nowMillis).usable()) {
      return null;
    }
    ApiKey key = own.key();
    boolean unpriced = key.rules().isEmpty() || key.power().spending().unpriced();
    return new Reach(key.rules(), key.manages(), unpriced, null, null);
  }

  private static @Nullable Reach byRole(Standing standing, String personId) {
    Extent extent = standing.role().extent(Permission.KEY_WRITE);
    if (extent == Extent.NONE) {
      return null;
    }
    return extent.confined() ? new Reach(List.of(), List.of(), false, standing, personId) : WHOLE;
  }

  /// Whether a key is there at all for this caller.
  boolean sees(ApiKey key) {
    return reaches(key.tenant().projectId());
  }

  boolean reaches(String projectId) {
    return standing == null || standing.reaches(Permission.KEY_WRITE, projectId);
  }

  /// The member whose keys alone it reaches; null = anybody's.
  @Nullable String onlyOf() {
    return personId;
  }

  /// The organization's whole power: no rule of its own stands in its way.
  public boolean whole() {
    return scope.isEmpty();
  }

  /// Why a key goes beyond; null when it does not.
  public @Nullable String exceeded(ApiKey key) {
    if (personId != null && !isOf(key, personId)) {
      return "the key is not yours: the permission key.write of your role is for your own keys";
    }
    if (personId != null && key.kind() == ApiKey.Kind.ADMIN) {
      return "admin keys are for the roles owner and admin";
    }
    return exceeded(key.rules(), key.manages());
  }

  /// Why a key may not become one whose calls no budget counts; null when it may, or is one
  /// already.
  ///
  /// @param before null = it is to be made
  @Nullable String unpriced(@Nullable ApiKey before, ApiKey after) {
    return unpriced || laxity(after) <= (before == null ? laxity(null) : laxity(before))
        ? null
        : "allow_unpriced is for the roles owner and admin, and for admin keys that have it: what has no price is in no budget";
  }

  /// A no is less than nothing, and nothing less than a yes.
  private static int laxity(@Nullable ApiKey key) {
    Boolean allows = key == null ? null : key.power().spending().allowUnpriced();
    return allows == null ? 1 : allows ? 2 : 0;
  }

  /// Whether a key is a member's: owned, or made by that member for the project.
  public static boolean isOf(ApiKey key, String personId) {
    String owner = key.owner();
    return owner == null ? key.createdBy().equals(personId) : owner.equals(personId);
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
