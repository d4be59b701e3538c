package dev.gatewright.edge;

import org.jspecify.annotations.Nullable;

/// What the access log, and a span, will say of one exchange; the edge fills in time, client,
/// method, bytes and duration itself. Confined to the exchange's event loop. Never holds a query, a
/// body or a credential.
public final class AccessEntry {
  private String route = "-";
  private @Nullable Caller caller;
  private @Nullable String event;
  private @Nullable String reason;
  private boolean traced;
  private boolean called;

  /// Whoever asks, as logs and spans name it.
  public interface Caller {
    /// A key's, or a token's issuer and subject.
    String id();

    String organizationId();

    String projectId();
  }

  public String route() {
    return route;
  }

  /// The template of the matched route, such as `/v1/models/{id}`.
  public void route(String template) {
    this.route = template;
  }

  public @Nullable String keyId() {
    return caller == null ? null : caller.id();
  }

  public @Nullable Caller caller() {
    return caller;
  }

  /// Who asks, once it is known.
  public void caller(Caller known) {
    this.caller = known;
  }

  public boolean traced() {
    return traced;
  }

  /// Its end is told to who collects traces.
  public void trace() {
    traced = true;
  }

  public boolean called() {
    return called;
  }

  /// A call has come of it, whose tries have spans below this one's.
  public void call() {
    called = true;
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
