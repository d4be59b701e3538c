package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lists and starts take as long on a hundred thousand keys as on three: nothing that SQLite is
/// asked by them goes over a table from one end to the other. What that comes to in milliseconds is
/// the bench's (`bench/run --parts lists`).
class ListPlansTest {
  /// A row each, or one a process that ran here.
  private static final Set<String> SMALL =
      Set.of(
          "CONSTANT",
          "parts",
          // Sums of the hours a zone moves, each twice.
          "once",
          "signs",
          "instance",
          "k",
          "first_start",
          // Every version of a price there ever was: the platform's, of which tenants make none.
          "price_version",
          "setup_link",
          "key_sealed_revocation");

  /// Over what few rows are in, however many the table has.
  private static final Set<String> PARTIAL =
      Set.of(
          "organization_closed",
          "api_key_imported",
          "purse_wallets",
          "account_debts",
          "budget_alert_open",
          "budget_live");

  /// What may be sorted, and why that is not much.
  private static final Map<String, String> SORTED =
      Map.of(
          "FROM membership m JOIN organization o", "the places of one person",
          "AND k.id IN (SELECT s.key_id FROM key_secret s", "keys that are in their grace now",
          "FROM usage_rollup", "groups, 10,000 at most",
          "FROM kek k", "master keys",
          "FROM key_sealed_revocation", "keys revoked while the gate was sealed");

  /// What is read from where the last reader stood, for everybody at once.
  private static final List<String> ONWARD =
      List.of(
          "FROM change ",
          "FROM audit_head",
          "FROM room WHERE reap_millis",
          "FROM webhook_delivery WHERE ended_millis",
          "FROM webhook_event e WHERE e.at_millis");

  /// Filters that few rows pass have indexes of their own.
  private static final Map<String, String> FILTERS =
      Map.of(
          "/api/keys?state=active", "api_key_live",
          "/api/keys?state=disabled", "api_key_disabled",
          "/api/keys?state=expired", "api_key_live",
          "/api/keys?state=rotating", "key_secret_in_grace",
          "/api/keys?state=revoked", "api_key_revoked",
          "/api/audit?action=key.create", "audit_entry_by_action",
          "/api/audit?actor=local", "audit_entry_by_actor",
          "/api/audit?object=key_1", "audit_entry_by_subject");

  /// Every list, with its filters.
  private static final List<String> LISTS =
      List.of(
          "/api/keys",
          "/api/keys?state=active",
          "/api/keys?state=disabled",
          "/api/keys?state=expired",
          "/api/keys?state=not_yet_valid",
          "/api/keys?state=rotating",
          "/api/keys?state=revoked",
          "/api/keys/export",
          "/api/keys/report",
          "/api/organizations",
          "/api/team/members",
          "/api/team/invitations",
          "/api/team/invitations?state=accepted",
          "/api/projects",
          "/api/policy/rules",
          "/api/policy/rules?on=project",
          "/api/policy/rules?on=key",
          "/api/policy/rules?on=member&id=per_1",
          "/api/limits",
          "/api/limits?on=key_1",
          "/api/credentials",
          "/api/models",
          "/api/providers",
          "/api/webhooks",
          "/api/audit",
          "/api/audit?action=key.create",
          "/api/audit?actor=local",
          "/api/audit?object=key_1",
          "/api/audit?from=2026-01-01T00:00:00Z",
          "/api/audit?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z",
          "/api/usage",
          "/api/usage?by=key",
          "/api/usage?group=key,day&tz=Europe/Berlin",
          "/api/usage/series?step=1d",
          "/api/usage/exports",
          "/api/usage/events",
          "/api/usage/events?key=key_0000000001",
          "/api/usage/attempts",
          "/api/billing/ledger",
          "/api/budgets",
          "/api/budgets?on=key_1",
          "/api/auth/sessions");

  private static final List<String> PLATFORM_LISTS =
      List.of(
          "/api/platform/organizations",
          "/api/platform/organizations?state=active",
          "/api/platform/people",
          "/api/platform/people?email=ana@example.com");

