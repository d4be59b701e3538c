package dev.gatewright.credential.change;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.credential.Credential;
import dev.gatewright.credential.CredentialKind;
import dev.gatewright.credential.Destination;
import dev.gatewright.credential.Destination.Checked;
import dev.gatewright.credential.Destination.Fit;
import dev.gatewright.edge.Refusal;
import dev.gatewright.policy.Denial;
import dev.gatewright.policy.Policy;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.IfMatch;
import dev.gatewright.rest.Paging;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.secret.Secret;
import dev.gatewright.secret.keyring.Opened;
import dev.gatewright.telemetry.Time;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// REST of stored credentials. A secret comes in and never goes out again. Described in
/// `openapi/credential.yaml`.
public final class CredentialApi {
  private static final Access READ = Access.of(Permission.CREDENTIAL_READ);
  private static final Access WRITE = Access.of(Permission.CREDENTIAL_WRITE);
  private static final int PAGE_ROWS = 50;
  private static final int PAGE_ROWS_MAX = 200;

  /// Room for the longest secret, every character of it escaped.
  private static final int BODY_BYTES_MAX = 64 << 10;

  private final CredentialChanges changes;
  private final Map<CredentialKind, Destination.Finder> destinations;
  private final Time time;

  /// @param destinations where credentials of each kind may go
  public CredentialApi(
      CredentialChanges changes, Map<CredentialKind, Destination.Finder> destinations, Time time) {
    this.changes = changes;
    this.destinations = Map.copyOf(destinations);
    this.time = time;
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    return new Resource(
        "credential",
        List.of(
            ApiRoute.create("/api/credentials", WRITE, BODY_BYTES_MAX, this::create),
            ApiRoute.get("/api/credentials", READ, this::list)
                .query("kind", "provider", "project_id", "limit", "cursor"),
            ApiRoute.get("/api/credentials/{id}", READ, this::show),
            ApiRoute.patch("/api/credentials/{id}", WRITE, BODY_BYTES_MAX, this::rename),
            ApiRoute.delete("/api/credentials/{id}", WRITE, this::remove),
            ApiRoute.put("/api/credentials/{id}/secret", WRITE, BODY_BYTES_MAX, this::replace),
            ApiRoute.post("/api/credentials/{id}/check", WRITE, 1 << 10, this::check)));
  }

  /// POST /api/credentials
  private Answer create(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    CredentialRequest.Checked wanted = call.body(CredentialRequest.class).checked();
    String project = wanted.projectId();
    if (project == null ? caller.extent().confined() : !caller.reaches(project)) {
      throw noProject(project);
    }
    withinScope(caller, wanted.kind(), wanted.provider());
    Destination to = destination(caller, wanted.kind(), wanted.provider());
    if (to == null) {
      throw Problem.wrong(
          "/provider",
          "%s (expected: the id of a %s this organization can use)"
              .formatted(
                  wanted.provider(),
                  wanted.kind() == CredentialKind.SERVICE ? "service" : "provider"));
    }
    Fit.Good fit = fit(to, wanted.secret());
    return switch (changes.create(caller, wanted, fit)) {
      case CredentialChanges.Made.Good(Credential made) ->
          Answer.created(CredentialView.of(made, CredentialView.State.ACTIVE))
              .tagged(CredentialView.tag(made));
      case CredentialChanges.Made.NoProject _ -> throw noProject(project);
      case CredentialChanges.Made.Taken(String id) ->
          throw Problem.conflict(
              "provider %s has a credential here already: %s (expected: PUT /api/credentials/%s/secret to replace it)"
                  .formatted(wanted.provider(), id, id));
      case CredentialChanges.Made.Full _ ->
          throw Problem.conflict("The organization has as many credentials as it may have.");
    };
  }

  private static Problem noProject(@Nullable String project) {
    return Problem.wrong(
        "/project_id", "%s (expected: a project of this organization)".formatted(project));
  }

  /// GET /api/credentials?kind=&provider=&project_id=&limit=&cursor=
  private Answer list(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    String organization = caller.tenant().organizationId();
    Paging paging = call.paging(organization, PAGE_ROWS, PAGE_ROWS_MAX);
    String word = call.query().text("kind");
    CredentialKind kind = CredentialKind.of(word);
    if (word != null && kind == null) {
      throw Problem.wrong("kind", "%s (expected: %s)".formatted(word, CredentialKind.WORDS));
    }
    String provider = call.query().text("provider");
    String project = call.query().text("project_id");
    String after = paging.after();
    List<Credential> rows =
        changes.all(organization).stream()
            .filter(each -> seen(caller, each))
            .filter(each -> kind == null || each.kind() == kind)
            .filter(each -> provider == null || each.provider().equals(provider))
            .filter(each -> project == null || project.equals(each.projectId()))
            .filter(each -> after == null || each.id().compareTo(after) < 0)
            .limit(paging.rows() + 1L)
            .toList();
    boolean more = rows.size() > paging.rows();
    List<Credential> page = more ? rows.subList(0, paging.rows()) : rows;
    return paging.answer(
        page.stream().map(each -> CredentialView.of(each, state(caller, each))).toList(),
        more ? page.getLast().id() : null);
  }

  /// GET /api/credentials/{id}
  private Answer show(ApiCall call) {
    return shown(ApiCaller.of(call), found(call));
  }

  record NameRequest(@Nullable String name) {}

