package dev.gatewright.tenant.team;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Extent;
import dev.gatewright.account.Principal;
import dev.gatewright.account.Role;
import dev.gatewright.account.StandingStore;
import dev.gatewright.key.KeyState;
import dev.gatewright.key.KeyStore;
import dev.gatewright.rest.Permission;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// How far a caller's power over members goes, as it stands in the transaction that decides on it:
/// nobody grants, invites or takes away beyond the own role. Immutable.
///
/// @param role whose whole set the caller has
/// @param proved a session has proved itself lately; others need not
record Power(Role role, boolean proved) {
  /// Null when the caller may change no members (any more).
  static @Nullable Power of(Handle handle, ApiCaller caller, long nowMillis) {
    return switch (caller.principal()) {
      case Principal.Local _ -> new Power(Role.OWNER, true);
      case Principal.KeyHolder key -> usable(handle, caller, key, nowMillis) ? KEY : null;
      case Principal.InOrganization member -> {
        Role role = role(handle, caller.tenant().organizationId(), member.session().personId());
        yield role == null ? null : new Power(role, member.session().provedLately(nowMillis));
      }
      // Whoever acts for somebody puts nobody in and takes nobody out.
      case Principal.Operator _, Principal.Person _ -> null;
    };
  }

  /// An admin key without rules is its organization's whole power, but for owners.
  private static final Power KEY = new Power(Role.ADMIN, true);

  /// A key with rules that made members would make more than itself.
  private static boolean usable(
      Handle handle, ApiCaller caller, Principal.KeyHolder key, long nowMillis) {
    return KeyStore.find(handle, caller.tenant().organizationId(), key.keyId())
        .filter(stored -> KeyState.of(stored.key(), nowMillis).usable())
        .filter(stored -> stored.key().rules().isEmpty())
        .isPresent();
  }

  /// The role of whoever may change members; null for all others.
  static @Nullable Role role(Handle handle, String organizationId, String personId) {
    return StandingStore.find(handle, organizationId, personId)
        .map(standing -> standing.role())
        .filter(role -> role.extent(Permission.MEMBER_WRITE) != Extent.NONE)
        .orElse(null);
  }

  /// Whether it may make somebody that.
  boolean grants(Role wanted) {
    return wanted.within(role);
  }

  /// Whether it may change, or take out, who is that.
  boolean reaches(Role theirs) {
    return theirs != Role.OWNER || role == Role.OWNER;
  }
}
