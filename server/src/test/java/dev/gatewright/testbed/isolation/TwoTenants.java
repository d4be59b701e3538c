package dev.gatewright.testbed.isolation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EventListener;
import dev.gatewright.testbed.Gate;
import dev.gatewright.testbed.TestPerson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A gate with two organizations: one that has something of everything, and one that wants it.
final class TwoTenants {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /// How long the attacked one keeps rows of usage.
  static final int DAYS = 777;

  /// Who belongs to both tenants, and has a key of the attacked one's.
  static final String BOTH = "per_both";

  private final Gate gate;
  private final Path store;
  private final TestPerson owner;
  private final Map<String, String> ids = new LinkedHashMap<>();

  TwoTenants(Gate gate, Path store) throws IOException, InterruptedException, SQLException {
    this.gate = gate;
    this.store = store;
    this.owner = TestPerson.owner(gate, "owner-" + Things.CANARY + "@example.com");
    fill();
    settle();
    seen();
  }

  URI url() {
    return gate.url();
  }

  /// What the attacked tenant has.
  Things things() {
    return new Things(ids);
  }

  private void fill() throws IOException, InterruptedException, SQLException {
    ids.put("organization", owner.organizationId());
    ids.put("person", owner.id());
    ids.put("email", owner.email());
    ids.put("project", made("/api/projects", "{\"name\":\"%s\"}"));
    String key = "{\"name\":\"%s\",\"metadata\":{\"x\":\"" + Things.CANARY + "\"}}";
    JsonNode live = owner.call("POST", "/api/keys", named(key), 201);
    ids.put("key", live.path("id").asText());
    ids.put("secret", live.path("key").asText());
    int status =
        byKey(
                live.path("key").asText(),
                "POST",
                "/v1/chat/completions",
                "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}")
            .statusCode();
    if (status != 200) {
      throw new AssertionError("the tenant's own call: " + status);
    }
    made("/api/keys", "{\"name\":\"%s\",\"project_id\":\"" + ids.get("project") + "\"}");
    gate.admin()
        .call(
            "POST",
            "/api/billing/grants",
            named(
                "{\"note\":\"%s\",\"usd\":\"123.45\",\"organization_id\":\""
                    + ids.get("organization")
                    + "\"}"),
            201);
    ids.put(
        "rule",
        made(
            "/api/policy/rules",
            "{\"name\":\"%s\",\"on\":\"project\",\"id\":\""
                + ids.get("project")
                + "\",\"effect\":\"deny\",\"type\":\"models\",\"values\":[\"none\"]}"));
    ids.put("limit", limit(ids.get("project")));
    JsonNode invitation =
        owner.call(
            "POST",
            "/api/team/invitations",
            "{\"email\":\"guest-" + Things.CANARY + "@example.com\",\"role\":\"viewer\"}",
            201);
    ids.put("invitation", invitation.path("id").asText());
    String link = invitation.path("link").asText();
    ids.put("token", link.substring(link.indexOf('#') + 1));
    ids.put(
        "credential",
        made(
            "/api/credentials",
            "{\"name\":\"%s\",\"kind\":\"provider\",\"provider\":\"local\",\"secret\":\"sk-"
                + Things.CANARY
                + "\"}"));
    ids.put("budget", budget(ids.get("key")));
    ids.put("room", "room-" + Things.CANARY);
    String provider = "p-" + Things.CANARY;
    ids.put(
        "provider",
        made(
            "/api/providers",
            "{\"id\":\""
                + provider
                + "\",\"dialect\":\"openai\",\"base_url\":\"https://x.example/v1\"}"));
    ids.put(
        "model",
        made(
            "/api/models",
            "{\"id\":\"model-" + Things.CANARY + "\",\"targets\":[\"" + provider + "/a\"]}"));
    ids.put(
        "webhook",
        made(
            "/api/webhooks",
            "{\"url\":\"https://"
                + Things.CANARY
                + ".example/hook\",\"note\":\"%s\",\"events\":[\"usage\"]}"));
    ids.put("delivery", delivery(owner.organizationId(), ids.get("webhook")));
    ids.put("export", made("/api/usage/exports", "{\"model\":\"%s\"}"));
    ids.put("topup", topup(owner.organizationId()));
    owner.call("PUT", "/api/usage/retention", "{\"retention_days\":%d}".formatted(DAYS), 200);
    room(owner.organizationId());
    person(BOTH, owner.organizationId(), "developer", false);
    made("/api/keys", "{\"name\":\"%s\",\"owner\":\"" + BOTH + "\"}");
    ids.put("session", owner.call("GET", "/api/auth/sessions", "", 200).at("/data/0/id").asText());
    ids.put("cursor", owner.call("GET", "/api/keys?limit=1", "", 200).path("next_cursor").asText());
  }

