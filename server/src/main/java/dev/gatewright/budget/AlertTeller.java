package dev.gatewright.budget;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.budget.BudgetAlertStore.Alert;
import dev.gatewright.job.Job;
import dev.gatewright.job.Rounds;
import dev.gatewright.ledger.Usd;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.mail.Letter;
import dev.gatewright.mail.Mail;
import dev.gatewright.rest.Json;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.Organization;
import dev.gatewright.tenant.OrganizationStore;
import dev.gatewright.tenant.PeopleStore;
import dev.gatewright.webhook.Happenings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Tells owners and who pays, by mail, and webhooks, of windows that have come so far: whichever
/// replica is first, in one transaction with the note that it is told. What a soft budget counts is
/// told as the usage of what it is on, too. Sweeps windows that are long over. Thread-safe.
public final class AlertTeller implements AutoCloseable {
  private static final String MAIL = "budget.alert";
  private static final int ALERTS_MAX = 100;
  private static final int TOLD_MAX = 20;
  private static final int SWEPT_MAX = 1_000;
  private static final long KEPT_MILLIS = Duration.ofDays(35).toMillis();
  private static final long COUNTS_KEPT_MILLIS = Duration.ofDays(70).toMillis();
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final int SWEEP_EVERY = 1_800;

  private final Database database;
  private final Mail mail;
  private final Time time;
  private final Rounds rounds = new Rounds();

  /// Of the thread alone.
  private int turns;

  private AlertTeller(Database database, Mail mail, Time time) {
    this.database = database;
    this.mail = mail;
    this.time = time;
  }

  public static AlertTeller start(Database database, Mail mail, Time time) {
    AlertTeller teller = new AlertTeller(database, mail, time);
    mail.register(MAIL, teller::letter);
    teller.rounds.start("budget-alerts", PAUSE, "budget alerts wait", teller::turn);
    return teller;
  }

  private void turn() {
    round();
    if (++turns % SWEEP_EVERY == 0) {
      sweep();
    }
  }

  void round() {
    for (Alert alert : database.read(handle -> BudgetAlertStore.open(handle, ALERTS_MAX))) {
      boolean _ = database.write(handle -> tell(handle, alert));
    }
  }

  private void sweep() {
    long now = time.millis();
    int _ =
        database.write(handle ->
            BudgetPurseStore.sweep(handle, now - KEPT_MILLIS, SWEPT_MAX)
                + BudgetCountStore.sweep(handle, now - COUNTS_KEPT_MILLIS));
  }

  private boolean tell(Handle handle, Alert alert) {
    if (!BudgetAlertStore.take(handle, alert, time.millis())) {
      return false;
    }
    String organizationId = alert.organizationId();
    Budget budget = BudgetStore.find(handle, organizationId, alert.budgetId()).orElse(null);
    ObjectNode data = data(alert, budget);
    Happenings.tell(handle, organizationId, "budget.alert", alert.budgetId(), data, time.millis());
    if (budget != null && !budget.hard()) {
      Happenings.tell(handle, organizationId, "usage.threshold", budget.on(), data, time.millis());
    }
    for (String person : BudgetAlertStore.told(handle, organizationId, TOLD_MAX)) {
      ObjectNode payload = data.deepCopy().put("to", person);
      var _ =
          mail.add(
              handle, organizationId, MAIL, payload.toString(), time.millis() + Mail.NOTICE_MILLIS);
    }
    return true;
  }

  /// @param budget null = it was removed meanwhile
  private static ObjectNode data(Alert alert, @Nullable Budget budget) {
    ObjectNode data = JsonNodeFactory.instance.objectNode().put("budget", alert.budgetId());
    if (budget != null) {
      data.put("on", budget.on()).put("per", budget.per().word()).put("hard", budget.hard());
    }
    return data.put("percent", alert.percent())
        .put("usd", Usd.text(alert.nano()))
        .put("spent", Usd.text(alert.spent()))
        .put("starts_at", Instant.ofEpochMilli(alert.startMillis()).toString());
  }

  private @Nullable Letter letter(Job job) {
    JsonNode payload = Json.tree(job.payload().getBytes(StandardCharsets.UTF_8));
    return database.readOrNull(handle -> {
      Organization organization =
          OrganizationStore.find(handle, job.organizationId())
              .filter(found -> found.state() == Organization.State.ACTIVE)
              .orElse(null);
      String address = PeopleStore.email(handle, payload.path("to").asText()).orElse("");
      EmailAddress to = EmailAddress.parse(address);
      return organization == null || to == null ? null : letter(to, organization.name(), payload);
    });
  }

  private static Letter letter(EmailAddress to, String organization, JsonNode payload) {
    String percent = payload.path("percent").asText();
    return new Letter(
        to,
        "A budget of %s has come to %s %%"
            .formatted(organization.substring(0, Math.min(80, organization.length())), percent),
        """
        The budget %s on %s has come to %s %% in the %s that began at %s:
        %s of %s USD.

        %s
        """
            .formatted(
                payload.path("budget").asText(),
                payload.path("on").asText("something"),
                percent,
                payload.path("per").asText("window"),
                payload.path("starts_at").asText(),
                payload.path("spent").asText(),
                payload.path("usd").asText(),
                payload.path("hard").asBoolean()
                    ? "At 100 % calls are refused."
                    : "Nothing is refused; it counts and tells."));
  }

  @Override
  public void close() {
    rounds.close();
  }
}
