package dev.gatewright.wallet;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Extent;
import dev.gatewright.ledger.Usd;
import dev.gatewright.ledger.projection.Projector;
import dev.gatewright.ledger.projection.Replay;
import dev.gatewright.ledger.purse.BooksCheck;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Paging;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.store.Database;
import dev.gatewright.tenant.OrganizationStore;
import dev.gatewright.tenant.TenantWrites;
import dev.gatewright.usage.UsageStore;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// REST of wallets. Described in `openapi/wallet.yaml`.
public final class BillingApi {
  private static final int BODY_BYTES_MAX = 4 << 10;
  private static final int PAGE_ROWS = 50;
  private static final int PAGE_ROWS_MAX = 500;
  private static final int NOTE_CHARACTERS_MAX = 500;

  private final Database database;
  private final Projector projector;
  private final Credits credits;
  private final TenantWrites writes;

  private final TopupRefunds topups;
  private final Replay.Limits limits;

  /// @param topups gives purchases back
  /// @param limits of what stands beside wallets
  public BillingApi(
      Database database,
      Projector projector,
      TenantWrites writes,
      TopupRefunds topups,
      Replay.Limits limits) {
    this.limits = limits;
    this.topups = topups;
    this.database = database;
    this.projector = projector;
    this.writes = writes;
    this.credits = new Credits(writes);
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    Access read = Access.of(Permission.BILLING_READ);
    return new Resource(
        "wallet",
        List.of(
            ApiRoute.get("/api/billing/balance", read, this::balance),
            ApiRoute.get("/api/billing/ledger", read, this::ledger).query("limit", "cursor"),
            ApiRoute.get("/api/billing/statements/{month}", read, this::statement).query("format"),
            ApiRoute.post("/api/billing/grants", Access.platform(), BODY_BYTES_MAX, this::grant),
            ApiRoute.post("/api/billing/refunds", Access.platform(), BODY_BYTES_MAX, this::refund),
            ApiRoute.post(
                "/api/billing/adjustments", Access.platform(), BODY_BYTES_MAX, this::adjust),
            ApiRoute.post("/api/billing/verify", Access.platform(), BODY_BYTES_MAX, this::verify)));
  }

  /// The schema `Balance`.
  record Balance(
      @Nullable String wallet,
      String balance,
      String available,
      String reserved,
      String paid,
      String promotional,
      String debt) {}

  /// GET /api/billing/balance
  private Answer balance(ApiCall call) {
    return Answer.ok(balance(organization(call)));
  }

  private Balance balance(String organizationId) {
    return database.read(handle ->
        WalletStore.find(handle, organizationId)
            .map(wallet -> {
              WalletReads.Lots lots = WalletReadStore.lots(handle, organizationId);
              return new Balance(
                  wallet.id(),
                  Usd.text(wallet.balance()),
                  Usd.text(wallet.room()),
                  Usd.text(wallet.held()),
                  Usd.text(lots.paid()),
                  Usd.text(lots.promotional()),
                  Usd.text(Debts.of(handle, organizationId)));
            })
            .orElse(new Balance(null, "0", "0", "0", "0", "0", "0")));
  }

  /// GET /api/billing/ledger?limit=&cursor=
  private Answer ledger(ApiCall call) {
    single(call);
    String organization = organization(call);
    Paging paging = call.paging(organization, PAGE_ROWS, PAGE_ROWS_MAX);
    String after = paging.after();
    long before = after == null ? Long.MAX_VALUE : Long.parseLong(after);
    projector.projectAll();
    List<WalletReads.Entry> page =
        database.read(
            handle -> WalletReadStore.entries(handle, organization, before, paging.rows()));
    return paging.answer(
        page.stream().map(WalletReads.Entry::view).toList(),
        page.size() < paging.rows() ? null : Long.toString(page.getLast().position()));
  }

  /// Sums are for who sees totals; single entries are not.
  private static void single(ApiCall call) {
    if (ApiCaller.of(call).extent() == Extent.TOTALS) {
      throw Problem.lacking(
          Permission.BILLING_READ, "your role sees the balance, not what made it");
    }
  }

