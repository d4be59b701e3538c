package dev.gatewright.webhook;

import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.Organization;
import dev.gatewright.tenant.OrganizationStore;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One try of one delivery, and what it comes to. Blocks; thread-safe.
public final class Sending {
  private static final Timeouts PHASES =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(5));
  private static final long TOTAL_MILLIS_MAX = 20_000;
  private static final int ANSWER_BYTES_MAX = 256 << 10;

  /// A receiver that takes longer gets one at a time.
  private static final long SLOW_NANOS = Duration.ofSeconds(3).toNanos();

  private static final int GONE = 410;

  private final Database database;
  private final WebhookSecrets secrets;
  private final Fetch fetch;
  private final WebhookChanges changes;
  private final Terms on;
  private final String worker;

  /// @param rules of targets defined by API: asked each time an address is dialled
  public record Terms(DialRules rules, RandomGenerator chance, Time time) {}

  Sending(
      Database database,
      WebhookSecrets secrets,
      Fetch fetch,
      WebhookChanges changes,
      Terms on,
      String worker) {
    this.database = database;
    this.secrets = secrets;
    this.fetch = fetch;
    this.changes = changes;
    this.on = on;
    this.worker = worker;
  }

  /// What the receiver made of it.
  ///
  /// @param status 0 = there was no answer
  /// @param askedSeconds by `Retry-After`
  private record Outcome(int status, String problem, long askedSeconds) {
    boolean well() {
      return problem.isEmpty();
    }
  }

  private record Found(@Nullable Webhook webhook, Optional<String> body) {}

  /// @param claimed as it was before the claim
  /// @return whether it went well, and quickly
  boolean send(Delivery claimed) {
    Delivery taken = taken(claimed);
    Found found =
        database.read(handle -> {
          boolean open =
              OrganizationStore.find(handle, taken.organizationId())
                  .filter(each -> each.state() == Organization.State.ACTIVE)
                  .isPresent();
          Webhook webhook =
              open
                  ? WebhookStore.find(handle, taken.organizationId(), taken.webhookId())
                      .orElse(null)
                  : null;
          return new Found(
              webhook, OutboxStore.body(handle, taken.organizationId(), taken.eventId()));
        });
    Webhook webhook = found.webhook;
    if (webhook == null || !webhook.enabled() || found.body.isEmpty()) {
      database.write(handle ->
          OutboxStore.end(
              handle, taken, worker, "dropped", 0, "nobody is to be told", on.time.millis()));
      return true;
    }
    long begun = on.time.nanos();
    settle(taken, webhook, once(taken, webhook, found.body.get()));
    return on.time.nanos() - begun < SLOW_NANOS && webhook.failingSinceMillis() == 0;
  }

  private static Delivery taken(Delivery claimed) {
    return new Delivery(
        claimed.organizationId(),
        claimed.id(),
        claimed.webhookId(),
        claimed.eventId(),
        claimed.kind(),
        claimed.objectId(),
        "taken",
        claimed.attempts() + 1,
        claimed.dueMillis(),
        claimed.untilMillis(),
        claimed.status(),
        claimed.problem(),
        claimed.createdMillis(),
        0);
  }

  private Outcome once(Delivery taken, Webhook webhook, String body) {
    long now = on.time.millis();
    long seconds = now / 1_000;
    String signatures = secrets.signatures(webhook, taken.eventId(), seconds, body, now);
    if (signatures == null) {
      return new Outcome(0, "its secret cannot be opened", 0);
    }
    Target target = Target.of(webhook.url());
    Fetch.Fetched fetched =
        fetch.send(
            new Fetch.Request(
                target.origin(),
                on.rules,
                "POST",
                target.path(),
                Map.of(
                    "content-type", Secret.of("application/json"),
                    "user-agent", Secret.of("gatewright-webhooks/1"),
                    "webhook-id", Secret.of(taken.eventId()),
                    "webhook-timestamp", Secret.of(Long.toString(seconds)),
                    "webhook-signature", Secret.of(signatures)),
                body,
                PHASES,
                TOTAL_MILLIS_MAX,
                ANSWER_BYTES_MAX));
    return switch (fetched) {
      case Fetch.Fetched.Failed(var failure) -> new Outcome(0, failure.message(), 0);
      case Fetch.Fetched.Answer answer ->
          answer.status() / 100 == 2
              ? new Outcome(answer.status(), "", 0)
              : new Outcome(
                  answer.status(),
                  "status %d (expected: 2xx)".formatted(answer.status()),
                  asked(answer.headers().getOrDefault("retry-after", "")));
    };
  }

  private static long asked(String retryAfter) {
    return retryAfter.matches("[0-9]{1,9}") ? Long.parseLong(retryAfter) : 0;
  }

  private void settle(Delivery taken, Webhook webhook, Outcome outcome) {
    long now = on.time.millis();
    if (outcome.well()) {
      database.write(handle -> {
        WebhookStore.failing(handle, webhook.organizationId(), webhook.id(), 0);
        return OutboxStore.end(handle, taken, worker, "delivered", outcome.status, "", now);
      });
      return;
    }
    long due =
        now + Retries.afterMillis(taken.attempts(), outcome.askedSeconds, on.chance.nextDouble());
    boolean over = due >= taken.untilMillis() || outcome.status == GONE;
    database.write(handle -> {
      WebhookStore.failing(handle, webhook.organizationId(), webhook.id(), now);
      return over
          ? OutboxStore.end(handle, taken, worker, "failed", outcome.status, outcome.problem, now)
          : OutboxStore.again(handle, taken, worker, outcome.status, outcome.problem, due);
    });
    long since = webhook.failingSinceMillis();
    if (outcome.status == GONE) {
      changes.giveUp(webhook, "its receiver says that it is gone (410)");
    } else if (since > 0 && now - since >= Retries.FAILING_MILLIS_MAX) {
      changes.giveUp(webhook, "it took nothing for two days; the last try: " + outcome.problem);
    }
  }
}
