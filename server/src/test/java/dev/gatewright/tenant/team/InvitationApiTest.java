package dev.gatewright.tenant.team;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.account.Role;
import dev.gatewright.store.Database;
import dev.gatewright.tenant.TenantStack;
import dev.gatewright.tenant.TenantStack.Answer;
import dev.gatewright.tenant.TenantStack.Caller;
import dev.gatewright.testbed.EachDatabase;
import java.util.List;
import java.util.Map;

/// /api/team/invitations over HTTP.
class InvitationApiTest {
  private static final String PATH = "/api/team/invitations";
  private static final String ACCEPT = PATH + "/accept";

  private static String asking(String email, Role role) {
    return "{\"email\":\"%s\",\"role\":\"%s\"}".formatted(email, role.word());
  }

  private static String token(Answer made) {
    String link = made.text("/link");
    assertThat(link).startsWith("https://gate.test/console/invitation#");
    return "{\"token\":\"%s\"}".formatted(link.substring(link.indexOf('#') + 1));
  }

  @EachDatabase
  void invitation_needs_verified_same_address(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String org = stack.organization("Acme");
      Caller admin = stack.member(org, Role.ADMIN, "adm@x.test");
      String project = stack.firstProject(org);
      Answer made =
          admin.post(
              PATH,
              "{\"email\":\"Bo@x.test\",\"role\":\"developer\",\"projects\":[\"%s\"]}"
                  .formatted(project));
      assertThat(made.status()).isEqualTo(201);
      Answer shown = admin.get(PATH + "/" + made.text("/id"));
      assertThat(shown.raw().body()).doesNotContain("link", "token");
      Caller other = stack.person("eve@x.test");
      Answer refused = other.post(ACCEPT, token(made));
      assertThat(refused.status()).isEqualTo(404);
      assertThat(refused.error())
          .isEqualTo(other.post(ACCEPT, "{\"token\":\"%s\"}".formatted("x".repeat(43))).error());
      Caller bo = stack.person("bo@x.test");
      Answer joined = bo.post(ACCEPT, token(made));
      assertThat(joined.status()).isEqualTo(200);
      assertThat(joined.text("/organization/name")).isEqualTo("Acme");
      assertThat(joined.body().at("/projects").toString()).isEqualTo("[\"%s\"]".formatted(project));
      assertThat(bo.get("/api/projects").body().at("/data")).hasSize(1);
      assertThat(bo.post(ACCEPT, token(made)).body()).isEqualTo(joined.body());
      assertThat(admin.get(PATH).body().at("/data")).isEmpty();
      assertThat(admin.get(PATH + "?state=accepted").text("/data/0/invited_by"))
          .isEqualTo(admin.id);
      assertThat(admin.delete("/api/team/members/" + bo.id).status()).isEqualTo(200);
      assertThat(bo.post(ACCEPT, token(made)).status()).isEqualTo(404);
      assertThat(stack.key(stack.adminKey(org)).post(ACCEPT, token(made)).status()).isEqualTo(401);
    }
  }

  @EachDatabase
  void it_ends_after_seven_days_when_withdrawn_and_when_another_takes_its_place(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String org = stack.organization("Acme");
      Caller admin = stack.member(org, Role.ADMIN, "adm@x.test");
      Caller bo = stack.person("bo@x.test");
      String body = asking("bo@x.test", Role.VIEWER);
      Answer first = admin.post(PATH, body);
      Answer second = admin.post(PATH, body);
      assertThat(bo.post(ACCEPT, token(first)).status()).isEqualTo(404);
      String path = PATH + "/" + second.text("/id");
      assertThat(admin.call("DELETE", path, "", Map.of("if-match", first.tag())).status())
          .isEqualTo(412);
      assertThat(admin.call("DELETE", path, "", Map.of("if-match", second.tag())).status())
          .isEqualTo(204);
      assertThat(bo.post(ACCEPT, token(second)).status()).isEqualTo(404);
      assertThat(admin.get(path).text("/state")).isEqualTo("withdrawn");
      Answer third = admin.post(PATH, body);
      stack.test.pass(Invitation.LIFE);
      assertThat(bo.post(ACCEPT, token(third)).status()).isEqualTo(404);
      assertThat(admin.get(PATH).text("/data/0/state")).isEqualTo("expired");
      assertThat(admin.post(PATH, body).status()).isEqualTo(201);
    }
  }

  @EachDatabase
  void nobody_invites_beyond_the_own_role_then_or_later(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String org = stack.organization("Acme");
      Caller owner = stack.member(org, Role.OWNER, "own@x.test");
      Caller admin = stack.member(org, Role.ADMIN, "adm@x.test");
      for (Role role : Role.values()) {
        assertThat(admin.post(PATH, asking(role.word() + "@y.test", role)).status())
            .as(role.word())
            .isEqualTo(role.within(Role.ADMIN) ? 201 : 403);
      }
      assertThat(
              stack
                  .member(org, Role.DEVELOPER, "d@x.test")
                  .post(PATH, asking("z@y.test", Role.VIEWER))
                  .status())
          .isEqualTo(403);
      stack.proved(owner, 11 * 60_000);
      assertThat(owner.post(PATH, asking("o@y.test", Role.OWNER)).text("/error/code"))
          .isEqualTo("step_up_required");
      stack.proved(owner, 0);

      Caller bo = stack.person("bo@x.test");
      Answer byAdmin = admin.post(PATH, asking("bo@x.test", Role.ADMIN));
      assertThat(owner.patch("/api/team/members/" + admin.id, "{\"role\":\"viewer\"}").status())
          .isEqualTo(200);
      assertThat(bo.post(ACCEPT, token(byAdmin)).status()).isEqualTo(404);
      assertThat(owner.get(PATH + "/" + byAdmin.text("/id")).text("/state")).isEqualTo("void");

      String key = stack.adminKey(org);
      Answer byKey = stack.key(key).post(PATH, asking("bo@x.test", Role.VIEWER));
      assertThat(byKey.status()).isEqualTo(201);
      String keyId = owner.get("/api/keys").text("/data/0/id");
      assertThat(owner.post("/api/keys/" + keyId + "/revoke", "").status()).isEqualTo(200);
      assertThat(bo.post(ACCEPT, token(byKey)).status()).isEqualTo(404);

      Caller gone = stack.member(org, Role.OWNER, "gone@x.test");
      Answer byGone = gone.post(PATH, asking("bo@x.test", Role.VIEWER));
      assertThat(gone.delete("/api/team/members/" + gone.id).status()).isEqualTo(200);
      assertThat(bo.post(ACCEPT, token(byGone)).status()).isEqualTo(404);
      assertThat(bo.get("/api/organizations/" + org).status()).isEqualTo(404);
    }
  }

  @EachDatabase
  void wrong_wishes_name_the_field(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String org = stack.organization("Acme");
      Caller owner = stack.member(org, Role.OWNER, "own@x.test");
      for (String[] wrong :
          new String[][] {
            {"{\"role\":\"viewer\"}", "/email"},
            {"{\"email\":\"a b\",\"role\":\"viewer\"}", "/email"},
            {"{\"email\":\"a@b\"}", "/role"},
            {"{\"email\":\"a@b\",\"role\":\"king\"}", "/role"},
            {"{\"email\":\"a@b\",\"role\":\"viewer\",\"projects\":[\"prj_x\"]}", "/projects"},
            {"{\"email\":\"a@b\",\"role\":\"developer\",\"projects\":[\"prj_x\"]}", "/projects/0"},
          }) {
        assertThat(owner.post(PATH, wrong[0]).text("/error/param"))
            .as(wrong[0])
            .isEqualTo(wrong[1]);
      }
      assertThat(owner.post(PATH, asking("OWN@x.test", Role.VIEWER)).status()).isEqualTo(409);
      assertThat(owner.post(ACCEPT, "{}").text("/error/param")).isEqualTo("/token");
    }
  }

  @EachDatabase
  void another_organizations_invitation_is_as_one_that_is_not_there(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String org = stack.organization("Acme");
      Caller owner = stack.member(org, Role.OWNER, "own@x.test");
      Caller other = stack.member(stack.organization("Other"), Role.OWNER, "oth@x.test");
      String id = owner.post(PATH, asking("bo@x.test", Role.VIEWER)).text("/id");
      for (String method : List.of("GET", "DELETE")) {
        Answer foreign = other.call(method, PATH + "/" + id, "", Map.of());
        assertThat(foreign.status()).isEqualTo(404);
        assertThat(foreign.error())
            .isEqualTo(other.call(method, PATH + "/inv_none", "", Map.of()).error());
      }
      assertThat(other.get(PATH).body().at("/data")).isEmpty();
      Caller developer = stack.member(org, Role.DEVELOPER, "dev@x.test");
      assertThat(developer.get(PATH + "/" + id).status()).isEqualTo(404);
      assertThat(developer.get(PATH).body().at("/data")).isEmpty();
      assertThat(stack.member(org, Role.BILLING, "bil@x.test").get(PATH).status()).isEqualTo(403);
    }
  }

  @EachDatabase
  void a_create_sent_again_gets_no_link(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String org = stack.organization("Acme");
      Caller owner = stack.member(org, Role.OWNER, "own@x.test");
      Map<String, String> key = Map.of("idempotency-key", "one");
      String body = asking("bo@x.test", Role.VIEWER);
      Answer first = owner.call("POST", PATH, body, key);
      Answer again = owner.call("POST", PATH, body, key);
      assertThat(again.text("/id")).isEqualTo(first.text("/id"));
      assertThat(again.body().has("link")).isFalse();
      assertThat(stack.person("bo@x.test").post(ACCEPT, token(first)).status()).isEqualTo(200);
    }
  }
}
