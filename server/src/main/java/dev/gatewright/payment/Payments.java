package dev.gatewright.payment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.Actor;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Role;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.id.Ids;
import dev.gatewright.ledger.Usd;
import dev.gatewright.ledger.purse.Accounts;
import dev.gatewright.payment.PaymentProvider.Notice;
import dev.gatewright.payment.PaymentProvider.Payer;
import dev.gatewright.payment.PaymentProvider.Payment;
import dev.gatewright.payment.PaymentProvider.State;
import dev.gatewright.rest.IfMatch;
import dev.gatewright.rest.Permission;
import dev.gatewright.tenant.OrganizationStore;
import dev.gatewright.tenant.TenantWrites;
import dev.gatewright.tenant.notice.Notices;
import dev.gatewright.wallet.Debts;
import dev.gatewright.wallet.WalletStore;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// What becomes of payments in our books: one transaction each, with its audit entry. Blocks;
/// thread-safe.
final class Payments {
  private static final String KIND = "payment";
  private static final String WALLET_KIND = "wallet";

  /// After a card was declined; the fourth time it is paused.
  private static final List<Duration> AGAIN =
      List.of(Duration.ofHours(1), Duration.ofHours(3), Duration.ofHours(7));

  private final TenantWrites writes;
  private final Notices notices;

  Payments(TenantWrites writes, Notices notices) {
    this.writes = writes;
    this.notices = notices;
  }

  long now() {
    return writes.now();
  }

  Topup made(String organizationId, String kind, long nano, String by, long dueMillis) {
    long now = now();
    String id = Ids.uuid7("top_", now);
    return new Topup(
        organizationId, id, kind, Topup.BEGUN, nano, "", "", "", 0, 0, "", dueMillis, by, now);
  }

  /// Writes down what is to be bought, before the provider hears of it.
  void begin(ApiCaller caller, Topup made) {
    writes.run(
        caller,
        Permission.BILLING_WRITE,
        handle -> {
          TopupStore.insert(handle, made);
          ObjectNode detail = AuditLog.detail().put("usd", Usd.text(made.nano()));
          writes.told(handle, caller.tenant(), caller.actor(), KIND, "begin", made.id(), detail);
          return 0;
        });
  }

  /// Writes down that a card is to be charged by itself; false when one is being charged already.
  boolean beginAuto(Topup made) {
    return writes.run(handle -> TopupStore.insert(handle, made));
  }

  /// What came meanwhile by the other way stands; behind the organization's lock, as [#apply].
  void update(Topup now) {
    Tenant tenant = tenant(now.organizationId());
    if (tenant == null) {
      return;
    }
    writes.run(
        tenant,
        handle -> {
          TopupStore.find(handle, now.organizationId(), now.id())
              .filter(there -> !there.over())
              .ifPresent(_ -> TopupStore.update(handle, now));
          return 0;
        });
  }

  void receive(Notice notice) {
    writes.run(handle -> {
      InboxStore.insert(handle, notice, now());
      return 0;
    });
  }

  Optional<Topup> find(String organizationId, String id) {
    return writes.read(handle -> TopupStore.find(handle, organizationId, id));
  }

  AutoTopup auto(String organizationId) {
    return writes
        .<Optional<AutoTopup>>read(handle -> AutoTopupStore.find(handle, organizationId))
        .orElse(AutoTopup.none(organizationId));
  }

  AutoTopup setAuto(ApiCaller caller, long below, long to, long monthMax, IfMatch seen) {
    String organization = caller.tenant().organizationId();
    return writes.run(
        caller,
        Permission.BILLING_WRITE,
        handle -> {
          AutoTopup before =
              AutoTopupStore.find(handle, organization).orElse(AutoTopup.none(organization));
          seen.require(before.tag());
          AutoTopupStore.write(handle, before.wanted(below, to, monthMax));
          ObjectNode detail = AuditLog.detail();
          detail.put("below", Usd.text(below)).put("to", Usd.text(to));
          detail.put("per_month_max", Usd.text(monthMax));
          writes.told(
              handle, caller.tenant(), caller.actor(), KIND, "auto_topup", organization, detail);
          return AutoTopupStore.find(handle, organization).orElseThrow();
        });
  }

  /// Books what a payment has come to since it was last looked at: once, whoever asks and however
  /// often.
  ///
  /// @return false when it is none of ours
  boolean apply(Payment payment) {
    Topup seen =
        writes.readOrNull(handle -> TopupStore.find(handle, payment.topupId()).orElse(null));
    Tenant tenant = seen == null ? null : tenant(seen.organizationId());
    if (seen == null || tenant == null) {
      return false;
    }
    writes.run(
        tenant,
        handle -> {
          TopupStore.find(handle, seen.id())
              .ifPresent(there -> book(handle, tenant, there, payment));
          return 0;
        });
    return true;
  }

  private void book(Handle handle, Tenant tenant, Topup there, Payment payment) {
    Topup now = there;
    if (payment.state() == State.PAID && !there.state().equals(Topup.PAID)) {
      now = credit(handle, tenant, there, payment);
    } else if (payment.state() == State.FAILED && !there.over()) {
      now = there.in(Topup.FAILED, payment.intentId(), "canceled", 0);
    }
    if (now.state().equals(Topup.PAID)) {
      now = takenBack(handle, tenant, now, payment);
    }
    if (!now.equals(there)) {
      TopupStore.update(handle, now);
    }
  }