  /// GET /api/billing/statements/{month}?format=
  private Answer statement(ApiCall call) {
    single(call);
    YearMonth month = month(call.path("month"));
    String format = call.query().text("format");
    String organization = organization(call);
    projector.projectAll();
    Statement statement =
        database.read(handle -> {
          ZoneId zone = OrganizationStore.calendars(handle, organization).latest().zone();
          long from = Statement.startMillis(month, zone);
          long to = Statement.startMillis(month.plusMonths(1), zone);
          return Statement.of(
              zone,
              month,
              PostedStore.balanceAt(handle, organization, from),
              PostedStore.posted(handle, organization, from, to),
              UsageStore.billed(handle, organization, zone, from, to),
              WalletStore.find(handle, organization).map(WalletStore.Wallet::held).orElse(0L),
              writes.now());
        });
    return switch (format == null ? "json" : format) {
      case "json" -> Answer.ok(json(statement));
      case "csv" -> text(StatementText.csv(statement), "text/csv; charset=utf-8");
      case "html" -> text(StatementText.html(statement), "text/html; charset=utf-8");
      default -> throw Problem.wrong("format", format + " (expected: json, csv or html)");
    };
  }

  private static Answer text(String body, String type) {
    byte[] bytes = body.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return Answer.streaming(type, out -> out.write(bytes));
  }

