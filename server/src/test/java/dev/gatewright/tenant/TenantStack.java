package dev.gatewright.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.Role;
import dev.gatewright.account.SessionAdmission;
import dev.gatewright.account.SignedIn;
import dev.gatewright.account.Tenant;
import dev.gatewright.admission.KeyAdmission;
import dev.gatewright.audit.AuditApi;
import dev.gatewright.edge.site.Consoles;
import dev.gatewright.edge.site.SitesConfig;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.NewKey;
import dev.gatewright.key.TestKeys;
import dev.gatewright.key.change.Reachable;
import dev.gatewright.mail.Mail;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.migration.TenantImportApi;
import dev.gatewright.tenant.migration.TenantImports;
import dev.gatewright.tenant.team.InvitationLinks;
import dev.gatewright.tenant.team.TeamApi;
import dev.gatewright.tenant.team.TeamMails;
import dev.gatewright.web.Entry;
import dev.gatewright.web.TestPortal;
import dev.gatewright.web.idempotency.Idempotency;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The real portal with tenants over a real database. People are signed in by a header of the
/// test's own in place of a cookie; all behind the door is the product's.
public final class TenantStack implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PERSON = "x-test-person";

  public final TestKeys test;
  public final KeyAdmission admission;
  public final TenantWrites writes;
  public final Organizations organizations;
  private final TestPortal portal;
  private final Map<String, SignedIn> people = new ConcurrentHashMap<>();

  /// The command line's key.
  public final String local;

  public TenantStack(Database database) {
    this(database, false);
  }

  /// @param open people may make organizations
  public TenantStack(Database database, boolean open) {
    this(database, open, Mail.start(null, database, Time.system()));
  }

  /// @param mail closed by the caller
  public TenantStack(Database database, boolean open, Mail mail) {
    test = new TestKeys(database);
    admission = new KeyAdmission(test.keys.directory(), test.feed, test.time);
    writes = new TenantWrites(database, test.feed, test.keys.audit(), test.time);
    organizations = new Organizations(writes, test.owner());
    InvitationLinks links =
        new InvitationLinks(
            TestKeys.master().purpose("invitation"),
            new Consoles("https://gate.test", SitesConfig.NONE, () -> ""));
    portal =
        new TestPortal(
            new Entry(
                admission::admit,
                this::session,
                new Tenants(database, test.owner()),
                new Idempotency(database, test.keys.audit(), test.time),
                test.time),
            test.keys.api(Reachable.NOTHING, test.time).resource(),
            new AuditApi(test.keys.audit(), database).resource(),
            new TenantApi(organizations, new Projects(writes), writes, open).resource(),
            new TeamApi(
                    writes,
                    test.keys.changes(),
                    TenantStack::address,
                    links,
                    TeamMails.register(mail, writes, links),
                    test.time)
                .resource(),
            new TenantImportApi(
                    new TenantImports(writes, test.keys.imports(), TenantStack::person),
                    TenantStack::address)
                .resource());
    local = test.keys.localAdmin().text().expose();
  }

  private static Addresses.@Nullable Address address(@Nullable String text) {
    return text == null || !text.matches("[^@ ]+@[^@ ]+")
        ? null
        : new Addresses.Address(text, text.toLowerCase(Locale.ROOT));
  }

  private static String person(Handle handle, Addresses.Address address, long nowMillis) {
    String id = "per_" + address.key().replaceAll("[^a-z0-9]", "");
    return TestPeopleStore.insert(handle, id, address.text(), false);
  }

  private SessionAdmission.Result session(
      SessionAdmission.Guard guard, ApiCall.Origin origin, Function<String, List<String>> headers) {
    List<String> given = headers.apply(PERSON);
    return given.isEmpty()
        ? new SessionAdmission.Result.None()
        : new SessionAdmission.Result.Yes(Objects.requireNonNull(people.get(given.getFirst())));
  }

  /// A person who proved to be it just now.
  public Caller person(String email) {
    return person(email, false);
  }

  public Caller person(String email, boolean operator) {
    String id = "per_" + email.replaceAll("[^a-z0-9]", "");
    test.database.write(handle -> TestPeopleStore.insert(handle, id, email, operator));
    signIn(id, email, operator, test.time.millis());
    return new Caller(id, null);
  }

  void signIn(String id, String email, boolean operator, long provedMillis) {
    people.put(id, new SignedIn(id, email, "ses_" + id, operator, provedMillis, null));
  }

  /// Signs in anew, or long ago.
  public void proved(Caller caller, long millisAgo) {
    SignedIn known = Objects.requireNonNull(people.get(caller.id));
    signIn(caller.id, known.email(), known.operator(), test.time.millis() - millisAgo);
  }

  /// An operator in an organization's place.
  public Caller acting(Caller operator, String organization, boolean write) {
    String id = operator.id + "-acting";
    SignedIn.Acting acting =
        new SignedIn.Acting(organization, "a test", write, test.time.millis() + 60_000);
    people.put(
        id, new SignedIn(operator.id, "op@x.test", "ses_" + id, true, test.time.millis(), acting));
    return new Caller(id, null);
  }

  /// Puts a person into an organization.
  public Caller member(String organization, Role role, String email, String... projects) {
    Caller person = person(email);
    test.database.write(handle -> {
      MemberStore.insert(handle, organization, person.id, role, Set.of(projects), 1);
      return 0;
    });
    return person;
  }

  /// An organization of the local command line's making.
  public String organization(String name) {
    Answer made = local().post("/api/organizations", "{\"name\":\"%s\"}".formatted(name));
    return made.text("/id");
  }

  public String firstProject(String organization) {
    return local().in(organization).get("/api/projects").text("/data/0/id");
  }

  public String adminKey(String organization) {
    return key(organization, ApiKey.Kind.ADMIN);
  }

  public String key(String organization, ApiKey.Kind kind) {
    Tenant tenant = new Tenant(organization, firstProject(organization));
    return test.make(new NewKey(tenant, kind, "k", 0, null, List.of())).text().expose();
  }

  public Caller local() {
    return new Caller("local", null);
  }

  public Caller key(String text) {
    return new Caller(text, null);
  }

  /// Somebody who calls.
  public final class Caller {
    public final String id;
    private final @Nullable String organization;

    Caller(String id, @Nullable String organization) {
      this.id = id;
      this.organization = organization;
    }

    /// The same, who names an organization.
    public Caller in(String named) {
      return new Caller(id, named);
    }

    public Answer get(String path) {
      return call("GET", path, "", Map.of());
    }

    public Answer post(String path, String body) {
      return call("POST", path, body, Map.of());
    }

    public Answer patch(String path, String body) {
      return call("PATCH", path, body, Map.of());
    }

    public Answer delete(String path) {
      return call("DELETE", path, "", Map.of());
    }

    public Answer call(String method, String path, String body, Map<String, String> more) {
      HttpRequest.Builder request =
          portal.request(path).method(method, BodyPublishers.ofString(body));
      if (!body.isEmpty()) {
        request.header("content-type", "application/json");
      }
      if (id.startsWith("per_")) {
        request.header(PERSON, id);
      } else {
        request.header("authorization", "Bearer " + (id.equals("local") ? local : id));
      }
      if (organization != null) {
        request.header("x-gatewright-as-organization", organization);
      }
      more.forEach(request::header);
      HttpResponse<String> answer = portal.send(request);
      try {
        String text = answer.body();
        return new Answer(answer.statusCode(), JSON.readTree(text.isEmpty() ? "{}" : text), answer);
      } catch (IOException failure) {
        throw new IllegalStateException(failure);
      }
    }
  }

  /// What came back.
  public record Answer(int status, JsonNode body, HttpResponse<String> raw) {
    public String text(String pointer) {
      return body.at(pointer).asText();
    }

    /// The error but for the id of the request.
    public JsonNode error() {
      return ((ObjectNode) body.path("error")).without("request_id");
    }

    public String tag() {
      return raw.headers().firstValue("etag").orElseThrow();
    }
  }

  @Override
  public void close() {
    portal.close();
    admission.close();
    test.close();
  }
}
