package dev.gatewright.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Paging;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// REST of projects. Described in `openapi/tenant.yaml`.
final class ProjectApi {
  private static final int BODY_BYTES_MAX = 4 << 10;
  private static final int PAGE_ROWS = 50;
  private static final int PAGE_ROWS_MAX = 200;

  private final Projects projects;

  ProjectApi(Projects projects) {
    this.projects = projects;
  }

  List<ApiRoute> routes() {
    return List.of(
        ApiRoute.create(
            "/api/projects", Access.of(Permission.PROJECT_WRITE), BODY_BYTES_MAX, this::create),
        ApiRoute.get("/api/projects", Access.of(Permission.PROJECT_READ), this::list)
            .query("limit", "cursor"),
        ApiRoute.get("/api/projects/{id}", Access.of(Permission.PROJECT_READ), this::show),
        ApiRoute.patch(
            "/api/projects/{id}", Access.of(Permission.PROJECT_WRITE), BODY_BYTES_MAX, this::edit),
        ApiRoute.delete("/api/projects/{id}", Access.of(Permission.PROJECT_WRITE), this::delete));
  }

  /// What a project is made of, and what changes of it; absent = the default, or as it is.
  record ProjectFields(
      @Nullable String name, @Nullable String mode, @Nullable JsonNode allowUnpriced) {
    Project.@Nullable Mode checkedMode() {
      Project.Mode known = Project.Mode.of(mode);
      if (mode != null && known == null) {
        throw Problem.wrong("/mode", "%s (expected: %s)".formatted(mode, Project.Mode.WORDS));
      }
      return known;
    }
  }

  /// POST /api/projects
  private Answer create(ApiCall call) {
    ProjectFields wanted = call.body(ProjectFields.class);
    String name = Names.checked("/name", wanted.name());
    Project.Mode mode = wanted.checkedMode();
    Project made =
        projects
            .create(
                ApiCaller.of(call),
                name,
                mode == null ? Project.Mode.HYBRID : mode,
                Allowance.of(wanted.allowUnpriced()).after(null))
            .orProblem();
    return Answer.created(made.view()).tagged(made.tag());
  }

  /// GET /api/projects?limit=&cursor=
  private Answer list(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    Paging paging = call.paging(caller.tenant().organizationId(), PAGE_ROWS, PAGE_ROWS_MAX);
    String place = paging.after();
    List<Project> page = projects.list(caller, place == null ? "" : place, paging.rows());
    return paging.answer(
        page.stream().map(Project::view).toList(),
        page.size() < paging.rows() ? null : page.getLast().id());
  }

  /// GET /api/projects/{id}
  private Answer show(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    Project project =
        projects
            .find(caller.tenant().organizationId(), call.path("id"))
            .filter(found -> caller.reaches(found.id()))
            .orElseThrow(() -> Problem.absent(Projects.KIND));
    return Answer.ok(project.view()).tagged(project.tag());
  }

  /// PATCH /api/projects/{id}
  private Answer edit(ApiCall call) {
    ProjectFields fields = call.body(ProjectFields.class);
    String name = fields.name() == null ? null : Names.checked("/name", fields.name());
    Project after =
        projects
            .edit(
                ApiCaller.of(call),
                call.path("id"),
                name,
                fields.checkedMode(),
                Allowance.of(fields.allowUnpriced()),
                call.ifMatch())
            .orProblem();
    return Answer.ok(after.view()).tagged(after.tag());
  }

  /// DELETE /api/projects/{id}
  private Answer delete(ApiCall call) {
    projects.delete(ApiCaller.of(call), call.path("id"), call.ifMatch()).orProblem();
    return Answer.empty();
  }
}
