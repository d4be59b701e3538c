package dev.gatewright.edge;

import org.jspecify.annotations.Nullable;

/// What the access log will say of one exchange; the edge fills in time, client, method, bytes and
/// duration itself. Confined to the exchange's event loop. Never holds a query, a body or a
/// credential.
public final class AccessEntry {
  private String route = "-";
  private @Nullable String keyId;
  private @Nullable String event;
  private @Nullable String reason;

  public String route() {
    return route;
  }

  /// The template of the matched route, such as `/v1/models/{id}`.
  public void route(String template) {
    this.route = template;
  }

  public @Nullable String keyId() {
    return keyId;
  }

  public void keyId(String keyId) {
    this.keyId = keyId;
  }

  public @Nullable String event() {
    return event;
  }

  /// A named occurrence, such as `auth_denied`.
  public void event(String event) {
    this.event = event;
  }

  public @Nullable String reason() {
    return reason;
  }

  /// Why the answer is what it is: a refusal's code, a phase, `caller_left`.
  public void reason(String reason) {
    this.reason = reason;
  }
}
