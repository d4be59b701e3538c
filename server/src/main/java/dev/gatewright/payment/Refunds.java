package dev.gatewright.payment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.Actor;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.edge.Refusal;
import dev.gatewright.id.Ids;
import dev.gatewright.ledger.Usd;
import dev.gatewright.ledger.projection.Projector;
import dev.gatewright.ledger.purse.Accounts;
import dev.gatewright.payment.PaymentProvider.Outcome;
import dev.gatewright.payment.PaymentProvider.Payment;
import dev.gatewright.rest.Problem;
import dev.gatewright.store.Database;
import dev.gatewright.tenant.OrganizationStore;
import dev.gatewright.tenant.TenantWrites;
import dev.gatewright.wallet.BoughtCredit;
import dev.gatewright.wallet.TopupRefunds;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives a purchase back to the card it was paid with. The wallet gives first, in the transaction
/// that writes it down; then the provider is asked, under the row's id; what it refuses the wallet
/// gets back. What nobody knows is asked about again until somebody does. Blocks; thread-safe.
final class Refunds implements TopupRefunds {
  private static final Logger LOG = LoggerFactory.getLogger(Refunds.class);
  private static final String KIND = "payment";
  private static final String WALLET_KIND = "wallet";
  private static final long NANO_PER_CENT = 10_000_000;
  private static final long CLAIM_MILLIS = Duration.ofMinutes(3).toMillis();
  private static final long AGAIN_MILLIS = Duration.ofMinutes(10).toMillis();
  private static final int ROWS_MAX = 50;

  private final TenantWrites writes;
  private final Payments payments;
  private final Projector projector;
  private final @Nullable PaymentProvider provider;

  /// @param provider null = payments are not set up
  Refunds(
      TenantWrites writes,
      Payments payments,
      Projector projector,
      @Nullable PaymentProvider provider) {
    this.writes = writes;
    this.payments = payments;
    this.projector = projector;
    this.provider = provider;
  }

  @Override
  public Done refund(ApiCaller caller, Asked asked) {
    PaymentProvider by = provider;
    if (by == null) {
      throw Problem.conflict(
          "Card payments are not set up here (expected: the setting payments.stripe).");
    }
    if (asked.nano() % NANO_PER_CENT != 0) {
      throw Problem.wrong("/usd", "%s (expected: whole cents)".formatted(Usd.text(asked.nano())));
    }
    Topup seen =
        writes
            .<Optional<Topup>>read(handle -> TopupStore.find(handle, asked.topupId()))
            .orElseThrow(() -> Problem.absent("top-up"));
    Tenant tenant =
        writes
            .<Optional<Tenant>>read(
                handle -> OrganizationStore.tenant(handle, seen.organizationId()))
            .orElseThrow(() -> Problem.absent("top-up"));
    if (!seen.state().equals(Topup.PAID)) {
      throw Problem.wrong(
          "/topup_id", "%s is not paid (expected: one that is)".formatted(seen.id()));
    }
    long received = received(by, seen);
    // What calls have used must be taken off the credit before it is looked at.
    projector.projectAll();
    TopupRefund begun =
        writes.run(tenant, handle -> begin(handle, caller.actor(), tenant, asked, received));
    TopupRefund after = settle(begun, by.refund(begun.intentId(), begun.paidNano(), begun.id()));
    if (after.state().equals(TopupRefund.FAILED)) {
      throw new Problem(
          Refusal.upstream(
              "The payment provider refused the refund: %s. The credit is back."
                  .formatted(after.problem())));
    }
    return new Done(after.id(), after.organizationId(), after.state());
  }

  /// What came in for it, tax included; books what was taken back at the provider on the way.
  private long received(PaymentProvider by, Topup topup) {
    return switch (by.fetch(topup.intentId())) {
      case Outcome.Good<Payment>(Payment payment) -> {
        payments.apply(payment);
        yield payment.received();
      }
      case Outcome.Refused<Payment>(String code, boolean _) ->
          throw new Problem(
              Refusal.upstream(
                  "The payment provider does not know this payment: %s.".formatted(code)));
      case Outcome.Unknown<Payment>(String problem) ->
          throw new Problem(
              Refusal.upstream(
                  "The payment provider gave no answer that can be used (%s); nothing was given back."
                      .formatted(problem)));
    };
  }

  private TopupRefund begin(Handle handle, Actor actor, Tenant tenant, Asked asked, long received) {
    Topup there = TopupStore.find(handle, asked.topupId()).orElseThrow();
    String organization = there.organizationId();
    if (TopupRefundStore.given(handle, organization, there.id())) {
      throw Problem.conflict("%s has been refunded before.".formatted(there.id()));
    }
    long left = there.nano() - there.refunded() - there.disputed();
    if (asked.nano() > left) {
      throw tooMuch(asked, left, "what was paid for %s and not taken back".formatted(there.id()));
    }
    long now = writes.now();
    // Down: what comes back of it by the provider's word is then never more than was taken here.
    long paid =
        BigInteger.valueOf(asked.nano())
                .multiply(BigInteger.valueOf(Math.max(received, there.nano())))
                .divide(BigInteger.valueOf(there.nano()))
                .divide(BigInteger.valueOf(NANO_PER_CENT))
                .longValueExact()
            * NANO_PER_CENT;
    TopupRefund made =
        new TopupRefund(
            organization,
            Ids.uuid7("ref_", now),
            there.id(),
            there.intentId(),
            asked.nano(),
            paid,
            TopupRefund.BEGUN,
            "",
            "",
            now + CLAIM_MILLIS,
            actor.id(),
            now);
    if (!TopupRefundStore.insert(handle, made)) {
      throw Problem.conflict("%s has been refunded before.".formatted(there.id()));
    }
    long unspent =
        BoughtCredit.take(
            handle, organization, made.nano(), ref(made), asked.note(), actor.id(), now);
    if (unspent < made.nano()) {
      throw tooMuch(asked, unspent, "what is left of paid credit");
    }
    TopupStore.update(handle, there.taken(there.refunded() + made.nano(), there.disputed()));
    ObjectNode detail = AuditLog.detail().put("usd", Usd.text(made.nano()));
    told(handle, tenant, actor, "refund", made, detail.put("note", asked.note()));
    return made;
  }