  private Topup credit(Handle handle, Tenant tenant, Topup there, Payment payment) {
    String ref = "stripe:" + payment.intentId();
    // Never more than came in; what came in beyond is tax.
    long nano = Math.min(there.nano(), payment.received());
    if (nano > 0 && !WalletStore.booked(handle, ref)) {
      WalletStore.give(
          handle,
          new WalletStore.Credit(
              there.organizationId(),
              "topup",
              Accounts.CASH,
              "paid",
              nano,
              0,
              ref,
              there.id(),
              "system",
              now()));
      told(handle, tenant, "paid", there, nano);
    }
    Payer payer = payment.payer();
    if (payer != null) {
      AutoTopup auto =
          AutoTopupStore.find(handle, there.organizationId())
              .orElse(AutoTopup.none(there.organizationId()));
      AutoTopupStore.write(handle, auto.paidBy(payer));
    } else if (there.auto()) {
      AutoTopupStore.find(handle, there.organizationId())
          .ifPresent(auto -> AutoTopupStore.write(handle, auto.failed("", 0, 0)));
    }
    return there.in(Topup.PAID, payment.intentId(), "", 0);
  }

  private Topup takenBack(Handle handle, Tenant tenant, Topup there, Payment payment) {
    long refunded = Math.max(there.refunded(), share(there, payment, payment.refunded()));
    long more = refunded - there.refunded();
    if (more > 0) {
      String ref = "stripe:%s:refunded:%d".formatted(payment.intentId(), refunded);
      Debts.takeBack(
          handle, there.organizationId(), "refund", Accounts.CASH, more, ref, there.id(), now());
      told(handle, tenant, "refund", there, more);
    }
    long disputed = share(there, payment, payment.disputed());
    long change = disputed - there.disputed();
    String ref = "stripe:%s:disputed:%s".formatted(payment.intentId(), UUID.randomUUID());
    if (change > 0) {
      Debts.takeBack(
          handle, there.organizationId(), "dispute", Accounts.CASH, change, ref, there.id(), now());
      told(handle, tenant, "dispute", there, change);
      pause(handle, there.organizationId(), "disputed", "A payment is disputed.");
    } else if (change < 0) {
      WalletStore.give(
          handle,
          new WalletStore.Credit(
              there.organizationId(),
              "dispute",
              Accounts.CASH,
              "paid",
              -change,
              0,
              ref,
              there.id(),
              "system",
              now()));
      told(handle, tenant, "dispute_won", there, -change);
    }
    return there.taken(refunded, disputed);
  }

  /// Of what was paid, tax included, the part that is credit.
  private static long share(Topup there, Payment payment, long nano) {
    return payment.received() <= there.nano()
        ? Math.min(nano, there.nano())
        : BigInteger.valueOf(nano)
            .multiply(BigInteger.valueOf(there.nano()))
            .divide(BigInteger.valueOf(payment.received()))
            .longValueExact();
  }

  private void told(Handle handle, Tenant tenant, String act, Topup topup, long nano) {
    ObjectNode detail = AuditLog.detail().put("usd", Usd.text(nano));
    writes.number(handle, tenant, WALLET_KIND, Accounts.wallet(topup.organizationId()));
    writes.told(handle, tenant, Actor.SYSTEM, KIND, act, topup.id(), detail);
  }

  /// A card that is charged by itself was declined.
  void declined(Topup topup, String code, boolean never) {
    Tenant tenant = tenant(topup.organizationId());
    if (tenant == null) {
      return;
    }
    writes.run(
        tenant,
        handle -> {
          Topup there = TopupStore.find(handle, topup.organizationId(), topup.id()).orElse(topup);
          if (there.over()) {
            return 0;
          }
          TopupStore.update(handle, there.in(Topup.FAILED, there.intentId(), code, 0));
          told(handle, tenant, "fail", there, there.nano());
          AutoTopup auto =
              AutoTopupStore.find(handle, topup.organizationId())
                  .orElse(AutoTopup.none(topup.organizationId()));
          int failures = (int) auto.failures();
          if (never || failures >= AGAIN.size()) {
            pause(
                handle,
                topup.organizationId(),
                code,
                "The card that is charged by itself was declined (%s).".formatted(code));
          } else {
            long due = now() + AGAIN.get(failures).toMillis();
            AutoTopupStore.write(handle, auto.failed("", failures + 1L, due));
          }
          return 0;
        });
  }

  private void pause(Handle handle, String organizationId, String why, String sentence) {
    AutoTopup auto = AutoTopupStore.find(handle, organizationId).orElse(null);
    if (auto == null || !auto.paused().isEmpty() || auto.below() == 0) {
      return;
    }
    AutoTopupStore.write(handle, auto.failed(why, auto.failures(), 0));
    notices.tell(
        handle,
        organizationId,
        List.of(Role.OWNER, Role.BILLING),
        sentence
            + " Automatic top-ups are paused until somebody sets them again; credit can be bought at the console, or by `gatewright credits topup`.",
        now());
  }

  private @Nullable Tenant tenant(String organizationId) {
    return writes.readOrNull(
        handle -> OrganizationStore.tenant(handle, organizationId).orElse(null));
  }
}