  /// What of all that its owner sees: a call's id, an event's, where its lists go on.
  private void seen() throws IOException, InterruptedException {
    try (EventListener events = EventListener.open(gate, owner, owner.organizationId(), null)) {
      owner.call("PATCH", "/api/projects/" + ids.get("project"), named("{\"name\":\"%s\"}"), 200);
      Await.until("an event is heard", Duration.ofSeconds(30), () -> !events.lastId().isEmpty());
      ids.put("event", events.lastId());
    }
    ids.put(
        "request",
        owner.call("GET", "/api/usage/attempts", "", 200).at("/data/0/request_id").asText());
    for (Asked asked : operations()) {
      if (asked.queries().contains("cursor") && !asked.template().contains("{")) {
        String list = asked.template();
        String limit = asked.queries().contains("limit") ? "?limit=1" : "";
        JsonNode page = JSON.readTree(owner.send("GET", list + limit, "").body());
        String cursor = page.path("next_cursor").asText("");
        if (!cursor.isEmpty()) {
          ids.put(Things.cursorKind(list), cursor);
        }
      }
    }
  }

  /// Waits until the one call of [#fill] has been recorded and told: from then on nothing of the
  /// tenant's moves by itself.
  private void settle() throws InterruptedException {
    Await.until("the tenant's own call is told", Duration.ofSeconds(30), this::told);
  }

