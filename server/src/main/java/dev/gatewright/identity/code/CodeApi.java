package dev.gatewright.identity.code;

import dev.gatewright.account.SignedIn;
import dev.gatewright.edge.Refusal;
import dev.gatewright.identity.person.EmailField;
import dev.gatewright.identity.session.Browsers;
import dev.gatewright.identity.session.Macs;
import dev.gatewright.identity.session.Opened;
import dev.gatewright.identity.session.SessionApi;
import dev.gatewright.identity.session.Sessions;
import dev.gatewright.identity.session.Site;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Problem;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.Addresses;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// REST of signing in by code.
final class CodeApi {
  private static final int BODY_BYTES_MAX = 4 << 10;

  private static final Refusal INVALID_CODE =
      Refusal.of(
          401,
          "authentication_error",
          "invalid_code",
          "The code is not good (expected: the one of the newest mail, in the browser that asked for"
              + " it, within 10 minutes).");

  private final CodeRequests requests;
  private final SignIns signIns;
  private final Sessions sessions;
  private final Browsers browsers;
  private final SessionApi views;
  private final Macs macs;
  private final Time time;

  CodeApi(
      CodeRequests requests,
      SignIns signIns,
      Sessions sessions,
      Browsers browsers,
      SessionApi views,
      Macs macs,
      Time time) {
    this.requests = requests;
    this.signIns = signIns;
    this.sessions = sessions;
    this.browsers = browsers;
    this.views = views;
    this.macs = macs;
    this.time = time;
  }

  List<ApiRoute> routes() {
    return List.of(
        ApiRoute.post("/api/auth/code", Access.everybody(), BODY_BYTES_MAX, this::ask),
        ApiRoute.post("/api/auth/session", Access.everybody(), BODY_BYTES_MAX, this::signIn),
        ApiRoute.post("/api/auth/step-up", Access.signedIn(), BODY_BYTES_MAX, this::stepUp),
        ApiRoute.post("/api/auth/login-code", Access.local(), BODY_BYTES_MAX, this::readOut));
  }

  record CodeRequest(@Nullable String email) {}

  /// POST /api/auth/code
  private Answer ask(ApiCall call) {
    EmailAddress email = EmailField.required(call.body(CodeRequest.class).email());
    Browser browser = Browser.of(call, browsers.ownPage(call)).recognizable();
    requests.ask(email, browser);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("characters", LoginCode.CHARACTERS);
    answer.put("expires_in_seconds", LoginFlow.LIFE.toSeconds());
    return new Answer(202, answer, Map.of()).cookies(browser.tokenCookie());
  }

  record SessionRequest(@Nullable String email, @Nullable String code) {}

  /// POST /api/auth/session
  private Answer signIn(ApiCall call) {
    SessionRequest request = call.body(SessionRequest.class);
    String code = code(request.code());
    if (request.email() == null) {
      throw Problem.wrong("/email", "missing (expected: %s)".formatted(Addresses.EXPECTED));
    }
    Site site = browsers.ownPage(call);
    Browser browser = Browser.of(call, site);
    EmailAddress email = EmailAddress.parse(request.email());
    Opened opened = email == null ? null : signIns.signIn(email, code, browser);
    if (email == null || opened == null) {
      throw new Problem(INVALID_CODE);
    }
    return Answer.created(views.view(sessions.signedIn(opened)))
        .cookies(
            sessions.cookie(site, opened),
            browser.noTokenCookie(),
            browser.knownCookie(macs, email.key(), time.millis()));
  }

  record StepUpRequest(@Nullable String code) {}

  /// POST /api/auth/step-up
  private Answer stepUp(ApiCall call) {
    String code = code(call.body(StepUpRequest.class).code());
    Site site = browsers.ownPage(call);
    Browser browser = Browser.of(call, site);
    Opened opened = signIns.stepUp(call.caller(SignedIn.class), code, browser);
    if (opened == null) {
      throw new Problem(INVALID_CODE);
    }
    return Answer.ok(views.view(sessions.signedIn(opened)))
        .cookies(sessions.cookie(site, opened), browser.noTokenCookie());
  }

  /// POST /api/auth/login-code
  private Answer readOut(ApiCall call) {
    EmailAddress email = EmailField.required(call.body(CodeRequest.class).email());
    CodeRequests.LiveCode readable =
        requests
            .newest(email)
            .orElseThrow(() ->
                Problem.notFound(
                    "Nobody waits for a code for this address (expected: first ask for one in the"
                        + " browser; the address must be one that may sign in)."));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("code", readable.code().expose());
    answer.put("expires_at", readable.expiresAt());
    answer.put("address", readable.flow().address());
    answer.put("browser", BrowserName.of(readable.flow().agent()));
    return Answer.ok(answer);
  }

  private static String code(@Nullable String code) {
    if (code == null) {
      throw Problem.wrong("/code", "missing (expected: the code of the mail)");
    }
    return code;
  }
}
