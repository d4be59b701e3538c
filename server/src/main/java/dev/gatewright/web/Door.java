package dev.gatewright.web;

import dev.gatewright.account.Actor;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Extent;
import dev.gatewright.account.Member;
import dev.gatewright.account.Memberships;
import dev.gatewright.account.Principal;
import dev.gatewright.account.Role;
import dev.gatewright.account.SessionAdmission;
import dev.gatewright.account.SignedIn;
import dev.gatewright.account.Tenant;
import dev.gatewright.admission.Admitted;
import dev.gatewright.admission.Caller;
import dev.gatewright.admission.JwtCaller;
import dev.gatewright.admission.KeyCaller;
import dev.gatewright.edge.Refusal;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.LocalAdmin;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.telemetry.Time;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lets a call in as its route's [Access] says, and finds who calls: authenticate → organization →
/// permission → step-up. Blocks while a key or a session is read; thread-safe.
final class Door {
  /// Which organization a call is about, for those who may reach several.
  static final String AS_ORGANIZATION = "x-gatewright-as-organization";

  private static final String AGENT = "user-agent";

  private final PortalAdmission admission;
  private final SessionAdmission sessions;
  private final Memberships memberships;
  private final Time time;

  Door(Entry entry) {
    this.admission = entry.keys();
    this.sessions = entry.sessions();
    this.memberships = entry.memberships();
    this.time = entry.time();
  }

  /// What the handler gets as its caller: an [ApiCaller] where the access is a permission or the
  /// platform, a [SignedIn] for a person, an [ApiKey] for live keys.
  ///
  /// @param named the path's `{id}`; null = it has none
  /// @param cookies takes what the answer must set, good or bad
  /// @throws Problem 400, 401, 403, 404, 421, 429, 503
  @Nullable Object open(
      ApiRoute route,
      ApiCall.Origin origin,
      @Nullable String named,
      Function<String, List<String>> headers,
      Consumer<String> cookies) {
    Knock knock = new Knock(route, origin, named, headers, cookies);
    return switch (route.access()) {
      case Access.InOrganization in -> inOrganization(knock, in);
      case Access.Platform platform -> platform(knock, platform);
      case Access.SignedIn person -> person(knock, person);
      case Access.Account _ -> account(knock);
      case Access.Local _ -> local(knock);
      case Access.LiveKey _ -> live(key(origin, headers));
      case Access.RoomCaller _, Access.Everybody _ -> null;
    };
  }

  /// A request at the door.
  private record Knock(
      ApiRoute route,
      ApiCall.Origin origin,
      @Nullable String named,
      Function<String, List<String>> headers,
      Consumer<String> cookies) {
    boolean changes() {
      return !route.method().equals("GET");
    }
  }

  /// Whoever it is has shown a good key or a good session; for paths that no route has.
  ///
  /// @throws Problem 401, 403, 421, 429, 503
  void requireKnown(ApiCall.Origin origin, Function<String, List<String>> headers) {
    switch (sessions.admit(SessionAdmission.Guard.NONE, origin, headers)) {
      case SessionAdmission.Result.None _ -> key(origin, headers);
      case SessionAdmission.Result.Yes _ -> {}
      case SessionAdmission.Result.No no -> throw new Problem(no.refusal());
    }
  }

  /// The key presented.
  private ApiKey key(ApiCall.Origin origin, Function<String, List<String>> headers) {
    return switch (admission.admit(headers, origin.client())) {
      case Admitted.No no -> throw new Problem(no.refusal());
      case Admitted.Yes(Caller caller) ->
          switch (caller) {
            case KeyCaller holder -> holder.key();
            case JwtCaller _ ->
                throw new Problem(
                    Refusal.denied(
                        "A token of another issuer calls models, services and rooms, and nothing here.",
                        "Use an admin key, or sign in."));
          };
    };
  }

