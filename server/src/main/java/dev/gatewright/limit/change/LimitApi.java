package dev.gatewright.limit.change;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Tenant;
import dev.gatewright.key.change.KeyLists;
import dev.gatewright.key.change.Reach;
import dev.gatewright.limit.StoredLimit;
import dev.gatewright.limit.term.LimitForm;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Paging;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.tenant.TenantWrites;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// REST of limits. A caller reaches its own organization; limits of others answer 404 as if they
/// did not exist. Described in `openapi/limit.yaml`.
public final class LimitApi {
  private static final int BODY_BYTES_MAX = 4 << 10;
  private static final int PAGE_ROWS = 50;
  private static final int PAGE_ROWS_MAX = 200;

  /// Rows looked at for one page by who may see but some of them: it may then be short.
  private static final int LOOKS_MAX = 5;

  private final LimitChanges changes;
  private final KeyLists keys;

  /// @param platform the platform owner's organization
  public LimitApi(TenantWrites writes, KeyLists keys, Tenant platform) {
    this.changes = new LimitChanges(writes, keys, platform);
    this.keys = keys;
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    Access read = Access.of(Permission.POLICY_READ);
    Access write = Access.of(Permission.POLICY_WRITE);
    return new Resource(
        "limit",
        List.of(
            ApiRoute.create("/api/limits", write, BODY_BYTES_MAX, this::create),
            ApiRoute.get("/api/limits", read, this::list).query("on", "limit", "cursor"),
            ApiRoute.get("/api/limits/{id}", read, this::show),
            ApiRoute.patch("/api/limits/{id}", write, BODY_BYTES_MAX, this::edit),
            ApiRoute.delete("/api/limits/{id}", write, this::remove)));
  }

  /// The body of `POST /api/limits`.
  record LimitRequest(
      @Nullable String on, @Nullable String kind, @Nullable JsonNode max, @Nullable String per) {}

  /// POST /api/limits
  private Answer create(ApiCall call) {
    LimitRequest wanted = call.body(LimitRequest.class);
    LimitSubject on = LimitSubject.of(wanted.on, "/on");
    return switch (new LimitForm(wanted.kind, wanted.max, wanted.per).checked("")) {
      case LimitForm.Checked.Wrong(String pointer, String message) ->
          throw Problem.wrong(pointer, message);
      case LimitForm.Checked.Good good -> {
        StoredLimit made = changes.create(ApiCaller.of(call), on, good);
        yield Answer.created(LimitView.of(made)).tagged(LimitView.tag(made));
      }
    };
  }

  /// GET /api/limits?on=&limit=&cursor=
  private Answer list(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    String organization = caller.tenant().organizationId();
    String asked = call.query().text("on");
    String on = asked == null ? null : LimitSubject.of(asked, "on").id();
    String owner = caller.extent().confined() ? organization + " " + caller.id() : organization;
    Paging paging = call.paging(owner, PAGE_ROWS, PAGE_ROWS_MAX);
    List<Object> shown = new ArrayList<>();
    String before = paging.after();
    for (int look = 0; look < LOOKS_MAX; look++) {
      List<StoredLimit> page = changes.list(organization, on, before, paging.rows());
      for (StoredLimit stored : page) {
        before = stored.limit().id();
        if (sees(caller, stored)) {
          shown.add(LimitView.of(stored));
          if (shown.size() == paging.rows()) {
            return paging.answer(shown, before);
          }
        }
      }
      if (page.size() < paging.rows()) {
        return paging.answer(shown, null);
      }
    }
    return paging.answer(shown, before);
  }

  /// GET /api/limits/{id}
  private Answer show(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    StoredLimit stored = changes.find(caller.tenant().organizationId(), call.path("id"));
    if (stored == null || !sees(caller, stored)) {
      throw Problem.absent("limit");
    }
    return Answer.ok(LimitView.of(stored)).tagged(LimitView.tag(stored));
  }

  /// PATCH /api/limits/{id}
  private Answer edit(ApiCall call) {
    LimitEdit edit = call.body(LimitEdit.class);
    StoredLimit now = changes.edit(ApiCaller.of(call), call.path("id"), edit, call.ifMatch());
    return Answer.ok(LimitView.of(now)).tagged(LimitView.tag(now));
  }

  /// DELETE /api/limits/{id}
  private Answer remove(ApiCall call) {
    changes.remove(ApiCaller.of(call), call.path("id"), call.ifMatch());
    return Answer.empty();
  }

  /// Who is confined to projects sees the organization's, those of these projects, the own, and
  /// those of own keys.
  private boolean sees(ApiCaller caller, StoredLimit stored) {
    if (!caller.extent().confined()) {
      return true;
    }
    String on = stored.limit().on();
    if (on.startsWith("key_")) {
      return keys.find(stored.organizationId(), on)
          .filter(key -> caller.reaches(key.key().tenant().projectId()))
          .filter(key -> Reach.isOf(key.key(), caller.id()))
          .isPresent();
    }
    return switch (on.substring(0, Math.min(4, on.length()))) {
      case "prj_" -> caller.reaches(on);
      case "per_" -> on.equals(caller.id());
      default -> true;
    };
  }
}
