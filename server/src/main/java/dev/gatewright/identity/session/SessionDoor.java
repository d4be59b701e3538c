package dev.gatewright.identity.session;

import dev.gatewright.account.SessionAdmission;
import dev.gatewright.account.SignedIn;
import dev.gatewright.account.Tenant;
import dev.gatewright.edge.PathKey;
import dev.gatewright.edge.Refusal;
import dev.gatewright.key.lookup.FailureLimiter;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.Time;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// Finds whose session a request's cookie is; reads downwards: a name of ours → no key beside it →
/// a transport nobody reads along → a page of ours → a good token → the page knows the session.
/// Thread-safe.
public final class SessionDoor implements SessionAdmission {
  public static final String CSRF_HEADER = "x-csrf-token";

  private static final Set<String> KEY_HEADERS =
      Set.of("authorization", "x-api-key", "api-key", "x-goog-api-key", PathKey.HEADER);

  private static final Refusal BOTH =
      Refusal.invalid("cookie: a session's, beside an API key (expected: one of the two)");

  private static final Refusal NO_TOKEN =
      Refusal.of(
              403,
              "permission_error",
              "csrf_token",
              "x-csrf-token: missing or not this session's (expected: csrf_token of GET"
                  + " /api/auth/session)")
          .helped("Read the token anew, then send the same again.");

  private final Sessions sessions;
  private final Browsers browsers;
  private final Acting acting;
  private final FailureLimiter failures;

  public SessionDoor(Sessions sessions, Browsers browsers, Acting acting, Time time) {
    this.sessions = sessions;
    this.browsers = browsers;
    this.acting = acting;
    this.failures = new FailureLimiter(time);
  }

  @Override
  public Result admit(Guard guard, ApiCall.Origin origin, Function<String, List<String>> headers) {
    List<String> cookies = headers.apply("cookie");
    if (cookies.isEmpty()) {
      return new Result.None();
    }
    boolean key = KEY_HEADERS.stream().anyMatch(name -> !headers.apply(name).isEmpty());
    Site site = browsers.siteOrNull(origin);
    if (site == null) {
      return key || !Cookies.anySession(cookies)
          ? new Result.None()
          : new Result.No(browsers.foreignHost(origin.host()));
    }
    List<String> tokens = Cookies.named(cookies, site.cookie());
    if (tokens.isEmpty()) {
      return new Result.None();
    }
    if (key) {
      return new Result.No(BOTH);
    }
    if (Sites.exposed(origin)) {
      return new Result.No(Browsers.EXPOSED);
    }
    if (guard != Guard.NONE) {
      Browsers.requireOwnPage(site, headers);
    }
    // Twice is what a neighbour on this host does who wants his own to be taken.
    return tokens.size() > 1
        ? new Result.No(NOT_SIGNED_IN)
        : find(Secret.of(tokens.getFirst()), guard, origin, site, headers.apply(CSRF_HEADER));
  }

  @Override
  public void looked(
      SignedIn operator, Tenant tenant, ApiCall.Origin origin, String agent, String route) {
    acting.looked(operator, tenant, origin, agent, route);
  }

  private Result find(
      Secret token, Guard guard, ApiCall.Origin origin, Site site, List<String> csrf) {
    if (!sessions.remembers(token)) {
      int wait = failures.waitSeconds(origin.client());
      if (wait > 0) {
        return new Result.No(Refusal.tooMany("Too many cookies of no session came.", wait));
      }
    }
    Sessions.Found found = sessions.find(token);
    if (found == null) {
      failures.failed(origin.client());
      return new Result.No(NOT_SIGNED_IN);
    }
    Session session = found.session();
    if (guard == Guard.TOKEN && !knows(csrf, session)) {
      return new Result.No(NO_TOKEN);
    }
    Opened renewed = sessions.renew(found);
    return new Result.Yes(
        session.signedIn(!found.current()),
        renewed == null ? List.of() : List.of(sessions.cookie(site, renewed)));
  }

  private boolean knows(List<String> csrf, Session session) {
    return csrf.size() == 1 && Macs.same(csrf.getFirst(), sessions.csrfToken(session.id()));
  }
}
