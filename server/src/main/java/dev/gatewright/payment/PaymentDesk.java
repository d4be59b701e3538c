package dev.gatewright.payment;

import dev.gatewright.job.Rounds;
import dev.gatewright.payment.InboxStore.Received;
import dev.gatewright.payment.PaymentProvider.Outcome;
import dev.gatewright.payment.PaymentProvider.Payer;
import dev.gatewright.payment.PaymentProvider.Payment;
import dev.gatewright.payment.PaymentProvider.State;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Works off what concerns payments, once a second: what the provider sent, what is open for long,
/// and whose card is to be charged. Replicas share the work; what one leaves behind when it dies
/// another takes a minute later. Thread-safe.
final class PaymentDesk implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PaymentDesk.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int ROWS_MAX = 50;
  private static final long CLAIM_MILLIS = Duration.ofMinutes(3).toMillis();

  /// An event whose payment cannot be asked for is tried again after this, more each time.
  private static final long AGAIN_MILLIS = 5_000;

  private static final int DOUBLINGS_MAX = 10;

  /// How often an open payment is asked for where nothing is heard.
  private static final long LOOK_MILLIS = Duration.ofMinutes(10).toMillis();

  /// A page lives a day; what Stripe did under a key it knows for a day as well.
  private static final long LIFE_MILLIS = Duration.ofHours(30).toMillis();

  private static final long KEY_MILLIS = Duration.ofHours(20).toMillis();
  private static final long NANO_PER_CENT = 10_000_000;

  private final PaymentProvider provider;
  private final Payments payments;
  private final Refunds refunds;
  private final Database database;
  private final Time time;
  private final Rounds rounds = new Rounds();

  PaymentDesk(
      PaymentProvider provider, Payments payments, Refunds refunds, Database database, Time time) {
    this.provider = provider;
    this.payments = payments;
    this.refunds = refunds;
    this.database = database;
    this.time = time;
  }

  PaymentDesk start() {
    rounds.start("payments", POLL, "payments could not be looked at", this::round);
    return this;
  }

  void round() {
    long now = time.millis();
    for (Received each : database.read(handle -> InboxStore.due(handle, now, ROWS_MAX))) {
      if (database.write(handle -> InboxStore.claim(handle, each, now + CLAIM_MILLIS))) {
        look(each);
      }
    }
    for (Topup each : database.read(handle -> TopupStore.due(handle, now, ROWS_MAX))) {
      if (database.write(handle -> TopupStore.claim(handle, each, now + CLAIM_MILLIS))) {
        resolve(each);
      }
    }
    refunds.round(database);
    for (AutoTopupStore.Due each :
        database.read(handle -> AutoTopupStore.due(handle, now, ROWS_MAX))) {
      charge(each);
    }
  }

  private void look(Received received) {
    String id = received.notice().id();
    switch (provider.fetch(received.notice().reference())) {
      case Outcome.Good<Payment>(Payment payment) -> end(id, payments.apply(payment));
      case Outcome.Refused<Payment> _ -> end(id, false);
      case Outcome.Unknown<Payment>(String problem) -> {
        long pause = AGAIN_MILLIS << Math.min(DOUBLINGS_MAX, received.attempts());
        LOG.warn("a payment could not be asked for, again in {} ms: {}", pause, problem);
        database.write(handle -> {
          InboxStore.again(handle, id, time.millis() + pause);
          return 0;
        });
      }
    }
  }

  private void end(String id, boolean ours) {
    database.write(handle -> {
      InboxStore.end(handle, id, ours ? "done" : "ignored");
      return 0;
    });
  }

  /// Finds out what became of one that is open: by asking, or where nobody knows whether it was
  /// begun at all, by the same again under its id.
  private void resolve(Topup topup) {
    long now = time.millis();
    if (topup.auto()
        && topup.state().equals(Topup.BEGUN)
        && now - topup.createdMillis() < KEY_MILLIS) {
      AutoTopup auto = payments.auto(topup.organizationId());
      if (auto.payable()) {
        settle(topup, auto);
        return;
      }
    }
    switch (provider.find(topup)) {
      case Outcome.Good<List<Payment>>(List<Payment> found) -> {
        found.forEach(payments::apply);
        boolean over = found.stream().anyMatch(each -> each.state() != State.OPEN);
        if (!over) {
          later(topup, now - topup.createdMillis() > LIFE_MILLIS, "expired");
        }
      }
      case Outcome.Refused<List<Payment>>(String code, boolean _) -> later(topup, true, code);
      case Outcome.Unknown<List<Payment>>(String problem) -> {
        LOG.warn("top-up {} could not be asked for: {}", topup.id(), problem);
        later(topup, false, problem);
      }
    }
  }

  private void later(Topup topup, boolean over, String why) {
    payments.update(
        over
            ? topup.in(Topup.FAILED, topup.intentId(), why, 0)
            : topup.in(topup.state(), topup.intentId(), "", time.millis() + LOOK_MILLIS));
  }

  /// Charges a card that is to be charged by itself, where the month allows it.
  private void charge(AutoTopupStore.Due due) {
    AutoTopup auto = due.auto();
    long wanted = Math.max(0, auto.to() - due.left());
    long nano = (wanted + NANO_PER_CENT - 1) / NANO_PER_CENT * NANO_PER_CENT;
    long month =
        Instant.ofEpochMilli(time.millis())
            .atZone(ZoneOffset.UTC)
            .toLocalDate()
            .withDayOfMonth(1)
            .atStartOfDay(ZoneOffset.UTC)
            .toInstant()
            .toEpochMilli();
    long charged =
        database.read(handle -> TopupStore.charged(handle, auto.organizationId(), month));
    if (charged + nano > auto.monthMax()) {
      return;
    }
    Topup made =
        payments.made(
            auto.organizationId(), Topup.AUTO, nano, "system", time.millis() + CLAIM_MILLIS);
    if (payments.beginAuto(made)) {
      settle(made, auto);
    }
  }

  private void settle(Topup topup, AutoTopup auto) {
    switch (provider.charge(topup, new Payer(auto.customer(), auto.method()))) {
      case Outcome.Good<Payment>(Payment payment) -> {
        if (payment.state() == State.OPEN) {
          payments.update(
              topup.in(Topup.OPEN, payment.intentId(), "", time.millis() + LOOK_MILLIS));
        } else {
          payments.apply(payment);
        }
      }
      case Outcome.Refused<Payment>(String code, boolean never) ->
          payments.declined(topup, code, never);
      // An outage is no decline; the row stays, and is asked about again under its id.
      case Outcome.Unknown<Payment>(String problem) ->
          LOG.warn("whether top-up {} was charged is not known: {}", topup.id(), problem);
    }
  }

  @Override
  public void close() {
    rounds.close();
  }
}
