package dev.gatewright.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Paging;
import dev.gatewright.rest.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// REST of who runs the platform: what organizations and people there are. Described in
/// `openapi/tenant.yaml`.
final class PlatformApi {
  private static final int BODY_BYTES_MAX = 4 << 10;
  private static final int PAGE_ROWS = 50;
  private static final int PAGE_ROWS_MAX = 200;
  private static final String OWNER = "platform";

  private final Organizations organizations;
  private final TenantWrites writes;

  PlatformApi(Organizations organizations, TenantWrites writes) {
    this.organizations = organizations;
    this.writes = writes;
  }

  List<ApiRoute> routes() {
    return List.of(
        ApiRoute.get("/api/platform/organizations", Access.platform(), this::organizations)
            .query("state", "limit", "cursor"),
        ApiRoute.get("/api/platform/organizations/{id}", Access.platform(), this::show),
        ApiRoute.patch(
            "/api/platform/organizations/{id}", Access.platform(), BODY_BYTES_MAX, this::edit),
        ApiRoute.get("/api/platform/people", Access.platform(), this::people)
            .query("email", "limit", "cursor"));
  }

  /// The schema `PlatformOrganization`.
  record View(
      String id,
      String name,
      String state,
      boolean platformCredentials,
      long members,
      long projects,
      Instant createdAt,
      @Nullable Instant deletedAt,
      @Nullable Instant restorableUntil) {
    static View of(OrganizationStore.Counted counted) {
      Organization organization = counted.organization();
      return new View(
          organization.id(),
          organization.name(),
          organization.state().word(),
          organization.platformCredentials(),
          counted.members(),
          counted.projects(),
          Instant.ofEpochMilli(organization.createdMillis()),
          OrganizationView.time(organization.deletedMillis()),
          OrganizationView.time(organization.restorableUntilMillis()));
    }
  }

  /// GET /api/platform/organizations?state=&limit=&cursor=
  private Answer organizations(ApiCall call) {
    String word = call.query().text("state");
    Organization.State state = word == null ? null : Organization.State.of(word);
    if (word != null && (state == null || state == Organization.State.PURGED)) {
      throw Problem.wrong("state", word + " (expected: active, deleting or purging)");
    }
    Paging paging = call.paging(OWNER, PAGE_ROWS, PAGE_ROWS_MAX);
    String place = paging.after();
    List<OrganizationStore.Counted> page =
        organizations.all(state, place == null ? "" : place, paging.rows());
    return paging.answer(
        page.stream().map(View::of).toList(),
        page.size() < paging.rows() ? null : page.getLast().organization().id());
  }

  /// GET /api/platform/organizations/{id}
  private Answer show(ApiCall call) {
    Organization found =
        organizations.find(call.path("id")).orElseThrow(() -> Problem.absent("organization"));
    return Answer.ok(OrganizationView.of(found, null)).tagged(found.tag());
  }

  record PlatformEdit(@Nullable Boolean platformCredentials, @Nullable JsonNode allowUnpriced) {}

  /// PATCH /api/platform/organizations/{id}
  private Answer edit(ApiCall call) {
    PlatformEdit wanted = call.body(PlatformEdit.class);
    Boolean may = wanted.platformCredentials();
    Allowance unpriced = Allowance.of(wanted.allowUnpriced());
    if (may == null && !unpriced.given()) {
      throw Problem.wrong("/platform_credentials", "missing (expected: true or false)");
    }
    Organization after =
        organizations
            .allow(ApiCaller.of(call), call.path("id"), may, unpriced, call.ifMatch())
            .orProblem();
    return Answer.ok(OrganizationView.of(after, null)).tagged(after.tag());
  }

  /// GET /api/platform/people?email=&limit=&cursor=
  private Answer people(ApiCall call) {
    String email = call.query().text("email");
    Paging paging = call.paging(OWNER, PAGE_ROWS, PAGE_ROWS_MAX);
    String place = paging.after();
    List<PeopleStore.Counted> page =
        writes.read(handle ->
            PeopleStore.all(
                handle,
                email == null ? null : email.strip().toLowerCase(Locale.ROOT),
                place == null ? "" : place,
                paging.rows()));
    return paging.answer(
        page.stream().map(PersonView::of).toList(),
        page.size() < paging.rows() ? null : page.getLast().id());
  }

  /// The schema `PlatformPerson`.
  record PersonView(
      String id,
      String email,
      boolean operator,
      String state,
      long organizations,
      Instant createdAt) {
    static PersonView of(PeopleStore.Counted person) {
      return new PersonView(
          person.id(),
          person.email(),
          person.operator(),
          person.state(),
          person.organizations(),
          Instant.ofEpochMilli(person.createdMillis()));
    }
  }
}
