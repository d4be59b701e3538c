package dev.gatewright.identity.oidc;

import dev.gatewright.account.SignedIn;
import dev.gatewright.edge.Refusal;
import dev.gatewright.identity.code.Browser;
import dev.gatewright.identity.session.Browsers;
import dev.gatewright.identity.session.Place;
import dev.gatewright.identity.session.Sessions;
import dev.gatewright.identity.session.Site;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Problem;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// REST of signing in by identity providers.
final class OidcApi {
  private static final int BODY_BYTES_MAX = 16 << 10;
  private static final String HOME = "/console/";
  private static final Pattern RETURN = Pattern.compile("/console(/[A-Za-z0-9._~-]{1,64}){0,8}/?");
  private static final Logger LOG = LoggerFactory.getLogger(OidcApi.class);

  /// Providers add parameters of their own to what they answer.
  private static final String[] ANSWERED = {
    "state",
    "code",
    "iss",
    "error",
    "error_description",
    "error_uri",
    "session_state",
    "scope",
    "authuser",
    "hd",
    "prompt",
    "client_info"
  };

  private static final Refusal FAILED =
      Refusal.of(
              401,
              "authentication_error",
              "sign_in_failed",
              "The sign-in by the identity provider came to nothing (expected: begun in this browser at"
                  + " this address within 10 minutes, by somebody who may sign in).")
          .helped("Begin anew; the gate's log says why it failed, by the request's id.");

  private final OidcSignIns signIns;
  private volatile Map<String, OidcProvider> providers = Map.of();
  private final Browsers browsers;
  private final Sessions sessions;

  OidcApi(OidcSignIns signIns, Browsers browsers, Sessions sessions) {
    this.signIns = signIns;
    this.browsers = browsers;
    this.sessions = sessions;
  }

  /// @param next of those that are there, by id, what is to be there
  void providers(Function<Map<String, OidcProvider>, List<OidcProvider>> next) {
    Map<String, OidcProvider> all = new LinkedHashMap<>();
    next.apply(providers).forEach(each -> all.put(each.config().id(), each));
    providers = Collections.unmodifiableMap(all);
  }

  List<ApiRoute> routes() {
    Access everybody = Access.everybody();
    List<ApiRoute> routes = new ArrayList<>();
    routes.add(ApiRoute.get("/api/auth/oidc", everybody, this::list));
    routes.add(ApiRoute.get("/api/auth/oidc/{id}/start", everybody, this::start).query("return"));
    routes.add(
        ApiRoute.get("/api/auth/oidc/{id}/callback", everybody, this::callback).query(ANSWERED));
    routes.add(
        ApiRoute.post(
            "/api/auth/oidc/{id}/link",
            Access.signedIn().withStepUp(),
            BODY_BYTES_MAX,
            this::link));
    routes.add(
        ApiRoute.post("/api/auth/oidc/{id}/logout", everybody, BODY_BYTES_MAX, this::backChannel)
            .withForm());
    routes.add(
        ApiRoute.post("/api/auth/oidc/sign-out", Access.signedIn(), BODY_BYTES_MAX, this::signOut));
    return routes;
  }

  /// GET /api/auth/oidc
  private Answer list(ApiCall call) {
    return Answer.page(
        providers.keySet().stream()
            .map(id -> Map.of("id", id, "start", "/api/auth/oidc/" + id + "/start"))
            .toList(),
        null);
  }

  private OidcProvider provider(ApiCall call) {
    OidcProvider provider = providers.get(call.path("id"));
    if (provider == null) {
      throw Problem.absent("identity provider");
    }
    return provider;
  }

  /// GET /api/auth/oidc/{id}/start?return=
  private Answer start(ApiCall call) {
    OidcProvider provider = provider(call);
    String path = returnPath(call.query().text("return"));
    Browser browser = Browser.of(call, browsers.site(call.origin())).recognizable();
    try {
      return sent(begun(call, provider, browser, path, null)).cookies(browser.tokenCookie());
    } catch (OidcFault away) {
      return failed(call, away(provider));
    }
  }

  private static Refusal away(OidcProvider provider) {
    return Refusal.of(
        503,
        "api_error",
        "overloaded",
        "The identity provider %s cannot be asked now.".formatted(provider.config().id()));
  }

  private static Answer sent(URI to) {
    return new Answer(303, null, Map.of("location", to.toString(), "cache-control", "no-store"));
  }

