package dev.gatewright.price;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.id.Ids;
import dev.gatewright.price.book.EntryForm;
import dev.gatewright.price.book.EntryView;
import dev.gatewright.price.book.PriceEntry;
import dev.gatewright.price.book.PriceVersion;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Paging;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// REST of prices: who runs the platform writes them, and everybody who reads bills reads them.
/// None is ever changed; a later one takes its place. Described in `openapi/price.yaml`.
public final class PriceApi {
  private static final Access READ = Access.of(Permission.BILLING_READ);
  private static final int BODY_BYTES_MAX = 32 << 10;
  private static final int PAGE_ROWS = 50;
  private static final int PAGE_ROWS_MAX = 200;
  private static final String OWNER = "platform";

  /// How the source begins of a price that another catalogue says.
  private static final String IMPORTED = "import:";

  private final Prices prices;
  private final Database database;
  private final ChangeFeed feed;
  private final AuditLog audit;
  private final Tenant platform;
  private final UnaryOperator<@Nullable String> listed;
  private final Predicate<String> services;
  private final Time time;

  /// @param platform the platform owner's organization, whose audit chain tells of it
  /// @param listed of a `provider/model`, what the catalogue calls it; null = it does not apply
  /// @param services whether an id is a service's
  public PriceApi(
      Prices prices,
      Database database,
      ChangeFeed feed,
      AuditLog audit,
      Tenant platform,
      UnaryOperator<@Nullable String> listed,
      Predicate<String> services,
      Time time) {
    this.prices = prices;
    this.database = database;
    this.feed = feed;
    this.audit = audit;
    this.platform = platform;
    this.listed = listed;
    this.services = services;
    this.time = time;
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    return new Resource(
        "price",
        List.of(
            ApiRoute.create("/api/prices", Access.platform(), BODY_BYTES_MAX, this::create),
            ApiRoute.get("/api/prices", READ, this::list).query("model", "limit", "cursor"),
            ApiRoute.get("/api/prices/{id}", READ, this::show),
            ApiRoute.post("/api/prices/quote", READ, BODY_BYTES_MAX, this::quote)));
  }

  /// POST /api/prices
  private Answer create(ApiCall call) {
    EntryForm form = call.body(EntryForm.class);
    if (form.names() != null) {
      throw Problem.wrong("/names", "expected: one model a price");
    }
    PriceEntry entry;
    try {
      entry = form.checked(Instant.ofEpochMilli(time.millis()));
    } catch (EntryForm.Misfit misfit) {
      throw Problem.wrong(misfit.pointer(), String.valueOf(misfit.getMessage()));
    }
    ApiCaller caller = ApiCaller.of(call);
    long now = time.millis();
    PriceVersion made =
        new PriceVersion(
            Ids.uuid7("pri_", now),
            0,
            entry.source().startsWith(IMPORTED)
                ? PriceVersion.Origin.IMPORTED
                : PriceVersion.Origin.API,
            entry,
            EntryView.tree(entry).toString(),
            now,
            caller.id());
    PriceVersion kept =
        database.write(handle -> {
          audit.lock(handle, platform);
          PriceStore.insert(handle, made);
          ObjectNode detail = AuditLog.detail().put("model", entry.model());
          audit.append(handle, platform, caller.actor(), "price.create", made.id(), detail);
          feed.append(handle, Prices.CHANGE_KIND, null, made.id());
          return PriceStore.find(handle, made.id()).orElseThrow();
        });
    prices.again();
    return Answer.created(view(kept));
  }

  /// GET /api/prices?model=&limit=&cursor=
  private Answer list(ApiCall call) {
    String model = call.query().text("model");
    Paging paging = call.paging(OWNER, PAGE_ROWS, PAGE_ROWS_MAX);
    String after = paging.after();
    List<PriceVersion> rows =
        prices.book().kept().stream()
            .filter(each -> model == null || each.entry().model().equals(model))
            .sorted(Comparator.comparing(PriceApi::place))
            .filter(each -> after == null || place(each).compareTo(after) > 0)
            .limit(paging.rows() + 1L)
            .toList();
    boolean more = rows.size() > paging.rows();
    List<PriceVersion> page = more ? rows.subList(0, paging.rows()) : rows;
    return paging.answer(
        page.stream().map(this::view).toList(), more ? place(page.getLast()) : null);
  }

  private static String place(PriceVersion version) {
    return "%s %012d %s".formatted(version.entry().model(), version.version(), version.id());
  }

  /// GET /api/prices/{id}
  private Answer show(ApiCall call) {
    PriceVersion found = prices.book().version(call.path("id"));
    if (found == null) {
      throw Problem.absent("price");
    }
    return Answer.ok(view(found));
  }

  /// POST /api/prices/quote
  private Answer quote(ApiCall call) {
    Quote quote = Quote.of(call.body(Quote.Form.class), time.millis());
    PriceVersion version =
        prices.book().find(quote.model(), listed.apply(quote.model()), quote.at().toEpochMilli());
    return Answer.ok(quote.answer(version, services.test(quote.owner())));
  }

  private ObjectNode view(PriceVersion version) {
    ObjectNode view = AuditLog.detail();
    view.put("id", version.id()).put("version", version.version());
    view.setAll(EntryView.tree(version.entry()));
    view.put("origin", version.origin().word());
    view.put("forecast", version.entry().forecast());
    view.put("active", prices.book().applies(version.id()));
    view.put("created_at", Instant.ofEpochMilli(version.createdMillis()).toString());
    @Nullable String by = version.createdBy();
    view.put("created_by", by);
    return view;
  }
}
