package dev.gatewright.identity.setup;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.site.Consoles;
import dev.gatewright.identity.person.EmailField;
import dev.gatewright.identity.session.Browsers;
import dev.gatewright.identity.session.Opened;
import dev.gatewright.identity.session.Place;
import dev.gatewright.identity.session.SessionApi;
import dev.gatewright.identity.session.Sessions;
import dev.gatewright.identity.session.Site;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Problem;
import dev.gatewright.secret.Secret;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// REST of the first run.
public final class SetupApi {
  private static final int BODY_BYTES_MAX = 4 << 10;
  private static final int NAME_CHARACTERS_MAX = 64;

  private final Setup setup;
  private final Sessions sessions;
  private final Browsers browsers;
  private final SessionApi views;
  private final boolean remote;
  private final Consoles consoles;

  /// @param views shows the session that was begun
  /// @param remote the gate may be claimed from another machine
  /// @param consoles how links to this gate begin
  public SetupApi(
      Setup setup,
      Sessions sessions,
      Browsers browsers,
      SessionApi views,
      boolean remote,
      Consoles consoles) {
    this.setup = setup;
    this.sessions = sessions;
    this.browsers = browsers;
    this.views = views;
    this.remote = remote;
    this.consoles = consoles;
  }

  public List<ApiRoute> routes() {
    return List.of(
        ApiRoute.post("/api/auth/setup", Access.everybody(), BODY_BYTES_MAX, this::claim),
        ApiRoute.post("/api/auth/setup/link", Access.local(), BODY_BYTES_MAX, this::link),
        ApiRoute.post("/api/auth/setup/owner", Access.local(), BODY_BYTES_MAX, this::own));
  }

  /// @param organization what the first organization is to be called
  record ClaimRequest(
      @Nullable String token, @Nullable String email, @Nullable String organization) {}

  /// POST /api/auth/setup
  private Answer claim(ApiCall call) {
    ClaimRequest request = call.body(ClaimRequest.class);
    EmailAddress email = EmailField.required(request.email());
    String organization = name(request.organization());
    String token = request.token();
    if (token == null) {
      throw Problem.wrong("/token", "missing (expected: what stands behind # in the link)");
    }
    if (setup.owned()) {
      throw owned();
    }
    if (!remote && !here(call)) {
      throw Problem.denied(
          "Set-up is for this machine alone (expected: a call from the loopback address, or"
              + " GATEWRIGHT_SETUP_REMOTE=true).");
    }
    Site site = browsers.ownPageOrNone(call);
    Setup.Claim.Done done =
        done(setup.claim(Secret.of(token), email, organization, call.client(), Place.of(call)));
    Opened opened = Objects.requireNonNull(done.opened());
    return Answer.created(views.view(sessions.signedIn(opened)))
        .cookies(sessions.cookie(site, opened));
  }

  /// From this machine, and through nobody who would look like it.
  private static boolean here(ApiCall call) {
    return call.client().isLoopbackAddress()
        && call.headers("x-forwarded-for").isEmpty()
        && call.headers("forwarded").isEmpty();
  }

  /// POST /api/auth/setup/link
  private Answer link(ApiCall call) {
    call.requireNoFields();
    Setup.Link link = setup.link(remote ? consoles.url(call.origin().host()) : consoles.nearby());
    if (link == null) {
      throw owned();
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("link", link.text().expose());
    answer.put("expires_at", link.expiresAt());
    return Answer.created(answer);
  }

  record OwnerRequest(@Nullable String email, @Nullable String organization) {}

  /// POST /api/auth/setup/owner
  private Answer own(ApiCall call) {
    OwnerRequest request = call.body(OwnerRequest.class);
    EmailAddress email = EmailField.required(request.email());
    String organization = name(request.organization());
    Setup.Claim.Done done =
        done(setup.claim(email, organization, Place.of(call), ApiCaller.of(call).actor()));
    return Answer.created(
        Map.of("person_id", done.personId(), "organization_id", done.organizationId()));
  }

  private static Setup.Claim.Done done(Setup.Claim claim) {
    return switch (claim) {
      case Setup.Claim.Done done -> done;
      case Setup.Claim.Owned _ -> throw owned();
      case Setup.Claim.WrongToken _ ->
          throw new Problem(
              Refusal.of(
                  401,
                  "authentication_error",
                  "invalid_token",
                  "token: not one of a set-up link that is good (`gatewright setup-link` makes"
                      + " one)"));
      case Setup.Claim.TooMany(int waitSeconds) ->
          throw new Problem(
              Refusal.tooMany("Too many tokens of no set-up link came from there.", waitSeconds));
      case Setup.Claim.WrongEmail _ ->
          throw Problem.denied("email: not the one that this gate is kept for");
    };
  }

  private static Problem owned() {
    return new Problem(
        Refusal.of(
            410,
            "invalid_request_error",
            "already_set_up",
            "This gate has an owner, and the link is used up; sign in instead."));
  }

  private static String name(@Nullable String text) {
    String name = text == null ? "" : text.strip();
    boolean shown = name.chars().noneMatch(Character::isISOControl);
    if (name.isEmpty() || name.length() > NAME_CHARACTERS_MAX || !shown) {
      throw Problem.wrong(
          "/organization",
          "%s (expected: 1 to %d characters in one line)"
              .formatted(name.isEmpty() ? "missing" : name, NAME_CHARACTERS_MAX));
    }
    return name;
  }
}
