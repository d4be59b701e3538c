package dev.gatewright.tenant.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.lookup.KeyLookup;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.tenant.TenantStack;
import dev.gatewright.tenant.TenantStack.Answer;
import dev.gatewright.tenant.TenantStack.Caller;
import dev.gatewright.testbed.EachDatabase;

/// POST /api/platform/import
class TenantImportApiTest {
  private static final String PATH = "/api/platform/import";
  private static final String KEY = "Zq8vT2mX4cLw9RkJ7sYbN3pGfHd6VaEu";

  private static String body(boolean dryRun, String more) {
    return """
    {"dry_run":%s,"organization":{"ref":"acme","name":"Acme","platform_credentials":true,
     "projects":[{"ref":"web","name":"Web","mode":"api-keys",
       "keys":[{"line":1,"key":"%s","name":"phone"}]}%s],
     "people":[{"email":"ana@x.test","role":"owner"},
       {"email":"bo@x.test","role":"developer","projects":["web"]}]}}\
    """
        .formatted(dryRun, KEY, more);
  }

  @EachDatabase
  void all_of_it_comes_once_and_what_is_here_stays(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      Answer trial = stack.local().post(PATH, body(true, ""));
      assertThat(trial.status()).as(trial.body().toString()).isEqualTo(200);
      assertThat(trial.text("/outcome")).isEqualTo("imported");
      assertThat(stack.local().get("/api/organizations").body().at("/data")).hasSize(1);
      assertThat(stack.local().get("/api/platform/people").body().at("/data")).isEmpty();

      Answer first = stack.local().post(PATH, body(false, ""));
      String org = first.text("/id");
      assertThat(first.body().at("/projects/0/outcome").asText()).isEqualTo("imported");
      assertThat(first.body().at("/keys/0/outcome").asText()).isEqualTo("imported");
      assertThat(stack.test.find(Secret.of(KEY))).isInstanceOf(KeyLookup.Found.class);
      Caller ana = stack.person("ana@x.test");
      assertThat(
              ana.get("/api/organizations/" + org).body().at("/platform_credentials").asBoolean())
          .isTrue();
      JsonNode bo = ana.get("/api/team/members").body().at("/data/1");
      assertThat(bo.path("projects").get(0).asText()).isEqualTo(first.text("/projects/0/id"));
      assertThat(ana.get("/api/projects").text("/data/0/mode")).isEqualTo("api-keys");

      assertThat(ana.patch("/api/organizations/" + org, "{\"name\":\"Renamed\"}").status())
          .isEqualTo(200);
      assertThat(
              ana.patch(
                      "/api/team/members/" + bo.path("person_id").asText(), "{\"role\":\"viewer\"}")
                  .status())
          .isEqualTo(200);
      long links = links(stack, org);
      Answer again = stack.local().post(PATH, body(false, ""));
      assertThat(again.text("/id")).isEqualTo(org);
      assertThat(again.text("/outcome")).isEqualTo("present");
      assertThat(again.body().findValuesAsText("outcome")).containsOnly("present");
      assertThat(ana.get("/api/organizations/" + org).text("/name")).isEqualTo("Renamed");
      assertThat(ana.get("/api/team/members").text("/data/1/role")).isEqualTo("viewer");
      assertThat(links(stack, org)).isEqualTo(links);

      Answer more = stack.local().post(PATH, body(false, ",{\"ref\":\"app\",\"name\":\"App\"}"));
      assertThat(more.text("/projects/1/outcome")).isEqualTo("imported");
      assertThat(ana.get("/api/projects").body().at("/data")).hasSize(2);
    }
  }

  private static long links(TenantStack stack, String organization) {
    AuditLog.Walk walk = stack.test.keys.audit().verify(stack.test.database, organization);
    return ((AuditLog.Walk.Intact) walk).links();
  }

  @EachDatabase
  void what_was_deleted_does_not_come_back(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String more = ",{\"ref\":\"app\",\"name\":\"App\"}";
      Answer first = stack.local().post(PATH, body(false, more));
      String path = "/api/projects/" + first.text("/projects/1/id");
      assertThat(stack.local().in(first.text("/id")).delete(path).status()).isEqualTo(204);
      Answer again = stack.local().post(PATH, body(false, more));
      assertThat(again.text("/projects/1/outcome")).isEqualTo("refused");
      stack.local().delete("/api/organizations/" + first.text("/id"));
      assertThat(stack.local().post(PATH, body(false, "")).status()).isEqualTo(409);
    }
  }

  @EachDatabase
  void is_for_who_runs_the_platform_and_names_what_does_not_fit(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String org = stack.organization("Other");
      assertThat(stack.key(stack.adminKey(org)).post(PATH, body(false, "")).status())
          .isEqualTo(403);
      assertThat(stack.person("p@x.test").post(PATH, body(false, "")).status()).isEqualTo(403);
      for (String[] wrong :
          new String[][] {
            {"{}", "/organization"},
            {"{\"organization\":{\"name\":\"A\"}}", "/organization/ref"},
            {"{\"organization\":{\"ref\":\"a\"}}", "/organization/name"},
            {organization("\"projects\":[{\"ref\":\"p\"}]"), "/organization/projects/0/name"},
            {
              organization("\"projects\":[{\"ref\":\"p\",\"name\":\"p\",\"mode\":\"x\"}]"),
              "/organization/projects/0/mode"
            },
            {organization("\"people\":[{\"role\":\"owner\"}]"), "/organization/people/0/email"},
            {organization("\"people\":[{\"email\":\"a@b\"}]"), "/organization/people/0/role"},
            {
              organization(
                  "\"people\":[{\"email\":\"a@b\",\"role\":\"developer\",\"projects\":[\"q\"]}]"),
              "/organization/people/0/projects"
            },
            {organization("\"people\":[null]"), "/organization/people/0"},
          }) {
        assertThat(stack.local().post(PATH, wrong[0]).text("/error/param"))
            .as(wrong[0])
            .isEqualTo(wrong[1]);
      }
      Answer operators = stack.person("op@x.test", true).post(PATH, organization("\"people\":[]"));
      assertThat(operators.text("/outcome")).isEqualTo("imported");
      String made = operators.text("/id");
      assertThat(stack.local().in(made).get("/api/projects").text("/data/0/name"))
          .isEqualTo("Default project");
    }
  }

  private static String organization(String more) {
    return "{\"organization\":{\"ref\":\"a\",\"name\":\"A\",%s}}".formatted(more);
  }
}
