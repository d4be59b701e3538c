package dev.gatewright.rule;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.edge.Refusal;
import dev.gatewright.key.change.KeyLists;
import dev.gatewright.policy.Layer;
import dev.gatewright.policy.StoredRule;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Paging;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.store.Database;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// REST of rules. A caller reaches its own organization; rules of others answer 404 as if they did
/// not exist. Described in `openapi/policy.yaml`.
public final class RuleApi {
  private static final int RULE_BYTES_MAX = 128 << 10;
  private static final int PAGE_ROWS = 50;
  private static final int PAGE_ROWS_MAX = 200;

  private final RuleChanges changes;
  private final RuleLists lists;

  public RuleApi(Database database, RuleChanges changes, KeyLists keys) {
    this.changes = changes;
    this.lists = new RuleLists(database, keys);
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    return new Resource("policy", routes());
  }

  private List<ApiRoute> routes() {
    return List.of(
        ApiRoute.create(
            "/api/policy/rules", Access.of(Permission.POLICY_WRITE), RULE_BYTES_MAX, this::add),
        ApiRoute.get("/api/policy/rules", Access.of(Permission.POLICY_READ), this::list)
            .query("on", "id", "limit", "cursor"),
        ApiRoute.get("/api/policy/rules/{id}", Access.of(Permission.POLICY_READ), this::show),
        ApiRoute.delete(
            "/api/policy/rules/{id}", Access.of(Permission.POLICY_WRITE), this::remove));
  }

  /// POST /api/policy/rules
  private Answer add(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    RuleRequest.Checked wanted =
        call.body(RuleRequest.class).checked(caller.tenant().organizationId(), "");
    StoredRule added = done(changes.add(caller, wanted.owner(), wanted.rule()));
    return Answer.created(RuleView.of(added)).tagged(RuleView.tag(added));
  }

  /// GET /api/policy/rules?on=&id=&limit=&cursor=
  private Answer list(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    Paging paging = call.paging(owner(caller), PAGE_ROWS, PAGE_ROWS_MAX);
    RuleLists.Filter filter =
        new RuleLists.Filter(layer(call.query().text("on")), call.query().text("id"));
    RuleLists.Page page = lists.page(caller, filter, paging.after(), paging.rows());
    return paging.answer(page.rules().stream().map(RuleView::of).toList(), page.next());
  }

  /// A cursor of who sees everything is not one of who does not.
  private static String owner(ApiCaller caller) {
    String organization = caller.tenant().organizationId();
    return caller.extent().confined() ? organization + " " + caller.id() : organization;
  }

  /// GET /api/policy/rules/{id}
  private Answer show(ApiCall call) {
    StoredRule rule =
        lists.find(ApiCaller.of(call), call.path("id")).orElseThrow(() -> Problem.absent("rule"));
    return Answer.ok(RuleView.of(rule)).tagged(RuleView.tag(rule));
  }

  /// DELETE /api/policy/rules/{id}
  private Answer remove(ApiCall call) {
    StoredRule _ = done(changes.remove(ApiCaller.of(call), call.path("id"), call.ifMatch()));
    return Answer.empty();
  }

  private static StoredRule done(RuleChanges.Outcome outcome) {
    return switch (outcome) {
      case RuleChanges.Outcome.Done(StoredRule rule) -> rule;
      case RuleChanges.Outcome.Absent(String noun) -> throw Problem.absent(noun);
      case RuleChanges.Outcome.Denied(String message) -> throw Problem.denied(message);
      case RuleChanges.Outcome.Conflict(String message) -> throw Problem.conflict(message);
      case RuleChanges.Outcome.Wrong(String pointer, String message) ->
          throw Problem.wrong(pointer, message);
    };
  }

  private static @Nullable Layer layer(@Nullable String text) {
    Layer layer = Layer.of(text);
    if (text != null && layer == null) {
      throw Problem.wrong(
          "on",
          "%s (expected: organization, project, member or key)".formatted(Refusal.shown(text)));
    }
    return layer;
  }
}
