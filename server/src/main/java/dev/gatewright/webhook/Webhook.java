package dev.gatewright.webhook;

import java.util.List;

/// Where an organization is told what happens. Immutable.
///
/// @param events what it wants to hear; see [Kinds]
/// @param secret sealed; see [WebhookSecrets]
/// @param oldSecret sealed; signs as well until `oldUntilMillis`; empty = there is none
/// @param failingSinceMillis 0 = the last try went well
record Webhook(
    String organizationId,
    String id,
    String url,
    String note,
    List<String> events,
    String secret,
    String oldSecret,
    long oldUntilMillis,
    State state,
    long failingSinceMillis,
    String createdBy,
    long createdMillis,
    long version) {
  /// An organization has no more of them.
  static final int WEBHOOKS_MAX = 20;

  /// Whether it is told anything.
  enum State {
    ENABLED,
    /// By somebody.
    DISABLED,
    /// By the gate: it took nothing for days.
    FAILING;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    static State of(String word) {
      return valueOf(word.toUpperCase(java.util.Locale.ROOT));
    }
  }

  Webhook {
    events = List.copyOf(events);
  }

  boolean enabled() {
    return state == State.ENABLED;
  }

  @Override
  public String toString() {
    return "Webhook[" + organizationId + " " + id + "]";
  }
}
