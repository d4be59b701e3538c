package dev.gatewright.identity.session;

import dev.gatewright.account.Memberships;
import dev.gatewright.account.SignedIn;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Problem;
import java.time.Instant;
import java.util.List;

/// REST of one's own sessions.
public final class SessionApi {
  private final Sessions sessions;
  private final Browsers browsers;
  private final Memberships memberships;
  private final Acting acting;

  public SessionApi(Sessions sessions, Browsers browsers, Memberships memberships, Acting acting) {
    this.sessions = sessions;
    this.browsers = browsers;
    this.memberships = memberships;
    this.acting = acting;
  }

  public List<ApiRoute> routes() {
    Access.SignedIn self = Access.signedIn();
    return List.of(
        ApiRoute.get("/api/auth/session", self.alsoActing(), this::show),
        ApiRoute.delete("/api/auth/session", self.alsoActing(), this::leave),
        ApiRoute.get("/api/auth/sessions", self, this::list),
        ApiRoute.delete("/api/auth/sessions", self, this::endOthers),
        ApiRoute.delete("/api/auth/sessions/{id}", self, this::end));
  }

  /// GET /api/auth/session
  private Answer show(ApiCall call) {
    return Answer.ok(view(call.caller(SignedIn.class)));
  }

  /// What a page is told that just signed in, or asks who is.
  public SessionView view(SignedIn who) {
    return SessionView.of(
        who,
        memberships.of(who.personId()),
        acting.nameOf(who),
        sessions.csrfToken(who.sessionId()));
  }

  /// DELETE /api/auth/session
  private Answer leave(ApiCall call) {
    SignedIn who = call.caller(SignedIn.class);
    Site site = browsers.site(call.origin());
    if (who.acting() != null) {
      Opened own = acting.end(who, Place.of(call));
      return Answer.empty().cookies(own == null ? site.clear() : sessions.cookie(site, own));
    }
    sessions.end(who.personId(), who.sessionId(), Place.of(call));
    return Answer.empty().cookies(site.clear());
  }

  /// @param current the one this very call came by
  /// @param acting it acts for an organization
  record Line(
      String id,
      boolean current,
      boolean acting,
      Instant createdAt,
      Instant lastSeenAt,
      Instant endsAt,
      String address,
      String agent) {}

  /// GET /api/auth/sessions
  private Answer list(ApiCall call) {
    SignedIn who = call.caller(SignedIn.class);
    List<Line> lines =
        sessions.of(who.personId()).stream()
            .map(each ->
                new Line(
                    each.id(),
                    each.id().equals(who.sessionId()),
                    each.acting() != null,
                    Instant.ofEpochMilli(each.createdMillis()),
                    Instant.ofEpochMilli(each.seenMillis()),
                    Instant.ofEpochMilli(each.endsMillis()),
                    each.address(),
                    each.agent()))
            .toList();
    return Answer.page(lines, null);
  }

  /// DELETE /api/auth/sessions
  private Answer endOthers(ApiCall call) {
    SignedIn who = call.caller(SignedIn.class);
    sessions.endOthers(who.personId(), who.sessionId(), Place.of(call));
    return Answer.empty();
  }

  /// DELETE /api/auth/sessions/{id}
  private Answer end(ApiCall call) {
    SignedIn who = call.caller(SignedIn.class);
    String id = call.path("id");
    if (!sessions.end(who.personId(), id, Place.of(call))) {
      throw Problem.absent("session");
    }
    boolean own = id.equals(who.sessionId());
    return own ? Answer.empty().cookies(browsers.site(call.origin()).clear()) : Answer.empty();
  }
}
