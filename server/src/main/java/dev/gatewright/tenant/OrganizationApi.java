package dev.gatewright.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Principal;
import dev.gatewright.account.Role;
import dev.gatewright.edge.Refusal;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Paging;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// REST of organizations. Described in `openapi/tenant.yaml`.
final class OrganizationApi {
  private static final int BODY_BYTES_MAX = 4 << 10;
  private static final int PAGE_ROWS = 50;
  private static final int PAGE_ROWS_MAX = 200;

  private final Organizations organizations;
  private final boolean open;

  /// @param open people who do not run the platform may make organizations
  OrganizationApi(Organizations organizations, boolean open) {
    this.organizations = organizations;
    this.open = open;
  }

  List<ApiRoute> routes() {
    return List.of(
        ApiRoute.create("/api/organizations", Access.account(), BODY_BYTES_MAX, this::create),
        ApiRoute.get("/api/organizations", Access.account(), this::list).query("limit", "cursor"),
        ApiRoute.get(
            "/api/organizations/{id}", Access.of(Permission.ORG_READ).inPath(), this::show),
        ApiRoute.patch(
            "/api/organizations/{id}",
            Access.of(Permission.ORG_WRITE).inPath(),
            BODY_BYTES_MAX,
            this::edit),
        ApiRoute.delete(
            "/api/organizations/{id}",
            Access.of(Permission.ORG_DELETE).withStepUp().byPeople().inPath(),
            this::delete),
        ApiRoute.post(
            "/api/organizations/{id}/restore", Access.account(), BODY_BYTES_MAX, this::restore));
  }

  /// @param ownerId for who runs the platform: whose it is to be
  record NewOrganization(@Nullable String name, @Nullable String ownerId) {}

  /// POST /api/organizations
  private Answer create(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    NewOrganization wanted = call.body(NewOrganization.class);
    String person = person(caller);
    if (!caller.platformOwner() && !open) {
      throw Problem.denied(
          "Organizations are made by the platform's operators here (sign-up: invite).");
    }
    String owner = wanted.ownerId();
    if (owner != null && !caller.platformOwner() && !owner.equals(person)) {
      throw Problem.wrong("/owner_id", owner + " (expected: nothing, or your own id)");
    }
    String name = Names.checked("/name", wanted.name());
    String theirs = owner == null ? person : owner;
    Organization made =
        organizations.create(caller.actor(), name, theirs, !caller.platformOwner()).orProblem();
    boolean own = theirs != null && theirs.equals(person);
    return Answer.created(OrganizationView.of(made, own ? Role.OWNER : null)).tagged(made.tag());
  }

  /// The person who calls; null for the command line on the machine.
  private static @Nullable String person(ApiCaller caller) {
    return caller.principal() instanceof Principal.Local ? null : caller.id();
  }

  /// GET /api/organizations?limit=&cursor=
  private Answer list(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    String person = person(caller);
    Paging paging = call.paging(caller.id(), PAGE_ROWS, PAGE_ROWS_MAX);
    String place = paging.after();
    String after = place == null ? "" : place;
    List<OrganizationView> views =
        person == null
            ? organizations.all(null, after, paging.rows()).stream()
                .map(counted -> OrganizationView.of(counted.organization(), null))
                .toList()
            : organizations.of(person, after, paging.rows()).stream()
                .map(seen -> OrganizationView.of(seen.organization(), seen.role()))
                .toList();
    return paging.answer(views, views.size() < paging.rows() ? null : views.getLast().id());
  }

  /// GET /api/organizations/{id}
  private Answer show(ApiCall call) {
    return shown(call, confined(call));
  }

  /// The organization the door has let the caller into; or, for who sends a create again, the one
  /// made by the first.
  private Organization confined(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    String id = call.path("id");
    boolean let =
        switch (caller.principal()) {
          case Principal.InOrganization _, Principal.KeyHolder _ ->
              caller.tenant().organizationId().equals(id);
          case Principal.Person _ -> organizations.has(id, caller.id());
          case Principal.Operator _, Principal.Local _ -> true;
        };
    return Optional.of(id)
        .filter(_ -> let)
        .flatMap(organizations::find)
        .orElseThrow(() -> Problem.absent("organization"));
  }

  record OrganizationEdit(
      @Nullable String name,
      @Nullable String timeZone,
      @Nullable String weekStart,
      @Nullable JsonNode allowUnpriced) {
    @Nullable ZoneId zone() {
      if (timeZone == null) {
        return null;
      }
      if (!ZoneId.getAvailableZoneIds().contains(timeZone)) {
        throw Problem.wrong(
            "/time_zone",
            "%s (expected: a zone such as Europe/Berlin)".formatted(Refusal.shown(timeZone)));
      }
      return ZoneId.of(timeZone);
    }

    @Nullable DayOfWeek week() {
      if (weekStart == null) {
        return null;
      }
      for (DayOfWeek day : DayOfWeek.values()) {
        if (day.name().toLowerCase(Locale.ROOT).equals(weekStart)) {
          return day;
        }
      }
      throw Problem.wrong(
          "/week_start",
          "%s (expected: monday, tuesday … sunday)".formatted(Refusal.shown(weekStart)));
    }
  }

  /// PATCH /api/organizations/{id}
  private Answer edit(ApiCall call) {
    OrganizationEdit wanted = call.body(OrganizationEdit.class);
    String name = wanted.name();
    ZoneId zone = wanted.zone();
    DayOfWeek week = wanted.week();
    Allowance unpriced = Allowance.of(wanted.allowUnpriced());
    if (name == null && zone == null && week == null && !unpriced.given()) {
      Organization as = confined(call);
      call.ifMatch().require(as.tag());
      return shown(call, as);
    }
    String checked = name == null ? null : Names.checked("/name", name);
    return shown(
        call,
        organizations
            .edit(ApiCaller.of(call), checked, zone, week, unpriced, call.ifMatch())
            .orProblem());
  }

  /// DELETE /api/organizations/{id}
  private Answer delete(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    Organization going = organizations.delete(caller, call.ifMatch()).orProblem();
    return new Answer(202, OrganizationView.of(going, role(caller)), Map.of()).tagged(going.tag());
  }

  /// POST /api/organizations/{id}/restore
  private Answer restore(ApiCall call) {
    call.requireNoFields();
    ApiCaller caller = ApiCaller.of(call);
    String owner = caller.platformOwner() ? null : caller.id();
    Organization back =
        organizations.restore(caller.actor(), call.path("id"), owner, call.ifMatch()).orProblem();
    return Answer.ok(OrganizationView.of(back, owner == null ? null : Role.OWNER))
        .tagged(back.tag());
  }

  private static Answer shown(ApiCall call, Organization organization) {
    return Answer.ok(OrganizationView.of(organization, role(ApiCaller.of(call))))
        .tagged(organization.tag());
  }

  private static @Nullable Role role(ApiCaller caller) {
    return caller.principal() instanceof Principal.InOrganization person
        ? person.member().role()
        : null;
  }
}
