package dev.gatewright.webhook;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.Actor;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Role;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.rest.Permission;
import dev.gatewright.tenant.OrganizationStore;
import dev.gatewright.tenant.TenantWrites;
import dev.gatewright.tenant.notice.Notices;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The one way webhooks are made and changed: one transaction each, with its audit entry. Blocks;
/// thread-safe.
public final class WebhookChanges {
  private static final String KIND = "webhook";

  private final TenantWrites writes;
  private final Notices notices;

  public WebhookChanges(TenantWrites writes, Notices notices) {
    this.writes = writes;
    this.notices = notices;
  }

  long now() {
    return writes.now();
  }

  List<Webhook> all(String organizationId) {
    return writes.read(handle -> WebhookStore.all(handle, organizationId));
  }

  List<Delivery> deliveries(
      String organizationId, String webhookId, @Nullable String before, int rows) {
    return writes.read(
        handle -> OutboxStore.deliveries(handle, organizationId, webhookId, before, rows));
  }

  /// False when the organization has as many as it may have.
  boolean create(ApiCaller caller, Webhook made) {
    return writes.run(
        caller,
        Permission.WEBHOOK_WRITE,
        handle -> {
          if (WebhookStore.all(handle, made.organizationId()).size() >= Webhook.WEBHOOKS_MAX) {
            return false;
          }
          WebhookStore.insert(handle, made);
          told(handle, caller.tenant(), caller.actor(), "create", made);
          return true;
        });
  }

  /// Empty when there is none (any more).
  ///
  /// @param change sees what is there under the lock, and throws when that is not what it was
  Optional<Webhook> edit(ApiCaller caller, String id, String act, UnaryOperator<Webhook> change) {
    String organization = caller.tenant().organizationId();
    return writes.run(
        caller,
        Permission.WEBHOOK_WRITE,
        handle -> {
          Webhook before = WebhookStore.find(handle, organization, id).orElse(null);
          if (before == null) {
            return Optional.<Webhook>empty();
          }
          Webhook after = change.apply(before);
          WebhookStore.update(handle, after);
          if (before.enabled() && !after.enabled()) {
            OutboxStore.endAll(handle, organization, id, "the webhook was disabled", now());
          }
          told(handle, caller.tenant(), caller.actor(), act, after);
          return WebhookStore.find(handle, organization, id);
        });
  }

  boolean remove(ApiCaller caller, String id, java.util.function.Consumer<Webhook> guard) {
    String organization = caller.tenant().organizationId();
    return writes.run(
        caller,
        Permission.WEBHOOK_WRITE,
        handle -> {
          Webhook before = WebhookStore.find(handle, organization, id).orElse(null);
          if (before == null) {
            return false;
          }
          guard.accept(before);
          OutboxStore.deleteOf(handle, organization, id);
          WebhookStore.delete(handle, organization, id);
          told(handle, caller.tenant(), caller.actor(), "delete", before);
          return true;
        });
  }

  /// Leaves an event of nothing for one webhook, whatever it subscribes to.
  Optional<Delivery> test(ApiCaller caller, String id) {
    String organization = caller.tenant().organizationId();
    return writes.run(
        caller,
        Permission.WEBHOOK_WRITE,
        handle -> {
          if (WebhookStore.find(handle, organization, id).isEmpty()) {
            return Optional.<Delivery>empty();
          }
          ObjectNode data = JsonNodeFactory.instance.objectNode().put("test", true);
          String delivery =
              Happenings.leave(
                      handle,
                      new Happenings.Happening(organization, Kinds.TEST, id, data, now()),
                      List.of(id))
                  .getFirst();
          return OutboxStore.delivery(handle, organization, delivery);
        });
  }

  /// Begins a delivery anew; empty when there is none of this webhook.
  Optional<Delivery> resend(ApiCaller caller, String webhookId, String id) {
    String organization = caller.tenant().organizationId();
    return writes.run(
        caller,
        Permission.WEBHOOK_WRITE,
        handle -> {
          Delivery there =
              OutboxStore.delivery(handle, organization, id)
                  .filter(each -> each.webhookId().equals(webhookId))
                  .orElse(null);
          if (there == null) {
            return Optional.<Delivery>empty();
          }
          OutboxStore.resend(handle, organization, id, now(), now() + Retries.LIFE_MILLIS);
          return OutboxStore.delivery(handle, organization, id);
        });
  }

  /// The gate disables one that took nothing for days, and tells those who can mend it.
  void giveUp(Webhook webhook, String why) {
    Tenant tenant =
        writes
            .read(handle -> OrganizationStore.tenant(handle, webhook.organizationId()))
            .orElse(null);
    if (tenant == null) {
      return;
    }
    writes.run(
        tenant,
        handle -> {
          if (WebhookStore.giveUp(handle, webhook.organizationId(), webhook.id())) {
            OutboxStore.endAll(
                handle, webhook.organizationId(), webhook.id(), "the webhook was disabled", now());
            told(handle, tenant, Actor.SYSTEM, "disable", webhook);
            notices.tell(
                handle,
                webhook.organizationId(),
                List.of(Role.OWNER, Role.ADMIN),
                "The webhook %s to %s was disabled: %s. What happened meanwhile was not told to it. Enable it again once its receiver answers."
                    .formatted(webhook.id(), host(webhook), why),
                now());
          }
          return 0;
        });
  }

  private void told(Handle handle, Tenant tenant, Actor actor, String act, Webhook webhook) {
    ObjectNode detail = AuditLog.detail().put("host", host(webhook));
    detail.put("state", webhook.state().word());
    webhook.events().forEach(detail.putArray("events")::add);
    writes.told(handle, tenant, actor, KIND, act, webhook.id(), detail);
  }

  /// Paths of webhooks often hold what nobody else should know.
  private static String host(Webhook webhook) {
    String host = URI.create(webhook.url()).getHost();
    return host == null ? "" : host;
  }
}