  /// Rooms are listed by a key and a provider's credential; `RoomStore` has them in one index.
  /// Prices, settings and sites are in memory. Deliveries are of one webhook: `HappeningsTest`.
  private static final Set<String> ELSEWHERE =
      Set.of(
          "/v1/rooms",
          "/api/prices",
          "/api/platform/config",
          "/api/platform/sites",
          "/api/webhooks/{id}/deliveries");

  @TempDir private Path folder;

  private Gate gate() throws Exception {
    return LocalGate.start(
        GateSetup.in(folder).settings("trusted-proxies: [127.0.0.1]\nsign-up: open"));
  }

  @Test
  void every_list_finds_its_page_by_an_index() throws Exception {
    try (SeenSql seen = new SeenSql();
        Gate gate = gate()) {
      TestPerson owner = TestPerson.owner(gate);
      for (int i = 0; i < 3; i++) {
        gate.admin().liveKey("k" + i);
      }
      TestPerson developer = member(gate, owner, "dev@example.com");
      Set<String> seenPaths = new TreeSet<>();
      for (TestPerson reader : List.of(owner, developer)) {
        List<String> paths = new ArrayList<>(LISTS);
        paths.addAll(reader == owner ? PLATFORM_LISTS : List.of());
        for (String path : paths) {
          seenPaths.add(path.split("\\?", 2)[0]);
          List<String> statements = read(seen, reader, path);
          if (reader == owner && FILTERS.containsKey(path)) {
            assertThat(plans(statements)).as(path).contains(" " + FILTERS.get(path) + " (");
          }
          for (String sql : statements) {
            assertThat(faults(sql, path.startsWith("/api/platform/")))
                .as("%s%n%s", path, sql)
                .isEmpty();
          }
        }
      }
      assertThat(seenPaths).containsAll(listsOfTheDocument(owner));
    }
  }

  private String plans(List<String> statements) throws Exception {
    StringBuilder lines = new StringBuilder();
    for (String sql : statements) {
      SeenSql.plan(folder.resolve("data/gatewright.db"), sql).forEach(lines::append);
    }
    return lines.toString();
  }

  /// A list's first page, and the next one where there is one.
  private static List<String> read(SeenSql seen, TestPerson reader, String path) throws Exception {
    seen.take();
    boolean pages =
        !path.matches("/api/(usage(/series|/exports)?(\\?.*)?|auth/sessions|keys/(report|export))");
    String first = path + (pages ? (path.contains("?") ? "&" : "?") + "limit=1" : "");
    HttpResponse<String> answer = reader.send("GET", first, "");
    if (answer.statusCode() == 403) {
      return List.of();
    }
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    List<String> statements = new ArrayList<>(seen.take());
    JsonNode next = TestPerson.JSON.readTree(answer.body()).path("next_cursor");
    if (next.isTextual()) {
      reader.call("GET", first + "&cursor=" + next.asText(), "", 200);
      statements.addAll(seen.take());
    }
    assertThat(statements).as(path).isNotEmpty();
    return statements;
  }

  private static Set<String> listsOfTheDocument(TestPerson reader) throws Exception {
    Set<String> lists = new TreeSet<>();
    reader
        .call("GET", "/openapi.json", "", 200)
        .path("paths")
        .properties()
        .forEach(path -> {
          String parameters = path.getValue().at("/get/parameters").toString();
          if (parameters.contains("\"cursor\"") || parameters.contains("/Cursor\"")) {
            lists.add(path.getKey());
          }
        });
    assertThat(lists).hasSizeGreaterThan(8);
    lists.removeAll(ELSEWHERE);
    return lists;
  }