  /// The session presented; null = a key is to tell who calls. What speaks with providers is for
  /// keys alone.
  private @Nullable SignedIn session(Knock knock, boolean ownPages) {
    if (knock.route.path().startsWith("/v1/")) {
      return null;
    }
    SessionAdmission.Guard guard =
        knock.changes()
            ? SessionAdmission.Guard.TOKEN
            : ownPages ? SessionAdmission.Guard.OWN_PAGES : SessionAdmission.Guard.NONE;
    return switch (sessions.admit(guard, knock.origin, knock.headers)) {
      case SessionAdmission.Result.None _ -> null;
      case SessionAdmission.Result.Yes yes -> {
        yes.cookies().forEach(knock.cookies);
        yield yes.session();
      }
      case SessionAdmission.Result.No no -> throw new Problem(no.refusal());
    };
  }

  private ApiCaller inOrganization(Knock knock, Access.InOrganization access) {
    ApiCall.Origin origin = knock.origin;
    SignedIn session = session(knock, false);
    String asked = asked(knock.headers, access.fromPath() ? knock.named : null);
    if (session == null) {
      return byKey(access, key(origin, knock.headers), asked, knock);
    }
    Found found = found(session, asked);
    Extent extent = extent(found, access.permission());
    if (extent == Extent.NONE) {
      throw lacking(knock.route, access.permission(), found);
    }
    if (access.stepUp()) {
      requireProof(session);
    }
    if (session.acting() != null && !knock.changes()) {
      sessions.looked(
          session,
          found.tenant,
          origin,
          Actor.agent(knock.headers.apply(AGENT)),
          knock.route.name());
    }
    return caller(found.principal, found.tenant, extent, knock);
  }

  private ApiCaller byKey(
      Access.InOrganization access, ApiKey key, @Nullable String asked, Knock knock) {
    if (key.kind() != ApiKey.Kind.ADMIN) {
      throw Problem.denied(
          "This needs an admin key (gw_admin_…); the key presented is another kind.");
    }
    if (LocalAdmin.is(key)) {
      Tenant tenant = asked == null ? key.tenant() : tenant(asked);
      return caller(new Principal.Local(), tenant, Extent.ALL, knock);
    }
    if (asked != null && !asked.equals(key.tenant().organizationId())) {
      throw noOrganization();
    }
    Extent extent = access.people() ? Extent.NONE : Role.ADMIN.extent(access.permission());
    if (extent == Extent.NONE) {
      throw Problem.lacking(
          access.permission(), "an admin key does not have it: a person does this, signed in");
    }
    Principal principal = new Principal.KeyHolder(key.id(), key.rules(), key.manages());
    return caller(principal, key.tenant(), extent, knock);
  }

  private ApiCaller platform(Knock knock, Access.Platform access) {
    SignedIn session = session(knock, false);
    if (session == null) {
      return local(knock);
    }
    if (!session.operator() || session.acting() != null) {
      throw Problem.denied("This is for the platform's operators.");
    }
    if (access.stepUp()) {
      requireProof(session);
    }
    return caller(new Principal.Operator(session), owner(), Extent.ALL, knock);
  }

  private ApiCaller account(Knock knock) {
    SignedIn session = session(knock, false);
    if (session == null) {
      return local(knock);
    }
    if (session.acting() != null) {
      throw Problem.denied("This is not for operators while they act for an organization.");
    }
    Principal principal =
        session.operator() ? new Principal.Operator(session) : new Principal.Person(session);
    return caller(principal, owner(), Extent.NONE, knock);
  }

  private ApiCaller local(Knock knock) {
    ApiKey key = key(knock.origin, knock.headers);
    if (!LocalAdmin.is(key)) {
      throw Problem.denied(
          "This is for the command line on the server's own machine, and for operators where they"
              + " may sign in.");
    }
    String asked = asked(knock.headers);
    Tenant tenant = asked == null ? key.tenant() : tenant(asked);
    return caller(new Principal.Local(), tenant, Extent.ALL, knock);
  }

  private SignedIn person(Knock knock, Access.SignedIn access) {
    SignedIn session = session(knock, access.ownPages());
    if (session == null) {
      throw new Problem(SessionAdmission.NOT_SIGNED_IN);
    }
    if (session.acting() != null && knock.changes() && !access.acting()) {
      throw Problem.denied(
          "This is for yourself; you act for an organization (DELETE /api/auth/session ends"
              + " that).");
    }
    if (access.stepUp()) {
      requireProof(session);
    }
    return session;
  }