  private static Problem tooMuch(Asked asked, long most, String what) {
    return Problem.wrong(
        "/usd",
        "%s (expected: at most %s, %s)"
            .formatted(Usd.text(asked.nano()), Usd.text(Math.max(0, most)), what));
  }

  private static String ref(TopupRefund refund) {
    return "refund:" + refund.topupId() + ":" + refund.id();
  }

  private void told(
      Handle handle,
      Tenant tenant,
      Actor actor,
      String act,
      TopupRefund refund,
      ObjectNode detail) {
    writes.number(handle, tenant, WALLET_KIND, Accounts.wallet(refund.organizationId()));
    writes.told(handle, tenant, actor, KIND, act, refund.topupId(), detail);
  }

  /// Writes down what the provider said; once, whoever asked it.
  private TopupRefund settle(TopupRefund refund, Outcome<String> said) {
    Tenant tenant =
        writes.readOrNull(
            handle -> OrganizationStore.tenant(handle, refund.organizationId()).orElse(null));
    if (tenant == null) {
      return refund;
    }
    TopupRefund after = writes.run(tenant, handle -> settle(handle, tenant, refund, said));
    if (after.state().equals(TopupRefund.FAILED) && provider != null) {
      // What was taken back at the provider meanwhile was hidden behind this one.
      switch (provider.fetch(refund.intentId())) {
        case Outcome.Good<Payment>(Payment payment) -> payments.apply(payment);
        case Outcome.Refused<Payment> _, Outcome.Unknown<Payment> _ -> {
          // Its next event tells.
        }
      }
    }
    return after;
  }

  private TopupRefund settle(
      Handle handle, Tenant tenant, TopupRefund refund, Outcome<String> said) {
    TopupRefund there =
        TopupRefundStore.find(handle, refund.organizationId(), refund.id()).orElse(refund);
    if (!there.state().equals(TopupRefund.BEGUN)) {
      return there;
    }
    TopupRefund after =
        switch (said) {
          case Outcome.Good<String>(String id) -> there.in(TopupRefund.DONE, id, "", 0);
          case Outcome.Refused<String>(String code, boolean _) ->
              there.in(TopupRefund.FAILED, "", code, 0);
          case Outcome.Unknown<String>(String problem) ->
              there.in(TopupRefund.BEGUN, "", problem, writes.now() + AGAIN_MILLIS);
        };
    TopupRefundStore.update(handle, after);
    if (after.state().equals(TopupRefund.FAILED)) {
      giveBack(handle, tenant, after);
    }
    return after;
  }

  private void giveBack(Handle handle, Tenant tenant, TopupRefund refund) {
    BoughtCredit.giveBack(
        handle, refund.organizationId(), refund.nano(), ref(refund) + ":back", writes.now());
    TopupStore.find(handle, refund.organizationId(), refund.topupId())
        .ifPresent(topup ->
            TopupStore.update(
                handle, topup.taken(topup.refunded() - refund.nano(), topup.disputed())));
    ObjectNode detail = AuditLog.detail().put("usd", Usd.text(refund.nano()));
    told(
        handle,
        tenant,
        Actor.SYSTEM,
        "refund_failed",
        refund,
        detail.put("reason", refund.problem()));
  }

  /// Asks about those of which nobody knows; once a second, on every replica.
  void round(Database database) {
    PaymentProvider by = provider;
    long now = writes.now();
    if (by == null) {
      return;
    }
    for (TopupRefund each : database.read(handle -> TopupRefundStore.due(handle, now, ROWS_MAX))) {
      if (database.write(handle -> TopupRefundStore.claim(handle, each, now + CLAIM_MILLIS))) {
        TopupRefund after = settle(each, asked(by, each));
        if (after.state().equals(TopupRefund.BEGUN)) {
          LOG.warn("whether refund {} was made is not known: {}", each.id(), after.problem());
        }
      }
    }
  }

  /// It is looked for first: the provider knows an id for a day only.
  private static Outcome<String> asked(PaymentProvider by, TopupRefund refund) {
    return switch (by.findRefund(refund.intentId(), refund.id())) {
      case Outcome.Good<List<String>>(List<String> found) when found.isEmpty() ->
          by.refund(refund.intentId(), refund.paidNano(), refund.id());
      case Outcome.Good<List<String>>(List<String> found) -> new Outcome.Good<>(found.getFirst());
      case Outcome.Refused<List<String>>(String code, boolean _) -> new Outcome.Unknown<>(code);
      case Outcome.Unknown<List<String>>(String problem) -> new Outcome.Unknown<>(problem);
    };
  }
}
