package dev.gatewright.tenant.team;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Role;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Paging;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// REST of members and of who owns the organization. Described in `openapi/tenant_team.yaml`.
final class MemberApi {
  private static final int BODY_BYTES_MAX = 16 << 10;
  private static final int PAGE_ROWS = 50;
  private static final int PAGE_ROWS_MAX = 200;

  private final Team team;
  private final Ownership ownership;

  MemberApi(Team team, Ownership ownership) {
    this.team = team;
    this.ownership = ownership;
  }

  List<ApiRoute> routes() {
    return List.of(
        ApiRoute.get("/api/team/members", Access.of(Permission.MEMBER_READ), this::list)
            .query("limit", "cursor"),
        ApiRoute.get("/api/team/members/{id}", Access.of(Permission.MEMBER_READ), this::show),
        ApiRoute.patch(
            "/api/team/members/{id}",
            Access.of(Permission.MEMBER_WRITE),
            BODY_BYTES_MAX,
            this::edit),
        // Whoever belongs to it may leave; who may take others out is asked where that is known.
        ApiRoute.delete("/api/team/members/{id}", Access.of(Permission.ORG_READ), this::remove),
        ApiRoute.post(
            "/api/organizations/{id}/transfer",
            Access.of(Permission.ORG_OWNER).withStepUp().byPeople().inPath(),
            4 << 10,
            this::transfer));
  }

  /// GET /api/team/members?limit=&cursor=
  private Answer list(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    // Who sees less has a list of its own: its cursors are good for no other.
    String whose =
        caller.tenant().organizationId() + (caller.extent().confined() ? caller.id() : "");
    Paging paging = call.paging(whose, PAGE_ROWS, PAGE_ROWS_MAX);
    String place = paging.after();
    List<TeamMember> page = team.list(caller, place == null ? "" : place, paging.rows());
    return paging.answer(
        page.stream().map(member -> view(caller, member)).toList(),
        page.size() < paging.rows() ? null : page.getLast().personId());
  }

  private static TeamMember.View view(ApiCaller caller, TeamMember member) {
    boolean self = member.personId().equals(caller.id());
    return member.view(project -> self || caller.reaches(project));
  }

  /// GET /api/team/members/{id}
  private Answer show(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    TeamMember member =
        team.find(caller, call.path("id")).orElseThrow(() -> Problem.absent(Team.KIND));
    return Answer.ok(view(caller, member)).tagged(member.tag());
  }

  /// Absent = as it is.
  record MemberEdit(@Nullable String role, @Nullable List<@Nullable String> projects) {}

  /// PATCH /api/team/members/{id}
  private Answer edit(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    MemberEdit edit = call.body(MemberEdit.class);
    Role role = edit.role() == null ? null : Grants.role(edit.role());
    Set<String> projects = Grants.projects(edit.projects());
    TeamMember after =
        team.edit(caller, call.path("id"), role, projects, call.ifMatch()).orProblem();
    return Answer.ok(view(caller, after)).tagged(after.tag());
  }

  /// The schema `RemovedMember`.
  record RemovedView(String personId, List<String> disabledKeys) {}

  /// DELETE /api/team/members/{id}
  private Answer remove(ApiCall call) {
    Team.Removed removed =
        team.remove(ApiCaller.of(call), call.path("id"), call.ifMatch()).orProblem();
    return Answer.ok(new RemovedView(removed.member().personId(), removed.disabledKeys()));
  }

  record Transfer(@Nullable String personId) {}

  /// POST /api/organizations/{id}/transfer
  private Answer transfer(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    String person = call.body(Transfer.class).personId();
    if (person == null) {
      throw Problem.wrong("/person_id", "missing (expected: a member's, per_…)");
    }
    TeamMember owner = ownership.transfer(caller, call.origin().host(), person).orProblem();
    return Answer.ok(view(caller, owner)).tagged(owner.tag());
  }
}
