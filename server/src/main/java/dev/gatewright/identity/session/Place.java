package dev.gatewright.identity.session;

import dev.gatewright.account.Actor;
import dev.gatewright.net.IpLiteral;
import dev.gatewright.rest.ApiCall;

/// Where a session is begun or used.
///
/// @param address the caller's
/// @param agent the browser, as it calls itself; what cannot be shown is left out
public record Place(String address, String agent, String requestId) {
  private static final int AGENT_CHARACTERS_MAX = 120;

  public static Place of(ApiCall call) {
    String agent =
        call.headers("user-agent").stream().findFirst().orElse("").replaceAll("[^\\x20-\\x7e]", "");
    return new Place(
        IpLiteral.format(call.client()),
        agent.length() > AGENT_CHARACTERS_MAX ? agent.substring(0, AGENT_CHARACTERS_MAX) : agent,
        call.requestId());
  }

  /// A person who acts from here, for the audit chain.
  public Actor person(String personId) {
    return new Actor(Actor.Kind.PERSON, personId, address, requestId);
  }

  /// One who runs the platform and acts as such from here.
  public Actor operator(String personId) {
    return new Actor(Actor.Kind.OPERATOR, personId, address, requestId);
  }
}
