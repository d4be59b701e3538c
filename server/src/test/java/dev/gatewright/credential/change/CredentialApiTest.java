package dev.gatewright.credential.change;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.account.AccountStore;
import dev.gatewright.account.Tenant;
import dev.gatewright.admission.KeyAdmission;
import dev.gatewright.audit.AuditEntry;
import dev.gatewright.credential.Destination;
import dev.gatewright.credential.TestCredentials;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.NewKey;
import dev.gatewright.key.TestKeys;
import dev.gatewright.policy.Rule;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.web.TestPortal;
import dev.gatewright.web.idempotency.Idempotency;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/// The resource `/api/credentials`, each route with what it can answer, on both databases.
class CredentialApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NEW = "{\"provider\":\"acme\",\"secret\":\"sk-0123456789abcdef\"}";

  /// A provider that takes every secret but those that begin with `bad`.
  private static final class Acme implements Destination {
    volatile String origin = "https://api.acme.test";

    @Override
    public Fit fit(Secret text) {
      return text.expose().contains(" ")
          ? new Fit.Wrong("two words (expected: one)")
          : new Fit.Good(text, origin, "");
    }

    @Override
    public boolean stands(String bound) {
      return origin.equals(bound);
    }

    @Override
    public Checked check(Secret secret) {
      return Checked.of(secret.expose().startsWith("bad") ? 401 : 200);
    }
  }

  private static final class World implements AutoCloseable {
    final Acme acme = new Acme();
    final TestKeys keys;
    final KeyAdmission admission;
    final TestPortal portal;
    final String local;

    World(Database database) {
      keys = new TestKeys(database);
      admission = new KeyAdmission(keys.keys.directory(), keys.feed, keys.time);
      Destination.Finder finder = (_, id) -> id.equals("acme") || id.equals("b") ? acme : null;
      portal =
          new TestPortal(
              TestPortal.keysOnly(
                  admission::admit,
                  new Idempotency(database, keys.keys.audit(), keys.time),
                  keys.time),
              TestCredentials.over(keys).api(finder, finder, finder, keys.time).resource());
      local = keys.keys.localAdmin().text().expose();
    }

    Reply by(String key, String method, String path, String body, String... headers) {
      HttpRequest.Builder request =
          portal
              .request(path)
              .header("authorization", "Bearer " + key)
              .header("content-type", "application/json")
              .method(method, BodyPublishers.ofString(body));
      for (int i = 0; i < headers.length; i += 2) {
        request.header(headers[i], headers[i + 1]);
      }
      return new Reply(portal.send(request));
    }

    Reply call(String method, String path, String body, String... headers) {
      return by(local, method, path, body, headers);
    }

    String admin(Tenant tenant, Rule... rules) {
      return keys.make(new NewKey(tenant, ApiKey.Kind.ADMIN, "a", 0, null, List.of(rules)))
          .text()
          .expose();
    }

    Tenant other() {
      Tenant other = new Tenant("org_other", "prj_other");
      keys.database.write(handle -> {
        AccountStore.insertOrganization(handle, other.organizationId(), "Other", false, 1);
        AccountStore.insertProject(handle, other, "Other", 1);
        return 0;
      });
      return other;
    }

    @Override
    public void close() {
      portal.close();
      admission.close();
      keys.close();
    }
  }

  private record Reply(HttpResponse<String> http) {
    int status() {
      return http.statusCode();
    }

    String at(String pointer) {
      try {
        return JSON.readTree(http.body()).at(pointer).asText();
      } catch (java.io.IOException notJson) {
        throw new IllegalStateException(notJson);
      }
    }

    JsonNode json() {
      try {
        return JSON.readTree(http.body());
      } catch (java.io.IOException notJson) {
        throw new IllegalStateException(notJson);
      }
    }
  }

  @EachDatabase
  void stores_shows_renames_and_removes(Database database) {
    try (World world = new World(database)) {
      Reply made = world.call("POST", "/api/credentials", NEW);
      assertThat(made.status()).as(made.http().body()).isEqualTo(201);
      assertThat(made.at("/last4")).isEqualTo("cdef");
      assertThat(made.at("/origin")).isEqualTo("https://api.acme.test");
      assertThat(made.at("/state")).isEqualTo("active");
      assertThat(made.http().body()).doesNotContain("sk-0123");
      String path = "/api/credentials/" + made.at("/id");
      Reply shown = world.call("GET", path, "");
      assertThat(shown.json()).isEqualTo(made.json());
      String tag = shown.http().headers().firstValue("etag").orElseThrow();
      assertThat(world.call("PATCH", path, "{\"name\":\"x\"}", "if-match", "\"stale\"").status())
          .isEqualTo(412);
      Reply renamed = world.call("PATCH", path, "{\"name\":\"x\"}", "if-match", tag);
      assertThat(renamed.at("/name")).isEqualTo("x");
      assertThat(world.call("DELETE", path, "", "if-match", tag).status()).isEqualTo(412);
      assertThat(world.call("DELETE", path, "").status()).isEqualTo(204);
      for (String method : List.of("GET", "DELETE")) {
        assertThat(world.call(method, path, "").status()).isEqualTo(404);
      }
      assertThat(actions(world))
          .containsSubsequence("credential.create", "credential.edit", "credential.delete");
    }
  }

  private static List<String> actions(World world) {
    return world.keys.audit().stream().map(AuditEntry::action).toList();
  }

  @EachDatabase
  void refuses_what_is_wrong_and_never_shows_a_secret(Database database) {
    try (World world = new World(database)) {
      for (String wrong :
          List.of(
              "{\"provider\":\"acme\"}",
              "{\"provider\":\"acme\",\"secret\":\"\"}",
              "{\"provider\":\"acme\",\"secret\":\"canary secret\"}",
              "{\"provider\":\"acme\",\"secret\":\"canary\\u0007\"}",
              "{\"provider\":\"acme\",\"secret\":\"%s\"}".formatted("canary".repeat(2_000)),
              "{\"provider\":\"nobody\",\"secret\":\"canary\"}",
              "{\"secret\":\"canary\"}",
              "{\"provider\":\"acme\",\"secret\":\"canary\",\"kind\":\"llm\"}",
              "{\"provider\":\"acme\",\"secret\":\"canary\",\"project_id\":\"prj_none\"}",
              "{\"provider\":\"acme\",\"secret\":\"canary\",\"project_id\":\"x\"}",
              "{\"provider\":\"acme\",\"secret\":\"canary\",\"name\":\"\"}",
              "{\"provider\":\"acme\",\"secret\":\"canary\",\"origin\":\"https://x\"}")) {
        Reply refused = world.call("POST", "/api/credentials", wrong);
        assertThat(refused.status()).as(wrong).isEqualTo(422);
        assertThat(refused.http().body()).doesNotContain("canary");
      }
      assertThat(world.call("POST", "/api/credentials", "{").status()).isEqualTo(400);
      assertThat(world.call("GET", "/api/credentials?who=me", "").status()).isEqualTo(422);
      assertThat(world.call("GET", "/api/credentials?kind=x", "").status()).isEqualTo(422);
    }
  }

  @EachDatabase
  void a_place_has_one_credential(Database database) {
    try (World world = new World(database)) {
      Reply first = world.call("POST", "/api/credentials", NEW);
      Reply second = world.call("POST", "/api/credentials", NEW);
      assertThat(second.status()).isEqualTo(409);
      assertThat(second.http().body()).contains(first.at("/id"));
      String project = world.keys.owner().projectId();
      String ofProject = NEW.replace("}", ",\"project_id\":\"" + project + "\"}");
      assertThat(world.call("POST", "/api/credentials", ofProject).status()).isEqualTo(201);
      assertThat(world.call("POST", "/api/credentials", ofProject).status()).isEqualTo(409);
      String service = NEW.replace("}", ",\"kind\":\"service\"}");
      Reply third = world.call("POST", "/api/credentials", service);
      assertThat(third.status()).isEqualTo(201);
      assertThat(third.json().get("origin").isNull()).isTrue();
      assertThat(third.at("/fingerprint")).isEqualTo(first.at("/fingerprint"));
    }
  }

  @EachDatabase
  void a_repeat_with_an_idempotency_key_makes_one(Database database) {
    try (World world = new World(database)) {
      Reply first = world.call("POST", "/api/credentials", NEW, "idempotency-key", "k1");
      Reply again = world.call("POST", "/api/credentials", NEW, "idempotency-key", "k1");
      assertThat(first.status()).isEqualTo(201);
      assertThat(again.at("/id")).isEqualTo(first.at("/id"));
      String another = NEW.replace("acme", "b");
      assertThat(world.call("POST", "/api/credentials", another, "idempotency-key", "k1").status())
          .isEqualTo(409);
      assertThat(world.call("GET", "/api/credentials", "").json().get("data")).hasSize(1);
    }
  }

  @EachDatabase
  void lists_in_pages_and_by_filter(Database database) {
    try (World world = new World(database)) {
      List<String> made = new ArrayList<>();
      for (String provider : List.of("acme", "b")) {
        for (String kind : List.of("provider", "service", "room")) {
          String body =
              "{\"provider\":\"%s\",\"kind\":\"%s\",\"secret\":\"s\"}".formatted(provider, kind);
          made.add(world.call("POST", "/api/credentials", body).at("/id"));
        }
      }
      List<String> listed = new ArrayList<>();
      String cursor = "";
      do {
        JsonNode page = world.call("GET", "/api/credentials?limit=4" + cursor, "").json();
        page.get("data").forEach(each -> listed.add(each.get("id").asText()));
        cursor =
            page.get("next_cursor").isNull() ? "" : "&cursor=" + page.get("next_cursor").asText();
      } while (!cursor.isEmpty());
      assertThat(listed).isEqualTo(made.reversed());
      assertThat(world.call("GET", "/api/credentials?kind=room&provider=b", "").json().get("data"))
          .hasSize(1);
    }
  }

  @EachDatabase
  void another_tenants_credential_is_not_there(Database database) {
    try (World world = new World(database)) {
      String id = world.call("POST", "/api/credentials", NEW).at("/id");
      String theirs = world.admin(world.other());
      String path = "/api/credentials/" + id;
      String absent =
          world.by(theirs, "GET", "/api/credentials/cred_none", "").at("/error/message");
      for (String[] route :
          new String[][] {
            {"GET", path, ""},
            {"PATCH", path, "{\"name\":\"x\"}"},
            {"DELETE", path, ""},
            {"PUT", path + "/secret", "{\"secret\":\"x\"}"},
            {"POST", path + "/check", "{}"}
          }) {
        Reply refused = world.by(theirs, route[0], route[1], route[2]);
        assertThat(refused.status()).as(route[0]).isEqualTo(404);
        assertThat(refused.at("/error/message")).isEqualTo(absent);
      }
      assertThat(world.by(theirs, "GET", "/api/credentials", "").json().get("data")).isEmpty();
      String project =
          NEW.replace("}", ",\"project_id\":\"" + world.keys.owner().projectId() + "\"}");
      assertThat(world.by(theirs, "POST", "/api/credentials", project).status()).isEqualTo(422);
      assertThat(world.by(theirs, "POST", "/api/credentials", NEW).status()).isEqualTo(201);
      assertThat(world.call("GET", path, "").status()).isEqualTo(200);
    }
  }

  @EachDatabase
  void an_admin_key_with_rules_handles_what_they_reach(Database database) {
    try (World world = new World(database)) {
      String narrow =
          world.admin(
              world.keys.owner(), new Rule(Rule.Effect.ALLOW, Rule.Type.PROVIDERS, List.of("b")));
      assertThat(world.by(narrow, "POST", "/api/credentials", NEW).status()).isEqualTo(403);
      assertThat(world.by(narrow, "POST", "/api/credentials", NEW.replace("acme", "b")).status())
          .isEqualTo(201);
      String id = world.call("POST", "/api/credentials", NEW).at("/id");
      assertThat(world.by(narrow, "DELETE", "/api/credentials/" + id, "").status()).isEqualTo(403);
      String live = world.keys.make(ApiKey.Kind.LIVE).text().expose();
      assertThat(world.by(live, "GET", "/api/credentials", "").status()).isEqualTo(403);
    }
  }

  @EachDatabase
  void a_new_secret_that_is_refused_leaves_the_one_before(Database database) {
    try (World world = new World(database)) {
      Reply made = world.call("POST", "/api/credentials", NEW);
      String path = "/api/credentials/" + made.at("/id");
      Reply refused = world.call("PUT", path + "/secret", "{\"secret\":\"bad-canary\"}");
      assertThat(refused.status()).isEqualTo(422);
      assertThat(refused.at("/error/code")).isEqualTo("check_failed");
      assertThat(refused.http().body()).doesNotContain("bad-canary");
      assertThat(world.call("GET", path, "").json()).isEqualTo(made.json());
      Reply replaced = world.call("PUT", path + "/secret", "{\"secret\":\"another-0123456789\"}");
      assertThat(replaced.status()).isEqualTo(200);
      assertThat(replaced.at("/last4")).isEqualTo("6789");
      assertThat(replaced.at("/fingerprint")).isNotEqualTo(made.at("/fingerprint"));
      assertThat(world.call("PUT", path + "/secret", "{}").status()).isEqualTo(422);
    }
  }

  @EachDatabase
  void a_provider_that_moved_is_not_sent_what_was_stored_before(Database database) {
    try (World world = new World(database)) {
      String path = "/api/credentials/" + world.call("POST", "/api/credentials", NEW).at("/id");
      assertThat(world.call("POST", path + "/check", "{}").at("/ok")).isEqualTo("true");
      world.acme.origin = "https://evil.test";
      assertThat(world.call("GET", path, "").at("/state")).isEqualTo("moved");
      Reply check = world.call("POST", path + "/check", "{}");
      assertThat(check.at("/ok")).isEqualTo("false");
      assertThat(check.json().get("status").isNull()).isTrue();
      world.call("PUT", path + "/secret", "{\"secret\":\"sk-for-the-new-place\"}");
      assertThat(world.call("GET", path, "").at("/state")).isEqualTo("active");
      assertThat(world.call("GET", path, "").at("/origin")).isEqualTo("https://evil.test");
    }
  }
}
