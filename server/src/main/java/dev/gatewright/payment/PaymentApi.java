package dev.gatewright.payment;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.site.Consoles;
import dev.gatewright.ledger.Usd;
import dev.gatewright.ledger.projection.Projector;
import dev.gatewright.payment.PaymentProvider.Notice;
import dev.gatewright.payment.PaymentProvider.Outcome;
import dev.gatewright.payment.PaymentProvider.Page;
import dev.gatewright.payment.PaymentProvider.Payer;
import dev.gatewright.payment.stripe.StripeProvider;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.TenantWrites;
import dev.gatewright.tenant.notice.Notices;
import dev.gatewright.wallet.TopupRefunds;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// REST of credit bought by card. Described in `openapi/payment.yaml`.
public final class PaymentApi implements AutoCloseable {
  private static final Access WRITE = Access.of(Permission.BILLING_WRITE);
  private static final int BODY_BYTES_MAX = 4 << 10;
  private static final int EVENT_BYTES_MAX = 128 << 10;
  private static final long NANO_PER_CENT = 10_000_000;
  private static final long USD = 1_000_000_000;
  private static final long NANO_MIN = USD;
  private static final long NANO_MAX = 100_000 * USD;

  /// When to ask for a page that nothing is heard of.
  private static final long FIRST_LOOK_MILLIS = Duration.ofMinutes(2).toMillis();

  private final Payments payments;
  private final Refunds refunds;
  private final @Nullable PaymentProvider provider;
  private final @Nullable PaymentDesk desk;
  private final Consoles consoles;

  private PaymentApi(
      Payments payments,
      Refunds refunds,
      @Nullable PaymentProvider provider,
      @Nullable PaymentDesk desk,
      Consoles consoles) {
    this.payments = payments;
    this.refunds = refunds;
    this.provider = provider;
    this.desk = desk;
    this.consoles = consoles;
  }

  /// What payments stand on.
  ///
  /// @param consoles where people reach the gate, and come back to from a payment's page
  public record Ground(
      Database database,
      Projector projector,
      TenantWrites writes,
      Notices notices,
      Fetch fetch,
      Consoles consoles,
      Time time) {}

  public static PaymentApi start(PaymentsConfig config, Ground ground) {
    Payments payments = new Payments(ground.writes, ground.notices);
    PaymentsConfig.Stripe stripe = config.stripe();
    if (stripe == null) {
      Refunds none = new Refunds(ground.writes, payments, ground.projector, null);
      return new PaymentApi(payments, none, null, null, ground.consoles);
    }
    PaymentProvider provider = new StripeProvider(stripe, ground.fetch);
    Refunds refunds = new Refunds(ground.writes, payments, ground.projector, provider);
    PaymentDesk desk =
        new PaymentDesk(provider, payments, refunds, ground.database, ground.time).start();
    return new PaymentApi(payments, refunds, provider, desk, ground.consoles);
  }

  /// Gives purchases back.
  public TopupRefunds refunds() {
    return refunds;
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    return new Resource(
        "payment",
        List.of(
            ApiRoute.create("/api/billing/topups", WRITE, BODY_BYTES_MAX, this::topup),
            ApiRoute.get(
                "/api/billing/topups/{id}", Access.of(Permission.BILLING_READ), this::show),
            ApiRoute.get("/api/billing/auto-topup", Access.of(Permission.BILLING_READ), this::auto),
            ApiRoute.put("/api/billing/auto-topup", WRITE, BODY_BYTES_MAX, this::setAuto),
            ApiRoute.post(
                "/api/billing/webhooks/stripe",
                Access.everybody(),
                EVENT_BYTES_MAX,
                this::received)));
  }

  record NewTopup(@Nullable String usd) {}

  record Begun(String id, String url) {}

  /// POST /api/billing/topups
  private Answer topup(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    PaymentProvider by = provider();
    long nano = usd("/usd", call.body(NewTopup.class).usd(), NANO_MIN);
    String organization = caller.tenant().organizationId();
    long look = payments.now() + FIRST_LOOK_MILLIS;
    Topup made = payments.made(organization, Topup.PAGE, nano, caller.id(), look);
    payments.begin(caller, made);
    AutoTopup auto = payments.auto(organization);
    Payer payer = auto.payable() ? new Payer(auto.customer(), auto.method()) : null;
    return switch (by.begin(made, payer, consoles.url(call.origin().host()) + "/console/billing")) {
      case Outcome.Good<Page>(Page page) -> {
        payments.update(made.at(page, look));
        yield Answer.created(new Begun(made.id(), page.url()));
      }
      case Outcome.Refused<Page>(String code, boolean _) -> {
        payments.update(made.in(Topup.FAILED, "", code, 0));
        throw new Problem(
            Refusal.upstream("The payment provider refused the purchase: %s.".formatted(code)));
      }
      case Outcome.Unknown<Page>(String problem) ->
          throw new Problem(
              Refusal.upstream(
                  "The payment provider gave no answer that can be used (%s); nothing was charged."
                      .formatted(problem)));
    };
  }

