package dev.gatewright.webhook;

import dev.gatewright.rest.ETag;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Webhooks and deliveries as REST shows them.
final class WebhookView {
  private WebhookView() {}

  /// The schema `Webhook`.
  record Shown(
      String id,
      String url,
      List<String> events,
      String note,
      String state,
      @Nullable Instant failingSince,
      @Nullable Instant oldSecretUntil,
      String createdBy,
      Instant createdAt) {}

  static Shown of(Webhook webhook, long nowMillis) {
    return new Shown(
        webhook.id(),
        webhook.url(),
        webhook.events(),
        webhook.note(),
        webhook.state().word(),
        time(webhook.failingSinceMillis()),
        time(webhook.oldUntilMillis() > nowMillis ? webhook.oldUntilMillis() : 0),
        webhook.createdBy(),
        Instant.ofEpochMilli(webhook.createdMillis()));
  }

  static String tag(Webhook webhook) {
    return ETag.of(webhook.id(), webhook.createdMillis(), webhook.version());
  }

  /// The schema `WebhookDelivery`.
  record Sent(
      String id,
      String event,
      String type,
      String object,
      String state,
      long attempts,
      @Nullable Integer status,
      @Nullable String problem,
      @Nullable Instant nextAt,
      Instant createdAt,
      @Nullable Instant endedAt) {}

  static Sent of(Delivery delivery) {
    return new Sent(
        delivery.id(),
        delivery.eventId(),
        delivery.kind(),
        delivery.objectId(),
        delivery.state().equals("taken") ? "waiting" : delivery.state(),
        delivery.attempts(),
        delivery.status() == 0 ? null : delivery.status(),
        delivery.problem().isEmpty() ? null : delivery.problem(),
        time(delivery.open() ? delivery.dueMillis() : 0),
        Instant.ofEpochMilli(delivery.createdMillis()),
        time(delivery.endedMillis()));
  }

  private static @Nullable Instant time(long millis) {
    return millis == 0 ? null : Instant.ofEpochMilli(millis);
  }
}
