package dev.gatewright.key.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.account.AccountStore;
import dev.gatewright.account.SessionAdmission;
import dev.gatewright.account.SignedIn;
import dev.gatewright.account.Tenant;
import dev.gatewright.admission.KeyAdmission;
import dev.gatewright.audit.AuditApi;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.NewKey;
import dev.gatewright.key.TestKeys;
import dev.gatewright.limit.change.LimitApi;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rule.RuleApi;
import dev.gatewright.rule.RuleChanges;
import dev.gatewright.store.Database;
import dev.gatewright.tenant.TenantWrites;
import dev.gatewright.tenant.Tenants;
import dev.gatewright.web.Entry;
import dev.gatewright.web.TestPortal;
import dev.gatewright.web.idempotency.Idempotency;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The real portal with keys and their audit, over a real database, asked as an edge would.
public final class KeyStack implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// What there is to be reached.
  static final Reachable.Things THINGS =
      new Reachable.Things(
          Map.of("fast", List.of("openai/gpt-4o-mini", "local/a"), "slow", List.of("local/b")),
          List.of("openai", "local"),
          List.of("chat", "tts"),
          List.of("daily"));

  public final TestKeys test;
  public final KeyAdmission admission;
  final TestPortal portal;

  /// The command line's key.
  public final String local;

  /// When whoever is signed in last proved to be it.
  long provedMillis = Long.MAX_VALUE / 2;

  public KeyStack(Database database) {
    test = new TestKeys(database);
    admission = new KeyAdmission(test.keys.directory(), test.feed, test.time);
    portal =
        new TestPortal(
            new Entry(
                admission::admit,
                this::session,
                new Tenants(database, test.owner()),
                new Idempotency(database, test.keys.audit(), test.time),
                test.time),
            test.keys.api(_ -> THINGS, test.time).resource(),
            test.keys.migrationApi(test.time).resource(),
            new RuleApi(database, rules(), test.keys.lists()).resource(),
            new LimitApi(
                    new TenantWrites(database, test.feed, test.keys.audit(), test.time),
                    test.keys.lists(),
                    test.owner())
                .resource(),
            new AuditApi(test.keys.audit(), database).resource());
    local = test.keys.localAdmin().text().expose();
  }

  private RuleChanges rules() {
    return new RuleChanges(
        test.database,
        test.feed,
        test.keys.audit(),
        test.keys.changes(),
        test.keys.lists(),
        test.time);
  }

  /// The cookies are another package's: here a header says who is signed in.
  private SessionAdmission.Result session(
      SessionAdmission.Guard guard, ApiCall.Origin origin, Function<String, List<String>> headers) {
    List<String> person = headers.apply("x-test-person");
    return person.isEmpty()
        ? new SessionAdmission.Result.None()
        : new SessionAdmission.Result.Yes(
            new SignedIn(person.getFirst(), "p@example.test", "ses_1", false, provedMillis, null));
  }

  /// A member of the platform owner's organization.
  ///
  /// @param projects granted
  public String member(String id, String role, String... projects) {
    Tenant owner = test.owner();
    test.database.write(handle -> {
      handle.execute(
          """
          INSERT INTO person (id, email, email_key, handle, operator, state, version, created_millis)
          VALUES (?, ?, ?, ?, 0, 'active', 1, 1)\
          """,
          id,
          id + "@example.test",
          id + "@example.test",
          id);
      handle.execute(
          "INSERT INTO membership VALUES (?, ?, ?, 'console', 1, 1)",
          owner.organizationId(),
          id,
          role);
      for (String project : projects) {
        handle.execute(
            "INSERT INTO project_grant VALUES (?, ?, ?)", owner.organizationId(), project, id);
      }
      return 0;
    });
    return id;
  }

  /// Takes a member's place away, and nothing else.
  void leave(String id) {
    test.database.write(handle -> {
      handle.execute("DELETE FROM project_grant WHERE person_id = ?", id);
      return handle.execute("DELETE FROM membership WHERE person_id = ?", id);
    });
  }

  /// A further project of the platform owner's organization.
  public String project(String id) {
    Tenant tenant = new Tenant(test.owner().organizationId(), id);
    test.database.write(handle -> {
      AccountStore.insertProject(handle, tenant, id, 5);
      return 0;
    });
    return id;
  }

  /// As a member who is signed in.
  public Answer by(String person, String method, String path, String body) {
    return send(
        portal
            .request(path)
            .header("x-test-person", person)
            .header("content-type", "application/json")
            .method(method, BodyPublishers.ofString(body)));
  }

  public Answer call(String key, String method, String path, String body) {
    return call(key, method, path, body, Map.of());
  }

  public Answer call(
      String key, String method, String path, String body, Map<String, String> more) {
    HttpRequest.Builder request =
        portal
            .request(path)
            .header("authorization", "Bearer " + key)
            .header("content-type", "application/json")
            .method(method, BodyPublishers.ofString(body));
    more.forEach(request::header);
    return send(request);
  }

  private Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer = portal.send(request);
      return new Answer(answer.statusCode(), JSON.readTree(answer.body()), answer);
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  public Answer post(String path, String body) {
    return call(local, "POST", path, body);
  }

  public Answer get(String path) {
    return call(local, "GET", path, "");
  }

  /// An admin key of another organization.
  public String otherAdmin() {
    Tenant other = new Tenant("org_other", "prj_other");
    test.database.write(handle -> {
      AccountStore.insertOrganization(handle, other.organizationId(), "Other", false, 1);
      AccountStore.insertProject(handle, other, "Other", 1);
      return 0;
    });
    NewKey wanted = new NewKey(other, ApiKey.Kind.ADMIN, "other", 0, null, List.of());
    return test.make(wanted).text().expose();
  }

  @Override
  public void close() {
    portal.close();
    admission.close();
    test.close();
  }

  /// What came back.
  public record Answer(int status, JsonNode body, HttpResponse<String> raw) {
    public String text(String pointer) {
      return body.at(pointer).asText();
    }
  }
}