  /// PATCH /api/credentials/{id}
  private Answer rename(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    Credential before = found(call);
    String name = CredentialRequest.name(call.body(NameRequest.class).name());
    return shown(
        caller,
        changes.rename(caller, before.id(), name, guard(call)).orElseThrow(CredentialApi::absent));
  }

  record SecretRequest(@Nullable String secret) {
    @Override
    public String toString() {
      return "***";
    }
  }

  /// PUT /api/credentials/{id}/secret
  private Answer replace(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    Credential before = found(call);
    Secret secret = CredentialRequest.secret(call.body(SecretRequest.class).secret());
    Destination to = destination(caller, before.kind(), before.provider());
    if (to == null) {
      throw Problem.conflict(
          "provider %s is not there any more (expected: DELETE, and a new credential)"
              .formatted(before.provider()));
    }
    Fit.Good fit = fit(to, secret);
    guard(call).accept(before);
    Checked checked = to.check(fit.secret());
    if (!checked.ok()) {
      throw new Problem(
          new Refusal(
              422,
              "invalid_request_error",
              "check_failed",
              "secret: %s did not take it: %s; the one before stays (expected: a key that works)"
                  .formatted(before.provider(), checked.reason()),
              "/secret",
              0,
              true));
    }
    return shown(
        caller,
        changes.replace(caller, before, fit, guard(call)).orElseThrow(CredentialApi::absent));
  }

  /// POST /api/credentials/{id}/check
  private Answer check(ApiCall call) {
    call.requireNoFields();
    Credential stored = found(call);
    long from = time.nanos();
    Checked checked = checked(ApiCaller.of(call), stored);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("ok", checked.ok());
    put(body, "status", checked.status());
    body.put("ms", (time.nanos() - from) / 1_000_000);
    put(body, "reason", checked.reason());
    return Answer.ok(body);
  }

  private Checked checked(ApiCaller caller, Credential stored) {
    Destination to = destination(caller, stored.kind(), stored.provider());
    if (to == null) {
      return Checked.failed("there is no such provider any more");
    }
    if (!to.stands(stored.origin())) {
      return Checked.failed("it was stored for another address, and is not sent to this one");
    }
    return switch (changes.open(stored)) {
      case Opened.Value(Secret secret) -> bound(to, stored, secret);
      case Opened.Tampered _ -> Checked.failed("it is not as it was stored");
      case Opened.Unavailable _ -> Checked.failed("the key it is sealed with cannot be had now");
    };
  }

  /// Where a secret says itself where it goes, that must still be what it is bound to.
  private static Checked bound(Destination to, Credential stored, Secret secret) {
    return to.fit(secret) instanceof Fit.Good fit && fit.origin().equals(stored.origin())
        ? to.check(secret)
        : Checked.failed("it was stored for another address, and is not sent to this one");
  }

  /// DELETE /api/credentials/{id}
  private Answer remove(ApiCall call) {
    Credential before = found(call);
    if (!changes.remove(ApiCaller.of(call), before.id(), guard(call))) {
      throw absent();
    }
    return Answer.empty();
  }

  private Credential found(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    Credential found =
        changes
            .find(caller.tenant().organizationId(), call.path("id"))
            .filter(each -> seen(caller, each))
            .orElseThrow(CredentialApi::absent);
    if (!call.routeName().startsWith("GET")) {
      withinScope(caller, found.kind(), found.provider());
    }
    return found;
  }

  /// Whoever is confined to projects sees what is stored for these, and not their organization's.
  private static boolean seen(ApiCaller caller, Credential credential) {
    String project = credential.projectId();
    return project == null ? !caller.extent().confined() : caller.reaches(project);
  }

  /// An admin key with rules handles what its rules reach, and nothing else.
  private static void withinScope(ApiCaller caller, CredentialKind kind, String provider) {
    Policy policy = Policy.ofKey(caller.id(), caller.scope());
    Denial denial =
        switch (kind) {
          case PROVIDER -> policy.provider(provider);
          case SERVICE -> policy.service(provider);
          case ROOM -> policy.room(provider);
        };
    if (denial != null) {
      throw Problem.denied(denial.message());
    }
  }

  private Answer shown(ApiCaller caller, Credential credential) {
    return Answer.ok(CredentialView.of(credential, state(caller, credential)))
        .tagged(CredentialView.tag(credential));
  }

  private CredentialView.State state(ApiCaller caller, Credential credential) {
    Destination to = destination(caller, credential.kind(), credential.provider());
    return to == null
        ? CredentialView.State.ORPHANED
        : to.stands(credential.origin()) ? CredentialView.State.ACTIVE : CredentialView.State.MOVED;
  }

  private @Nullable Destination destination(
      ApiCaller caller, CredentialKind kind, String provider) {
    Destination.Finder finder = destinations.get(kind);
    return finder == null ? null : finder.find(caller.tenant().organizationId(), provider);
  }

  private static Fit.Good fit(Destination to, Secret secret) {
    return switch (to.fit(secret)) {
      case Fit.Good good -> good;
      case Fit.Wrong(String message) -> throw Problem.wrong("/secret", message);
    };
  }

  private static Consumer<Credential> guard(ApiCall call) {
    IfMatch seen = call.ifMatch();
    return before -> seen.require(CredentialView.tag(before));
  }

  @SuppressWarnings("NullAway") // a JSON null
  private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
    fields.put(name, value);
  }

  private static Problem absent() {
    return Problem.absent("credential");
  }
}
