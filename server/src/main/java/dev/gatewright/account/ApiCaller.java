package dev.gatewright.account;

import dev.gatewright.policy.Rule;
import dev.gatewright.rest.ApiCall;
import java.util.List;

/// Who calls the control plane, once admitted with an admin key. A `*Api` class finds one on every
/// call of its routes for admins and passes the tenant on to its store. Immutable.
///
/// @param keyId `key_…` of the admin key, or `local` for the command line's key of this start: what
///   `createdBy` and the audit log say
/// @param tenant the organization (and its first project) this caller is confined to
/// @param platformOwner may reach every organization
/// @param scope the admin key's own rules: what it makes or is handed must lie within them
/// @param manages the services whose manage scope the admin key may hand on, where it has rules
/// @param requestId `req_…`
/// @param address the caller's address, for the audit log
public record ApiCaller(
    String keyId,
    Tenant tenant,
    boolean platformOwner,
    List<Rule> scope,
    List<String> manages,
    String requestId,
    String address) {
  public ApiCaller {
    scope = List.copyOf(scope);
    manages = List.copyOf(manages);
  }

  /// Who calls a route for admins.
  public static ApiCaller of(ApiCall call) {
    return call.caller(ApiCaller.class);
  }

  /// Who acts, for the audit chain.
  public Actor actor() {
    return Actor.of(keyId, address, requestId);
  }
}