  private URI begun(
      ApiCall call, OidcProvider provider, Browser browser, String path, @Nullable String personId)
      throws OidcFault {
    URI to;
    try {
      to = signIns.start(provider, browser, path, personId);
    } catch (OidcFault fault) {
      LOG.warn("auth.oidc.{}: {} ({})", provider.config().id(), fault.reason(), call.requestId());
      throw fault;
    }
    if (to == null) {
      throw new Problem(Refusal.tooMany("Too many sign-ins are under way.", 60));
    }
    return to;
  }

  /// A person is shown a page that says so and leads back; a program the error itself.
  private static Answer failed(ApiCall call, Refusal refusal) {
    if (call.headers("accept").stream().noneMatch(each -> each.contains("text/html"))) {
      throw new Problem(refusal);
    }
    String page = HOME + "sign-in-failed#" + call.requestId();
    return new Answer(303, null, Map.of("location", page, "cache-control", "no-store"));
  }

  /// A page of the console, never an address.
  private static String returnPath(@Nullable String asked) {
    if (asked == null) {
      return HOME;
    }
    if (!RETURN.matcher(asked).matches() || asked.contains("..")) {
      throw Problem.wrong("return", asked + " (expected: a path below /console/)");
    }
    return asked;
  }

  /// @param returnPath where the browser is to come back to; null = the console
  record LinkRequest(@Nullable String returnPath) {}

  /// POST /api/auth/oidc/{id}/link
  private Answer link(ApiCall call) {
    OidcProvider provider = provider(call);
    String path = returnPath(call.bodyOr(LinkRequest.class, new LinkRequest(null)).returnPath());
    Browser browser = Browser.of(call, browsers.ownPage(call)).recognizable();
    String personId = call.caller(SignedIn.class).personId();
    try {
      URI to = begun(call, provider, browser, path, personId);
      return Answer.ok(Map.of("url", to.toString())).cookies(browser.tokenCookie());
    } catch (OidcFault away) {
      throw new Problem(away(provider));
    }
  }

  /// GET /api/auth/oidc/{id}/callback
  private Answer callback(ApiCall call) {
    OidcProvider provider = provider(call);
    Site site = browsers.site(call.origin());
    Browser browser = Browser.of(call, site);
    OidcSignIns.Answered answered =
        new OidcSignIns.Answered(
            call.query().text("state"),
            call.query().text("code"),
            call.query().text("iss"),
            call.query().text("error"));
    try {
      OidcSignIns.Done done = signIns.finish(provider, browser, answered);
      Answer answer =
          new Answer(303, null, Map.of("location", done.returnPath(), "cache-control", "no-store"))
              .cookies(browser.noTokenCookie());
      return done.opened() == null ? answer : answer.cookies(sessions.cookie(site, done.opened()));
    } catch (OidcFault fault) {
      LOG.info("auth.oidc.{}: {} ({})", provider.config().id(), fault.reason(), call.requestId());
      return failed(call, FAILED);
    }
  }

  /// POST /api/auth/oidc/{id}/logout
  private Answer backChannel(ApiCall call) {
    OidcProvider provider = provider(call);
    String token = call.form("logout_token").text("logout_token");
    try {
      if (token == null) {
        throw new OidcFault("no logout token");
      }
      signIns.logout(provider, token, Place.of(call));
      return new Answer(200, null, Map.of("cache-control", "no-store"));
    } catch (OidcFault fault) {
      LOG.info("auth.oidc.{}: {} ({})", provider.config().id(), fault.reason(), call.requestId());
      throw Problem.invalid(
          "logout_token", "logout_token: not good (expected: the provider's, of the last minutes)");
    }
  }

  /// POST /api/auth/oidc/sign-out
  private Answer signOut(ApiCall call) {
    call.requireNoFields();
    SignedIn who = call.caller(SignedIn.class);
    Site site = browsers.ownPage(call);
    String id = signIns.providerOf(who.sessionId());
    OidcProvider provider = id == null ? null : providers.get(id);
    sessions.end(who.personId(), who.sessionId(), Place.of(call));
    return Answer.ok(Map.of("url", provider == null ? "" : end(provider, site)))
        .cookies(sessions.cleared(site));
  }

  private static String end(OidcProvider provider, Site site) {
    try {
      URI end = provider.end();
      return end == null
          ? ""
          : end
              + (end.getRawQuery() == null ? "?" : "&")
              + "client_id="
              + encoded(provider.config().clientId())
              + "&post_logout_redirect_uri="
              + encoded(site.origin() + HOME);
    } catch (OidcFault away) {
      return "";
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
