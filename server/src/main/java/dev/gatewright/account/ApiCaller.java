package dev.gatewright.account;

import dev.gatewright.policy.Rule;
import dev.gatewright.rest.ApiCall;
import java.util.List;

/// Who calls the control plane, and where: what the door found for a route whose access is a
/// permission in an organization. A `*Api` class passes the tenant on to its store. Immutable.
///
/// @param tenant the organization this call is confined to, and the project that is meant where
///   none is named
/// @param extent how far the route's permission goes for this caller
/// @param requestId `req_…`
/// @param address the caller's address, for the audit log
/// @param agent the caller's program, for the audit log; see [Actor#agent]
public record ApiCaller(
    Principal principal,
    Tenant tenant,
    Extent extent,
    String requestId,
    String address,
    String agent) {

  /// Who calls a route that asks for a permission in an organization, or for the platform.
  public static ApiCaller of(ApiCall call) {
    return call.caller(ApiCaller.class);
  }

  /// `key_…`, `per_…` or `local`.
  public String id() {
    return principal.id();
  }

  /// The same where something of another tenant is made, by who runs the platform.
  public ApiCaller in(Tenant other) {
    return new ApiCaller(principal, other, extent, requestId, address, agent);
  }

  /// Who acts, for the audit chain.
  public Actor actor() {
    return new Actor(principal.kind(), principal.id(), address, requestId, principal.via(), agent);
  }

  /// Runs the platform, or sits at its machine.
  public boolean platformOwner() {
    return switch (principal) {
      case Principal.Local _, Principal.Operator _ -> true;
      case Principal.KeyHolder _, Principal.InOrganization _, Principal.Person _ -> false;
    };
  }

  /// Whether a dangerous act asks for another proof first: sessions alone grow old.
  public boolean needsProof(long nowMillis) {
    return switch (principal) {
      case Principal.InOrganization member -> !member.session().provedLately(nowMillis);
      case Principal.Operator operator -> !operator.session().provedLately(nowMillis);
      case Principal.Person person -> !person.session().provedLately(nowMillis);
      case Principal.Local _, Principal.KeyHolder _ -> false;
    };
  }

  /// An admin key's own rules: what it makes or is handed must lie within them.
  public List<Rule> scope() {
    return principal instanceof Principal.KeyHolder key ? key.rules() : List.of();
  }

  /// The services whose manage scope an admin key with rules may hand on.
  public List<String> manages() {
    return principal instanceof Principal.KeyHolder key ? key.manages() : List.of();
  }

  /// Whether what belongs to this project is within the caller's reach.
  public boolean reaches(String projectId) {
    return !extent.confined() || principal.projects().contains(projectId);
  }
}