  record View(
      String id,
      String kind,
      String state,
      String usd,
      String refunded,
      String disputed,
      @Nullable String url,
      @Nullable String problem,
      Instant createdAt) {}

  /// GET /api/billing/topups/{id}
  private Answer show(ApiCall call) {
    Topup found =
        payments
            .find(ApiCaller.of(call).tenant().organizationId(), call.path("id"))
            .orElseThrow(() -> Problem.absent("top-up"));
    boolean payable = found.state().equals(Topup.OPEN) && !found.url().isEmpty();
    return Answer.ok(
        new View(
            found.id(),
            found.kind(),
            found.state().equals(Topup.BEGUN) ? Topup.OPEN : found.state(),
            Usd.text(found.nano()),
            Usd.text(found.refunded()),
            Usd.text(found.disputed()),
            payable ? found.url() : null,
            found.problem().isEmpty() ? null : found.problem(),
            Instant.ofEpochMilli(found.createdMillis())));
  }

  record AutoView(
      @Nullable String below,
      @Nullable String to,
      @Nullable String perMonthMax,
      String state,
      @Nullable String problem) {}

  /// GET /api/billing/auto-topup
  private Answer auto(ApiCall call) {
    return shown(payments.auto(ApiCaller.of(call).tenant().organizationId()));
  }

  private static Answer shown(AutoTopup auto) {
    boolean on = auto.below() > 0;
    String state =
        !on ? "off" : !auto.paused().isEmpty() ? "paused" : auto.payable() ? "on" : "needs_payment";
    return Answer.ok(
            new AutoView(
                on ? Usd.text(auto.below()) : null,
                on ? Usd.text(auto.to()) : null,
                on ? Usd.text(auto.monthMax()) : null,
                state,
                auto.paused().isEmpty() ? null : auto.paused()))
        .tagged(auto.tag());
  }

  record AutoRequest(@Nullable String below, @Nullable String to, @Nullable String perMonthMax) {}

  /// PUT /api/billing/auto-topup
  private Answer setAuto(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    provider();
    AutoRequest wanted = call.body(AutoRequest.class);
    if (wanted.below() == null && wanted.to() == null && wanted.perMonthMax() == null) {
      return shown(payments.setAuto(caller, 0, 0, 0, call.ifMatch()));
    }
    long below = usd("/below", wanted.below(), NANO_PER_CENT);
    long to = usd("/to", wanted.to(), NANO_MIN);
    long most = usd("/per_month_max", wanted.perMonthMax(), NANO_MIN);
    if (to - below < NANO_MIN) {
      throw Problem.wrong(
          "/to", "%s (expected: at least 1 more than below)".formatted(wanted.to()));
    }
    if (most < to - below) {
      throw Problem.wrong(
          "/per_month_max",
          "%s (expected: at least what one top-up takes)".formatted(wanted.perMonthMax()));
    }
    return shown(payments.setAuto(caller, below, to, most, call.ifMatch()));
  }

  /// POST /api/billing/webhooks/stripe
  private Answer received(ApiCall call) {
    PaymentProvider by = provider();
    Notice notice = by.verify(call::headers, call.bytes(), payments.now());
    if (notice == null) {
      throw Problem.invalid(
          "stripe-signature", "stripe-signature: not one of this body, or minutes old");
    }
    if (!notice.reference().isEmpty()) {
      payments.receive(notice);
    }
    return Answer.ok(Map.of("received", true));
  }

  private PaymentProvider provider() {
    if (provider == null) {
      throw Problem.conflict(
          "Card payments are not set up here (expected: the setting payments.stripe).");
    }
    return provider;
  }

  private static long usd(String pointer, @Nullable String text, long min) {
    OptionalLong nano = text == null ? OptionalLong.empty() : Usd.payment(text);
    if (nano.isEmpty()
        || nano.getAsLong() % NANO_PER_CENT != 0
        || nano.getAsLong() < min
        || nano.getAsLong() > NANO_MAX) {
      throw Problem.wrong(
          pointer,
          "%s (expected: a string of whole cents such as \"25\" or \"12.50\", %s to 100000)"
              .formatted(text, Usd.text(min)));
    }
    return nano.getAsLong();
  }

  @Override
  public void close() {
    if (desk != null) {
      desk.close();
    }
  }
}
