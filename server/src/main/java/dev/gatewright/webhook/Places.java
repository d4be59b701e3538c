package dev.gatewright.webhook;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// How much of this process's sending each webhook and organization has: a receiver that is slow
/// waits for itself. Thread-safe.
final class Places {
  private static final int ALL_MAX = 64;
  private static final int ORGANIZATION_MAX = 16;
  private static final int WEBHOOK_MAX = 4;

  private final Map<String, Integer> webhooks = new HashMap<>();
  private final Map<String, Integer> organizations = new HashMap<>();

  /// Webhooks whose last try went wrong or took long: one at a time.
  private final Set<String> slow = new HashSet<>();

  private int all;

  synchronized boolean enter(Delivery delivery) {
    String webhook = delivery.webhookId();
    if (all >= ALL_MAX
        || organizations.getOrDefault(delivery.organizationId(), 0) >= ORGANIZATION_MAX
        || webhooks.getOrDefault(webhook, 0) >= (slow.contains(webhook) ? 1 : WEBHOOK_MAX)) {
      return false;
    }
    all++;
    organizations.merge(delivery.organizationId(), 1, Integer::sum);
    webhooks.merge(webhook, 1, Integer::sum);
    return true;
  }

  synchronized void leave(Delivery delivery) {
    all--;
    less(organizations, delivery.organizationId());
    less(webhooks, delivery.webhookId());
  }

  private static void less(Map<String, Integer> counts, String id) {
    counts.computeIfPresent(id, (_, count) -> count == 1 ? null : (Integer) (count - 1));
  }

  synchronized void wentWell(String webhookId, boolean well) {
    if (well) {
      slow.remove(webhookId);
    } else {
      slow.add(webhookId);
    }
  }

  synchronized int free() {
    return ALL_MAX - all;
  }

  /// Webhooks with something under way: what may be more than they may have.
  synchronized Collection<String> full() {
    return webhooks.entrySet().stream()
        .filter(each -> each.getValue() >= (slow.contains(each.getKey()) ? 1 : WEBHOOK_MAX))
        .map(Map.Entry::getKey)
        .toList();
  }
}
