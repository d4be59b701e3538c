package dev.gatewright.key.change;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Extent;
import dev.gatewright.account.Principal;
import dev.gatewright.account.StandingStore;
import dev.gatewright.key.KeyState;
import dev.gatewright.key.KeyStore;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import org.jdbi.v3.core.Handle;

/// What the door let a caller in for, asked once more under the organization's lock: a role that
/// was lowered or a key that was disabled meanwhile writes nothing.
public final class Rights {
  private Rights() {}

  /// @throws Problem when the caller has the permission no more
  public static void require(
      Handle handle, ApiCaller caller, Permission permission, long nowMillis) {
    if (!stand(handle, caller, permission, nowMillis)) {
      throw Problem.denied(Reach.GONE);
    }
  }

  /// Whether the caller has the permission as things stand in this transaction.
  public static boolean stand(
      Handle handle, ApiCaller caller, Permission permission, long nowMillis) {
    String organizationId = caller.tenant().organizationId();
    return switch (caller.principal()) {
      case Principal.Local _ -> true;
      case Principal.KeyHolder key ->
          KeyStore.find(handle, organizationId, key.keyId())
              .filter(stored -> KeyState.of(stored.key(), nowMillis).usable())
              .isPresent();
      case Principal.InOrganization member ->
          StandingStore.find(handle, organizationId, member.session().personId())
              .filter(now -> now.role().extent(permission) != Extent.NONE)
              .isPresent();
      // Their right is the session's, which the door has read.
      case Principal.Operator _, Principal.Person _ -> true;
    };
  }
}
