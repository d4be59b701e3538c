package dev.gatewright.identity.session;

import dev.gatewright.account.Actor;
import dev.gatewright.net.IpLiteral;
import dev.gatewright.rest.ApiCall;

/// Where a session is begun or used.
///
/// @param address the caller's
/// @param agent the browser, as it calls itself; what cannot be shown is left out
/// @param host the name it came to
public record Place(String address, String agent, String requestId, String host) {
  public static Place of(ApiCall call) {
    return new Place(
        IpLiteral.format(call.client()),
        Actor.agent(call.headers("user-agent")),
        call.requestId(),
        call.origin().host());
  }

  /// A person who acts from here, for the audit chain.
  public Actor person(String personId) {
    return new Actor(Actor.Kind.PERSON, personId, address, requestId, "", agent);
  }

  /// One who runs the platform and acts as such from here.
  public Actor operator(String personId) {
    return new Actor(Actor.Kind.OPERATOR, personId, address, requestId, "", agent);
  }
}