  private boolean told() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
        PreparedStatement events =
            connection.prepareStatement(
                "SELECT 1 FROM event_batch WHERE organization_id = ? AND type = 'request'")) {
      events.setString(1, ids.get("organization"));
      try (ResultSet rows = events.executeQuery()) {
        return rows.next();
      }
    }
  }

  /// Given up a moment ago.
  private String delivery(String organization, @Nullable String webhook) throws SQLException {
    String id = "dlv_0199aa00000070008000" + Things.CANARY.substring(Things.CANARY.length() - 4);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.execute(
          """
          INSERT INTO webhook_delivery VALUES ('%s', '%s', '%s', 'evt_%4$s', 'usage.threshold',
            '%4$s', 'failed', '', 1, 1, 1, 500, '', %5$d, %5$d)\
          """
              .formatted(organization, id, webhook, Things.CANARY, System.currentTimeMillis()));
    }
    return id;
  }

  /// Made long ago: no provider of rooms is asked here.
  private void room(String organization) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.execute(
          """
          INSERT INTO room (id, organization_id, project_id, provider, fingerprint, name,
            provider_room_id, url, status, profile, settings, capabilities, key_id, created_millis,
            eject)
          VALUES ('room_%1$s', '%2$s', '%3$s', 'daily', 'f', '%4$s', '%1$s', 'https://%1$s.example',
            'active', '', '{}', '{}', '%5$s', 1, 0)\
          """
              .formatted(
                  Things.CANARY,
                  organization,
                  ids.get("project"),
                  ids.get("room"),
                  ids.get("key")));
    }
  }

  /// Paid long ago: no card is asked here.
  private String topup(String organization) {
    String id = "top_0199aa00000070008000" + Things.CANARY.substring(Things.CANARY.length() - 4);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.execute(
          """
          INSERT INTO auto_topup VALUES
            ('%s', 'cus_%s', 'pm', 5000000000, 77000000000, 99000000000, '', 0, 9000000000000, 1)\
          """
              .formatted(organization, Things.CANARY));
      statement.execute(
          """
          INSERT INTO topup (organization_id, id, kind, state, nano, url, session_id, intent_id,
            refunded_nano, disputed_nano, problem, due_millis, created_by, created_millis)
          VALUES ('%s', '%s', 'page', 'paid', 25000000000, 'https://%3$s.example', 'cs_%3$s',
            'pi_%3$s', 0, 0, '', 0, '%4$s', 1)\
          """
              .formatted(organization, id, Things.CANARY, ids.get("person")));
    } catch (SQLException failed) {
      throw new AssertionError(failed);
    }
    return id;
  }

  private static String named(String body) {
    return body.contains("%s") ? body.replace("%s", "x-" + Things.CANARY) : body;
  }

  /// A soft one: it is about who sees it, and stands in nobody's way.
  private String budget(@Nullable String on) throws IOException, InterruptedException {
    return made(
        "/api/budgets", "{\"on\":\"" + on + "\",\"usd\":\"9\",\"per\":\"month\",\"hard\":false}");
  }

  private String made(String path, String body) throws IOException, InterruptedException {
    return owner.call("POST", path, named(body), 201).path("id").asText();
  }

  private String limit(String project) throws IOException, InterruptedException {
    return owner
        .call(
            "POST",
            "/api/limits",
            "{\"on\":\"%s\",\"kind\":\"requests\",\"max\":1000000,\"per\":\"day\"}"
                .formatted(project),
            201)
        .path("id")
        .asText();
  }

  /// What stands in one of its projects, made now: that project's own ids, and the tenant's for the
  /// rest.
  Things ofOneProject() throws IOException, InterruptedException {
    Map<String, String> inside = new LinkedHashMap<>(ids);
    String project = made("/api/projects", "{\"name\":\"%s\"}");
    String there = ",\"project_id\":\"" + project + "\"}";
    inside.put("project", project);
    inside.put("key", made("/api/keys", "{\"name\":\"%s\"" + there));
    inside.put(
        "rule",
        made(
            "/api/policy/rules",
            "{\"on\":\"project\",\"id\":\""
                + project
                + "\",\"effect\":\"deny\",\"type\":\"models\",\"values\":[\"none\"],\"name\":\"%s\"}"));
    inside.put("limit", limit(project));
    inside.put("budget", budget(project));
    inside.put(
        "credential",
        made(
            "/api/credentials",
            "{\"name\":\"%s\",\"kind\":\"provider\",\"provider\":\"local\",\"secret\":\"sk-y\""
                + there));
    return new Things(inside);
  }

  /// A developer of the tenant's, of another project than any of those.
  TestPerson developerElsewhere() throws IOException, InterruptedException {
    return TestPerson.member(
        gate, owner, "developer", made("/api/projects", "{\"name\":\"elsewhere\"}"));
  }

  /// Another tenant's owner, signed in.
  static Foreigner neighbour(TestPerson person) {
    return stranger("another tenant's owner", person::send);
  }

  /// A live key of another tenant's.
  Foreigner neighboursKey(TestPerson person) throws IOException, InterruptedException {
    String secret = key(person, "{\"name\":\"n\"}").path("key").asText();
    return stranger("another tenant's live key", (m, p, b, h) -> byKey(secret, m, p, b, h));
  }

  TestPerson neighbourPerson() throws IOException, InterruptedException, SQLException {
    String other =
        gate.admin()
            .call("POST", "/api/organizations", "{\"name\":\"Other\"}", 201)
            .path("id")
            .asText();
    person("per_other", other, "owner", false);
    belongs(other, BOTH, "developer");
    return TestPerson.signIn(gate, "per_other@example.com");
  }

  /// Everybody who must not get at it.
  ///
  /// @param other another tenant's owner
  List<Foreigner> foreigners(TestPerson other)
      throws IOException, InterruptedException, SQLException {
    person("per_viewer", things().id("organization"), "viewer", false);
    person("per_dev", things().id("organization"), "developer", false);
    person("per_operator", "", "", true);
    String adminKey = key(other, "{\"name\":\"a\",\"kind\":\"admin\"}").path("key").asText();
    String liveKey = key(other, "{\"name\":\"l\"}").path("key").asText();
    JsonNode disabled = key(owner, "{\"name\":\"d\",\"kind\":\"admin\"}");
    String dead = disabled.path("key").asText();
    String disable = "/api/keys/" + disabled.path("id").asText() + "/disable";
    owner.call("POST", disable, "{}", 200);
    TestPerson ended = TestPerson.signIn(gate, owner.email());
    String cookie = ended.cookie();
    String csrf = ended.csrf();
    ended.send("DELETE", "/api/auth/session", "");
    return List.of(
        stranger("nobody", (m, p, b, h) -> byKey("", m, p, b, h)),
        stranger("another tenant's owner", other::send),
        stranger("another tenant's admin key", (m, p, b, h) -> byKey(adminKey, m, p, b, h)),
        stranger("another tenant's live key", (m, p, b, h) -> byKey(liveKey, m, p, b, h)),
        stranger("a disabled admin key", (m, p, b, h) -> byKey(dead, m, p, b, h)),
        stranger(
            "an ended session",
            (m, p, b, h) ->
                TestPerson.stranger(gate)
                    .send(m, p, b, with(h, "cookie", cookie, "x-csrf-token", csrf))),
        new Foreigner(
            "an operator who acts for nobody",
            Foreigner.Who.OPERATOR,
            TestPerson.signIn(gate, "per_operator@example.com")::send),
        new Foreigner(
            "a viewer",
            Foreigner.Who.MEMBER,
            TestPerson.signIn(gate, "per_viewer@example.com")::send),
        new Foreigner(
            "a developer of no project",
            Foreigner.Who.MEMBER,
            TestPerson.signIn(gate, "per_dev@example.com")::send));
  }

  private static String[] with(String[] some, String... more) {
    return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
  }

  private static Foreigner stranger(String name, Foreigner.Sender sender) {
    return new Foreigner(name, Foreigner.Who.STRANGER, sender);
  }

  private static JsonNode key(TestPerson maker, String body)
      throws IOException, InterruptedException {
    return maker.call("POST", "/api/keys", body, 201);
  }

  private void person(String id, String organization, String role, boolean operator)
      throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store)) {
      connection.createStatement().execute("PRAGMA busy_timeout = 10000");
      try (PreparedStatement insert =
          connection.prepareStatement(
              """
              INSERT INTO person
                (id, email, email_key, handle, operator, state, version, created_millis)
              VALUES (?, ?, ?, ?, ?, 'active', 1, 1)\
              """)) {
        insert.setString(1, id);
        insert.setString(2, id + "@example.com");
        insert.setString(3, id + "@example.com");
        insert.setString(4, id);
        insert.setLong(5, operator ? 1 : 0);
        insert.execute();
      }
    }
    if (!organization.isEmpty()) {
      belongs(organization, id, role);
    }
  }

  private void belongs(String organization, String person, String role) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store)) {
      connection.createStatement().execute("PRAGMA busy_timeout = 10000");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO membership VALUES (?, ?, ?, 'console', 1, 1)")) {
        insert.setString(1, organization);
        insert.setString(2, person);
        insert.setString(3, role);
        insert.execute();
      }
    }
  }

  /// @param headers more of them, names and values
  HttpResponse<String> byKey(String key, String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(gate.url() + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("content-type", "application/json");
    }
    if (!key.isEmpty()) {
      request.header("authorization", "Bearer " + key);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  /// Another tenant's people and keys, and tokens of others, by the door of a site.
  ///
  /// @param tokens by their names
  /// @param person another tenant's owner, wherever signed in
  /// @param headers what the proxy before the site adds
  List<Foreigner> at(
      String site,
      TestPerson other,
      TestPerson person,
      Map<String, String> tokens,
      String... headers)
      throws IOException, InterruptedException {
    String key = key(other, "{\"name\":\"s\",\"kind\":\"admin\"}").path("key").asText();
    String live = key(other, "{\"name\":\"t\"}").path("key").asText();
    List<Foreigner> all = new ArrayList<>();
    all.add(stranger("nobody at " + site, (m, p, b, h) -> byKey("", m, p, b, with(h, headers))));
    all.add(
        stranger("an admin key at " + site, (m, p, b, h) -> byKey(key, m, p, b, with(h, headers))));
    all.add(
        stranger("a live key at " + site, (m, p, b, h) -> byKey(live, m, p, b, with(h, headers))));
    all.add(
        stranger("an owner at " + site, (m, p, b, h) -> person.send(m, p, b, with(h, headers))));
    tokens.forEach((name, token) ->
        all.add(
            stranger(
                name + " at " + site, (m, p, b, h) -> byKey(token, m, p, b, with(h, headers)))));
    return all;
  }

  List<Asked> operations() throws IOException, InterruptedException {
    String document = gate.admin().send("GET", "/openapi.json", "").body();
    return Asked.of(JSON.readTree(document));
  }
}
