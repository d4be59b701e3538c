package dev.gatewright.webhook;

/// An event on its way to one webhook.
///
/// @param state `waiting`, `taken`, `delivered`, `failed` or `dropped`
/// @param attempts how often it was begun, the one under way included
/// @param dueMillis its next try
/// @param untilMillis there is no try after this
/// @param status of the last answer; 0 = there was none
/// @param problem what went wrong the last time; empty = nothing
/// @param endedMillis 0 = it is open
record Delivery(
    String organizationId,
    String id,
    String webhookId,
    String eventId,
    String kind,
    String objectId,
    String state,
    long attempts,
    long dueMillis,
    long untilMillis,
    int status,
    String problem,
    long createdMillis,
    long endedMillis) {
  boolean open() {
    return endedMillis == 0;
  }
}
