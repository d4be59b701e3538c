package dev.gatewright.web;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.admission.Admitted;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.LocalAdmin;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.Problem;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lets a call in as its route's [Access] says, and finds who calls. Blocks while a key is read;
/// thread-safe.
final class Door {
  private final PortalAdmission admission;

  Door(PortalAdmission admission) {
    this.admission = admission;
  }

  /// What the handler gets as its caller: an [ApiCaller] for admins, an [ApiKey] for live keys.
  ///
  /// @throws Problem 401, 403, 429, 503
  @Nullable Object open(
      Access access, ApiCall.Origin origin, Function<String, List<String>> headers) {
    return switch (access) {
      case Access.Admin _ -> admin(key(origin, headers), origin);
      case Access.LiveKey _ -> live(key(origin, headers));
      case Access.RoomCaller _, Access.Everybody _ -> null;
    };
  }

  /// The key presented.
  ///
  /// @throws Problem 401, 403, 429, 503
  ApiKey key(ApiCall.Origin origin, Function<String, List<String>> headers) {
    return switch (admission.admit(headers, origin.client())) {
      case Admitted.No no -> throw new Problem(no.refusal());
      case Admitted.Yes yes -> yes.caller().key();
    };
  }

  private static ApiCaller admin(ApiKey key, ApiCall.Origin origin) {
    if (key.kind() != ApiKey.Kind.ADMIN) {
      throw Problem.denied(
          "This needs an admin key (gw_admin_…); the key presented is another kind.");
    }
    return new ApiCaller(
        LocalAdmin.actor(key),
        key.tenant(),
        LocalAdmin.is(key),
        key.rules(),
        key.manages(),
        origin.requestId(),
        origin.client().getHostAddress());
  }

  private static ApiKey live(ApiKey key) {
    if (key.kind() != ApiKey.Kind.LIVE) {
      throw Problem.denied("This is for live keys; the key presented is another kind.");
    }
    return key;
  }
}
