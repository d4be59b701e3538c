package dev.gatewright.tenant.team;

import dev.gatewright.account.Actor;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Role;
import dev.gatewright.account.SignedIn;
import dev.gatewright.edge.Refusal;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Paging;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.Addresses;
import dev.gatewright.tenant.Addresses.Address;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// REST of invitations. Described in `openapi/tenant_team.yaml`.
final class InvitationApi {
  private static final int BODY_BYTES_MAX = 16 << 10;
  private static final int PAGE_ROWS = 50;
  private static final int PAGE_ROWS_MAX = 200;
  private static final int TOKEN_CHARACTERS_MAX = 100;

  private final Invitations invitations;
  private final Acceptance acceptance;
  private final Addresses addresses;
  private final InvitationLinks links;
  private final Time time;

  InvitationApi(
      Invitations invitations,
      Acceptance acceptance,
      Addresses addresses,
      InvitationLinks links,
      Time time) {
    this.invitations = invitations;
    this.acceptance = acceptance;
    this.addresses = addresses;
    this.links = links;
    this.time = time;
  }

  List<ApiRoute> routes() {
    return List.of(
        ApiRoute.create(
            "/api/team/invitations",
            Access.of(Permission.MEMBER_WRITE),
            BODY_BYTES_MAX,
            this::create),
        ApiRoute.get("/api/team/invitations", Access.of(Permission.MEMBER_READ), this::list)
            .query("state", "limit", "cursor"),
        ApiRoute.get("/api/team/invitations/{id}", Access.of(Permission.MEMBER_READ), this::show),
        ApiRoute.delete(
            "/api/team/invitations/{id}", Access.of(Permission.MEMBER_WRITE), this::withdraw),
        ApiRoute.post("/api/team/invitations/accept", Access.signedIn(), 4 << 10, this::accept));
  }

  record NewInvitation(
      @Nullable String email, @Nullable String role, @Nullable List<@Nullable String> projects) {}

  /// The schema `InvitationOnce`: with the link, in this answer and in no other.
  record Once(
      String id,
      String email,
      String role,
      List<String> projects,
      String state,
      String invitedBy,
      Instant createdAt,
      Instant expiresAt,
      boolean mailed,
      String link) {
    static Once of(Invitation.View view, boolean mailed, String link) {
      return new Once(
          view.id(),
          view.email(),
          view.role(),
          view.projects(),
          view.state(),
          view.invitedBy(),
          view.createdAt(),
          view.expiresAt(),
          mailed,
          link);
    }

    @Override
    public String toString() {
      return id;
    }
  }

  /// POST /api/team/invitations
  private Answer create(ApiCall call) {
    NewInvitation wanted = call.body(NewInvitation.class);
    Address address = addresses.read(wanted.email());
    if (address == null) {
      String given = wanted.email();
      throw Problem.wrong(
          "/email",
          "%s (expected: %s)"
              .formatted(given == null ? "missing" : Refusal.shown(given), Addresses.EXPECTED));
    }
    Role role = Grants.role(wanted.role());
    Set<String> projects = Grants.projects(wanted.projects());
    Invitations.Made made =
        invitations
            .create(
                ApiCaller.of(call),
                call.origin().host(),
                address,
                role,
                projects == null ? Set.of() : projects)
            .orProblem();
    Invitation.View view = made.invitation().view(time.millis());
    String link = links.link(call.origin().host(), view.id());
    return Answer.created(Once.of(view, made.mailed(), link))
        .repeatedAs(view)
        .tagged(made.invitation().tag());
  }

  /// GET /api/team/invitations?state=&limit=&cursor=
  private Answer list(ApiCall call) {
    String word = call.query().text("state");
    Invitation.State state = word == null ? Invitation.State.OPEN : Invitation.State.of(word);
    if (state == null) {
      throw Problem.wrong("state", word + " (expected: open, accepted, withdrawn or void)");
    }
    ApiCaller caller = ApiCaller.of(call);
    Paging paging = call.paging(caller.tenant().organizationId(), PAGE_ROWS, PAGE_ROWS_MAX);
    String place = paging.after();
    List<Invitation> page =
        invitations.list(caller, state, place == null ? "" : place, paging.rows());
    long now = time.millis();
    return paging.answer(
        page.stream().map(invitation -> invitation.view(now)).toList(),
        page.size() < paging.rows() ? null : page.getLast().id());
  }

  /// GET /api/team/invitations/{id}
  private Answer show(ApiCall call) {
    Invitation invitation =
        invitations
            .find(ApiCaller.of(call), call.path("id"))
            .orElseThrow(() -> Problem.absent(Invitations.KIND));
    return Answer.ok(invitation.view(time.millis())).tagged(invitation.tag());
  }

  /// DELETE /api/team/invitations/{id}
  private Answer withdraw(ApiCall call) {
    invitations.withdraw(ApiCaller.of(call), call.path("id"), call.ifMatch()).orProblem();
    return Answer.empty();
  }

  record Accepting(@Nullable String token) {
    @Override
    public String toString() {
      return "***";
    }
  }

  record OrganizationName(String id, String name) {}

  /// The schema `Joined`.
  record JoinedView(OrganizationName organization, String role, List<String> projects) {}

  /// POST /api/team/invitations/accept
  private Answer accept(ApiCall call) {
    String token = call.body(Accepting.class).token();
    if (token == null || token.length() > TOKEN_CHARACTERS_MAX) {
      // Not repeated: it may be a link with a good token in it.
      throw Problem.wrong("/token", "not usable (expected: what stands behind # in the link)");
    }
    SignedIn session = call.caller(SignedIn.class);
    if (session.acting() != null) {
      throw Problem.denied("This is not for operators while they act for an organization.");
    }
    Actor person =
        new Actor(
            Actor.Kind.PERSON,
            session.personId(),
            call.client().getHostAddress(),
            call.requestId(),
            session.sessionId(),
            Actor.agent(call.headers("user-agent")));
    Acceptance.Joined joined =
        acceptance.accept(person, call.origin().host(), Secret.of(token)).orProblem();
    return Answer.ok(
        new JoinedView(
            new OrganizationName(joined.organization().id(), joined.organization().name()),
            joined.member().role().word(),
            joined.member().projects().stream().sorted().toList()));
  }
}
