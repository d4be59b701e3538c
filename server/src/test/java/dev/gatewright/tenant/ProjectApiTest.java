package dev.gatewright.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.account.Role;
import dev.gatewright.key.ApiKey;
import dev.gatewright.store.Database;
import dev.gatewright.tenant.TenantStack.Answer;
import dev.gatewright.tenant.TenantStack.Caller;
import dev.gatewright.testbed.EachDatabase;
import java.util.List;
import java.util.Map;

/// /api/projects over HTTP.
class ProjectApiTest {
  @EachDatabase
  void a_project_is_made_changed_and_deleted(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String org = stack.organization("Acme");
      Caller admin = stack.member(org, Role.ADMIN, "adm@x.test");
      Answer made = admin.post("/api/projects", "{\"name\":\"App\",\"mode\":\"api-keys\"}");
      assertThat(made.status()).isEqualTo(201);
      String path = "/api/projects/" + made.text("/id");
      assertThat(made.text("/mode")).isEqualTo("api-keys");
      assertThat(admin.get(path).body()).isEqualTo(made.body());
      Answer edited = admin.patch(path, "{\"mode\":\"credits\"}");
      assertThat(edited.text("/name")).isEqualTo("App");
      assertThat(edited.text("/mode")).isEqualTo("credits");
      assertThat(admin.call("DELETE", path, "", Map.of("if-match", made.tag())).status())
          .isEqualTo(412);
      assertThat(admin.delete(path).status()).isEqualTo(204);
      assertThat(admin.get(path).status()).isEqualTo(404);
      assertThat(admin.delete(path).status()).isEqualTo(404);
      assertThat(admin.get("/api/projects").body().at("/data")).hasSize(1);
      assertThat(
              admin
                  .post("/api/projects", "{\"name\":\"A\",\"mode\":\"free\"}")
                  .text("/error/param"))
          .isEqualTo("/mode");
      assertThat(admin.post("/api/projects", "{}").text("/error/param")).isEqualTo("/name");
    }
  }

  @EachDatabase
  void one_with_live_keys_and_the_last_one_stay(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String org = stack.organization("Acme");
      Caller local = stack.local().in(org);
      String first = "/api/projects/" + stack.firstProject(org);
      assertThat(local.delete(first).status()).isEqualTo(409);
      assertThat(local.post("/api/projects", "{\"name\":\"Second\"}").status()).isEqualTo(201);
      stack.key(org, ApiKey.Kind.LIVE);
      assertThat(local.delete(first).text("/error/message")).contains("revoked");
      String key = local.get("/api/keys").text("/data/0/id");
      assertThat(local.post("/api/keys/" + key + "/revoke", "").status()).isEqualTo(200);
      assertThat(local.delete(first).status()).isEqualTo(204);
    }
  }

  @EachDatabase
  void a_developer_sees_the_projects_granted_and_changes_none(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String org = stack.organization("Acme");
      Caller local = stack.local().in(org);
      String hidden = stack.firstProject(org);
      String granted = local.post("/api/projects", "{\"name\":\"Open\"}").text("/id");
      Caller developer = stack.member(org, Role.DEVELOPER, "dev@x.test", granted);
      assertThat(developer.get("/api/projects").body().at("/data")).hasSize(1);
      assertThat(developer.get("/api/projects/" + granted).status()).isEqualTo(200);
      assertThat(developer.get("/api/projects/" + hidden).error())
          .isEqualTo(developer.get("/api/projects/prj_none").error());
      assertThat(developer.patch("/api/projects/" + granted, "{\"name\":\"x\"}").status())
          .isEqualTo(403);
      assertThat(
              stack
                  .member(org, Role.DEVELOPER, "new@x.test")
                  .get("/api/projects")
                  .body()
                  .at("/data"))
          .isEmpty();
      Caller billing = stack.member(org, Role.BILLING, "bil@x.test");
      assertThat(billing.get("/api/projects/" + granted).status()).isEqualTo(404);
      assertThat(billing.get("/api/projects").status()).isEqualTo(403);
      assertThat(
              stack.member(org, Role.VIEWER, "vie@x.test").get("/api/projects").body().at("/data"))
          .hasSize(2);
    }
  }

  @EachDatabase
  void another_organizations_project_is_as_one_that_is_not_there(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String org = stack.organization("Acme");
      String other = stack.firstProject(stack.organization("Other"));
      for (Caller caller :
          List.of(
              stack.member(org, Role.OWNER, "own@x.test"),
              stack.key(stack.adminKey(org)),
              stack.local().in(org))) {
        for (String method : List.of("GET", "PATCH", "DELETE")) {
          String body = method.equals("PATCH") ? "{\"name\":\"mine\"}" : "";
          Answer foreign = caller.call(method, "/api/projects/" + other, body, Map.of());
          Answer none = caller.call(method, "/api/projects/prj_none", body, Map.of());
          assertThat(foreign.status()).isEqualTo(404);
          assertThat(foreign.error()).isEqualTo(none.error());
        }
      }
    }
  }
}
