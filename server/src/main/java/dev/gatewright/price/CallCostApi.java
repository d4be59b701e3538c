package dev.gatewright.price;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Extent;
import dev.gatewright.ledger.Meters;
import dev.gatewright.ledger.projection.Projector;
import dev.gatewright.price.CallCostStore.CallCost;
import dev.gatewright.price.book.EntryView;
import dev.gatewright.price.book.PriceBook;
import dev.gatewright.price.book.PriceVersion;
import dev.gatewright.price.book.Usd;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.store.Database;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// REST that says why a call cost what it did. Described in `openapi/call_cost.yaml`.
public final class CallCostApi {
  private final Database database;
  private final Projector projector;
  private final Supplier<PriceBook> book;

  public CallCostApi(Database database, Projector projector, Supplier<PriceBook> book) {
    this.database = database;
    this.projector = projector;
    this.book = book;
  }

  /// Its route, for the portal to mount.
  public Resource resource() {
    return new Resource(
        "call_cost",
        List.of(
            ApiRoute.get(
                "/api/billing/requests/{id}", Access.of(Permission.USAGE_READ), this::explain)));
  }

  /// GET /api/billing/requests/{id}
  private Answer explain(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    if (caller.extent() == Extent.TOTALS) {
      throw Problem.lacking(Permission.USAGE_READ, "your role sees totals, not single calls");
    }
    String id = call.path("id");
    if (!id.matches("req_[0-9A-Za-z_-]{1,64}")) {
      throw Problem.absent("request");
    }
    projector.projectAll();
    Set<String> projects = caller.extent().confined() ? caller.principal().projects() : null;
    List<CallCost> attempts =
        database.read(
            handle -> CallCostStore.find(handle, caller.tenant().organizationId(), projects, id));
    if (attempts.isEmpty()) {
      throw Problem.absent("request");
    }
    return Answer.ok(view(id, attempts));
  }

  private ObjectNode view(String id, List<CallCost> attempts) {
    ObjectNode view = JsonNodeFactory.instance.objectNode().put("request_id", id);
    long cost = 0;
    long billed = 0;
    boolean priced = true;
    Map<String, Long> meters = new TreeMap<>();
    ObjectNode price = null;
    ArrayNode evidence = JsonNodeFactory.instance.arrayNode();
    for (CallCost attempt : attempts) {
      Long each = attempt.cost();
      cost += each == null ? 0 : each;
      priced &= each != null;
      billed += attempt.billed();
      Meters.parse(attempt.meters()).forEach((meter, used) -> meters.merge(meter, used, Long::sum));
      ObjectNode by = price(attempt.version());
      price = by == null ? price : by;
      evidence.add(evidence(attempt));
    }
    view.put("cost", priced ? Usd.text(cost) : null).put("billed", Usd.text(billed));
    ObjectNode used = view.putObject("meters");
    meters.forEach(used::put);
    view.set("price", price);
    view.set("evidence", evidence);
    return view;
  }

  private @Nullable ObjectNode price(String version) {
    PriceVersion found = version.isEmpty() ? null : book.get().version(version);
    if (found == null) {
      return null;
    }
    ObjectNode price = EntryView.tree(found.entry()).put("id", found.id());
    return price.put("version", found.version()).put("origin", found.origin().word());
  }

  private static ObjectNode evidence(CallCost attempt) {
    ObjectNode evidence = JsonNodeFactory.instance.objectNode().put("attempt", attempt.id());
    evidence.put("model", attempt.model()).put("target", attempt.target());
    evidence.put("outcome", attempt.outcome()).put("rung", attempt.rung());
    evidence.put("test", attempt.test()).put("unpriced", attempt.unpriced());
    Long cost = attempt.cost();
    evidence.put("cost", cost == null ? null : Usd.text(cost));
    evidence.put("price_version", attempt.version()).put("cost_source", attempt.source());
    evidence.put("input_source", attempt.inputSource());
    evidence.put("output_source", attempt.outputSource());
    evidence.put("quantity_source", attempt.quantitySource());
    return evidence.put("upstream_request_id", attempt.upstreamRequestId());
  }
}