  private static TestPerson member(Gate gate, TestPerson owner, String email) throws Exception {
    String projects = "";
    for (int i = 0; i < 2; i++) {
      String made =
          owner
              .call("POST", "/api/projects", "{\"name\":\"p%d\"}".formatted(i), 201)
              .path("id")
              .asText();
      projects += (i == 0 ? "\"" : ",\"") + made + "\"";
    }
    String body =
        "{\"email\":\"%s\",\"role\":\"developer\",\"projects\":[%s]}".formatted(email, projects);
    String link = owner.call("POST", "/api/team/invitations", body, 201).path("link").asText();
    TestPerson person = TestPerson.signIn(gate, email);
    String token = link.substring(link.indexOf('#') + 1);
    HttpResponse<String> accepted =
        person.send("POST", "/api/team/invitations/accept", "{\"token\":\"%s\"}".formatted(token));
    assertThat(accepted.statusCode()).as(accepted.body()).isLessThan(300);
    return person;
  }

  /// Lines of a plan that grow with the whole table, or with a tenant.
  private List<String> faults(String sql, boolean platform) throws Exception {
    List<String> faults = new ArrayList<>();
    String flat = sql.replaceAll("\\s+", " ");
    boolean sorts = SORTED.keySet().stream().anyMatch(flat::contains);
    // Logs and feeds are read from where the last reader stood; the platform's lists, from an id.
    boolean onward = platform || ONWARD.stream().anyMatch(flat::contains);
    for (String line : SeenSql.plan(folder.resolve("data/gatewright.db"), sql)) {
      String[] words = line.split(" ");
      boolean partial = PARTIAL.contains(words[words.length - 1]);
      if (words[0].equals("SCAN") && !SMALL.contains(words[1]) && !partial) {
        faults.add(line);
      }
      if (words[0].equals("SEARCH") && !line.contains("=?") && !onward && line.contains("(")) {
        faults.add(line);
      }
      if (line.equals("USE TEMP B-TREE FOR ORDER BY") && !sorts) {
        faults.add(line);
      }
    }
    return faults;
  }

  @Test
  void a_start_asks_the_same_of_many_tenants_as_of_one() throws Exception {
    try (Gate first = gate()) {
      first.admin().liveKey("k");
    }
    Map<String, Integer> small = start();
    fill();
    Map<String, Integer> large = start();

    assertThat(large).isEqualTo(small);
    for (String sql : large.keySet()) {
      assertThat(faults(sql, false)).as(sql).isEmpty();
    }
  }

  /// What a start asks before and soon after it serves, and how often. Chains are walked behind
  /// everything else, and what is asked again and again by the clock is not counted.
  private Map<String, Integer> start() throws Exception {
    Map<String, Integer> counts = new TreeMap<>();
    try (SeenSql seen = new SeenSql();
        Gate gate = gate()) {
      Await.until(
          "the portal",
          Duration.ofSeconds(20),
          () -> gate.admin().send("GET", "/api/audit/anchor", "").statusCode() == 200);
      for (String sql : seen.take()) {
        if (!sql.contains("schema_history")
            && !sql.contains("sqlite_master")
            && !sql.contains("audit_")
            && !sql.contains("change_head")
            && !sql.contains("reap_millis")) {
          counts.merge(sql, 1, Integer::sum);
        }
      }
    }
    return counts;
  }

  /// Tenants as rows alone.
  private void fill() throws Exception {
    String many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ";
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:sqlite:" + folder.resolve("data/gatewright.db").toAbsolutePath());
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO organization (id, name, created_millis) "
              + many.formatted(300)
              + "SELECT 'org_' || i, 'n', i FROM n");
      statement.execute(
          "INSERT INTO project (id, organization_id, name, created_millis) "
              + many.formatted(300)
              + "SELECT 'prj_' || i, 'org_' || i, 'n', i FROM n");
      statement.execute(
          """
          INSERT INTO api_key (id, organization_id, project_id, kind, name, enabled, created_by,
            created_millis, not_before_millis, rules) \
          """
              + many.formatted(3_000)
              + """
              SELECT 'key_' || i, 'org_' || (i % 300 + 1), 'prj_' || (i % 300 + 1), 'live', 'n', 1,
                'local', i, 0, '{}' FROM n\
              """);
    }
  }
}