  private static Map<String, Object> json(Statement statement) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("zone", statement.zone().getId());
    body.put("opening", Usd.text(statement.opening()));
    body.put("closing", Usd.text(statement.closing()));
    body.put("reserved_now", Usd.text(statement.reservedNow()));
    body.put("final", statement.finished());
    body.put(
        "lines",
        statement.lines().stream()
            .map(line ->
                new Line(
                    line.kind(),
                    Usd.text(line.nano()),
                    line.model().isEmpty() ? null : line.model(),
                    line.day().toString()))
            .toList());
    return body;
  }

  record Line(String kind, String usd, @Nullable String model, String day) {}

  private static YearMonth month(String text) {
    try {
      if (text.matches("20[0-9]{2}-[0-9]{2}")) {
        return YearMonth.parse(text);
      }
    } catch (DateTimeException _) {
      // Said below.
    }
    throw Problem.wrong("month", text + " (expected: a month such as 2026-11)");
  }

  record NewGrant(
      @Nullable String organizationId,
      @Nullable String usd,
      @Nullable String kind,
      @Nullable String expiresAt,
      @Nullable String note) {}

  /// POST /api/billing/grants
  private Answer grant(ApiCall call) {
    NewGrant wanted = call.body(NewGrant.class);
    String kind = wanted.kind() == null ? "paid" : wanted.kind();
    if (!kind.equals("paid") && !kind.equals("promotional")) {
      throw Problem.wrong("/kind", kind + " (expected: paid or promotional)");
    }
    return made(
        credits.grant(
            ApiCaller.of(call),
            once(call),
            organization(wanted.organizationId()),
            payment(wanted.usd()),
            kind.equals("promotional"),
            expires(wanted.expiresAt()),
            note(wanted.note())));
  }

  record NewRefund(
      @Nullable String organizationId,
      @Nullable String requestId,
      @Nullable String topupId,
      @Nullable String usd,
      @Nullable String note) {}

  /// POST /api/billing/refunds
  private Answer refund(ApiCall call) {
    NewRefund wanted = call.body(NewRefund.class);
    String request = wanted.requestId();
    String topup = wanted.topupId();
    if (request != null && topup != null) {
      throw Problem.wrong("/topup_id", "given together with request_id (expected: either)");
    }
    if (topup != null) {
      return refund(ApiCaller.of(call), topup, wanted);
    }
    if (request == null || !request.startsWith("req_") || request.length() > 64) {
      throw Problem.wrong("/request_id", "%s (expected: req_…)".formatted(request));
    }
    // What the call was billed must be a row before it can be compared.
    projector.projectAll();
    return made(
        credits.refund(
            ApiCaller.of(call),
            once(call),
            organization(wanted.organizationId()),
            request,
            payment(wanted.usd()),
            note(wanted.note())));
  }

  /// A purchase goes back to the card it was paid with.
  private Answer refund(ApiCaller caller, String topup, NewRefund wanted) {
    if (!topup.startsWith("top_") || topup.length() > 64) {
      throw Problem.wrong("/topup_id", "%s (expected: top_…)".formatted(topup));
    }
    TopupRefunds.Done done =
        topups.refund(
            caller, new TopupRefunds.Asked(topup, payment(wanted.usd()), note(wanted.note())));
    WalletStore.Wallet after =
        database.read(handle -> WalletStore.find(handle, done.organizationId())).orElseThrow();
    return Answer.created(
        new Returned(
            done.id(),
            done.state(),
            after.id(),
            Usd.text(after.balance()),
            Usd.text(after.room())));
  }

  /// The schema `TopupRefund`.
  record Returned(String id, String state, String wallet, String balance, String available) {}

  record NewAdjustment(
      @Nullable String organizationId, @Nullable String usd, @Nullable String note) {}

  /// POST /api/billing/adjustments
  private Answer adjust(ApiCall call) {
    NewAdjustment wanted = call.body(NewAdjustment.class);
    String text = wanted.usd() == null ? "" : wanted.usd();
    OptionalLong nano = Usd.parse(text);
    if (nano.isEmpty() || nano.getAsLong() == 0) {
      throw Problem.wrong(
          "/usd", "\"%s\" (expected: a string such as \"-12.50\", not 0)".formatted(text));
    }
    return made(
        credits.adjust(
            ApiCaller.of(call),
            once(call),
            organization(wanted.organizationId()),
            nano.getAsLong(),
            note(wanted.note())));
  }

  record Verified(
      boolean ok,
      List<String> differences,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> unknown) {}

  /// POST /api/billing/verify
  private Answer verify(ApiCall call) {
    call.requireNoFields();
    BooksCheck.Found found = Replay.check(database, limits);
    return Answer.ok(
        new Verified(found.differences().isEmpty(), found.differences(), found.unknown()));
  }

  /// The schema `BillingAct`.
  record Made(String id, String wallet, String balance, String available) {}

  private static Answer made(Credits.Wallet done) {
    return Answer.created(
        new Made(
            done.id(),
            done.after().id(),
            Usd.text(done.after().balance()),
            Usd.text(done.after().room())));
  }

  private static String organization(ApiCall call) {
    return ApiCaller.of(call).tenant().organizationId();
  }

  private static String organization(@Nullable String id) {
    if (id == null || !id.startsWith("org_")) {
      throw Problem.wrong("/organization_id", "%s (expected: org_…)".formatted(id));
    }
    return id;
  }

  private static long payment(@Nullable String text) {
    OptionalLong nano = text == null ? OptionalLong.empty() : Usd.payment(text);
    if (nano.isEmpty()) {
      throw Problem.wrong("/usd", "%s (expected: %s)".formatted(text, Usd.PAYMENT));
    }
    return nano.getAsLong();
  }

  private long expires(@Nullable String text) {
    if (text == null) {
      return 0;
    }
    try {
      long millis = Instant.parse(text).toEpochMilli();
      if (millis > writes.now()) {
        return millis;
      }
    } catch (DateTimeException _) {
      // Said below.
    }
    throw Problem.wrong("/expires_at", text + " (expected: a time to come, RFC 3339 in UTC)");
  }

  /// What a repeat of the same act says as well; null = every one is another.
  private static @Nullable String once(ApiCall call) {
    List<String> keys = call.headers("idempotency-key");
    if (keys.isEmpty()) {
      return null;
    }
    String key = keys.getFirst();
    if (keys.size() > 1 || key.isEmpty() || key.length() > 255) {
      throw Problem.invalid("idempotency-key", "idempotency-key: not one of 1 to 255 characters");
    }
    return key;
  }

  private static String note(@Nullable String note) {
    if (note == null) {
      return "";
    }
    if (note.length() > NOTE_CHARACTERS_MAX) {
      throw Problem.wrong(
          "/note",
          "%d characters (expected: at most %d)".formatted(note.length(), NOTE_CHARACTERS_MAX));
    }
    return note;
  }
}