  /// Who it is there, and where.
  private record Found(Principal principal, Tenant tenant) {}

  private Found found(SignedIn session, @Nullable String asked) {
    SignedIn.Acting acting = session.acting();
    if (acting != null) {
      if (asked != null && !asked.equals(acting.organizationId())) {
        throw noOrganization();
      }
      return new Found(new Principal.Operator(session), tenant(acting.organizationId()));
    }
    if (asked != null) {
      return memberships
          .in(asked, session.personId())
          .map(place -> at(session, place))
          .orElseThrow(Door::noOrganization);
    }
    List<Member> places = memberships.of(session.personId());
    if (places.size() > 1) {
      throw Problem.invalid(
          AS_ORGANIZATION,
          AS_ORGANIZATION
              + ": missing (expected: the id of one of the %d organizations you belong to)"
                  .formatted(places.size()));
    }
    return places.stream()
        .findFirst()
        .map(place -> at(session, place))
        .orElseThrow(Door::noOrganization);
  }

  private static Found at(SignedIn session, Member place) {
    return new Found(
        new Principal.InOrganization(session, place),
        new Tenant(place.organizationId(), project(place)));
  }

  /// Where what names no project goes: the first that the member may use.
  private static String project(Member place) {
    boolean all = place.projects().isEmpty() || place.projects().contains(place.firstProject());
    return all
        ? place.firstProject()
        : place.projects().stream().sorted().findFirst().orElseThrow();
  }

  private static Extent extent(Found found, Permission permission) {
    return switch (found.principal) {
      case Principal.InOrganization person -> person.member().role().extent(permission);
      case Principal.Operator operator -> {
        SignedIn.Acting acting = operator.session().acting();
        yield acting == null ? Extent.NONE : acting.extent(permission);
      }
      case Principal.Local _ -> Extent.ALL;
      case Principal.KeyHolder _, Principal.Person _ -> Extent.NONE;
    };
  }

  /// 403 for who may know that it is there, else as if it were not.
  private static Problem lacking(ApiRoute route, Permission permission, Found found) {
    boolean knows = extent(found, permission.read()) != Extent.NONE;
    if (!knows && route.path().contains("{")) {
      return Problem.absent(permission.noun());
    }
    String who =
        found.principal instanceof Principal.InOrganization person
            ? "the role " + person.member().role().word()
            : "an operator acting for an organization";
    return Problem.lacking(permission, who + " does not have it");
  }

  private void requireProof(SignedIn session) {
    if (!session.provedLately(time.millis())) {
      throw Problem.stepUp();
    }
  }

  private Tenant tenant(String organizationId) {
    return memberships.tenant(organizationId).orElseThrow(Door::noOrganization);
  }

  private Tenant owner() {
    return memberships.platform();
  }

  private static Problem noOrganization() {
    return Problem.absent("organization");
  }

  /// @throws Problem 400 when it is there twice
  private static @Nullable String asked(Function<String, List<String>> headers) {
    List<String> values = headers.apply(AS_ORGANIZATION);
    if (values.size() > 1) {
      throw Problem.invalid(AS_ORGANIZATION, AS_ORGANIZATION + ": twice (expected: once)");
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  /// @param named by the path; null = it names none
  /// @throws Problem 400 when the header is there twice, 404 when it names another than the path
  private static @Nullable String asked(
      Function<String, List<String>> headers, @Nullable String named) {
    String asked = asked(headers);
    if (asked != null && named != null && !asked.equals(named)) {
      throw noOrganization();
    }
    return named == null ? asked : named;
  }

  private static ApiCaller caller(Principal principal, Tenant tenant, Extent extent, Knock knock) {
    return new ApiCaller(
        principal,
        tenant,
        extent,
        knock.origin.requestId(),
        knock.origin.client().getHostAddress(),
        Actor.agent(knock.headers.apply(AGENT)));
  }

  private static ApiKey live(ApiKey key) {
    if (key.kind() != ApiKey.Kind.LIVE) {
      throw Problem.denied("This is for live keys; the key presented is another kind.");
    }
    return key;
  }
}
