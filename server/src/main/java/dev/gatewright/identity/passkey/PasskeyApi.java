package dev.gatewright.identity.passkey;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.SignedIn;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.site.Consoles;
import dev.gatewright.identity.code.Browser;
import dev.gatewright.identity.person.EmailField;
import dev.gatewright.identity.person.Person;
import dev.gatewright.identity.session.Browsers;
import dev.gatewright.identity.session.Opened;
import dev.gatewright.identity.session.SessionApi;
import dev.gatewright.identity.session.Sessions;
import dev.gatewright.identity.session.Site;
import dev.gatewright.key.lookup.FailureLimiter;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Problem;
import dev.gatewright.telemetry.Time;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// REST of passkeys. Bodies are what browsers' `toJSON()` gives, and what `parse…OptionsFromJSON()`
/// takes.
public final class PasskeyApi {
  private static final int BODY_BYTES_MAX = 16 << 10;
  private static final int RESET_BYTES_MAX = 4 << 10;

  private static final Refusal BAD =
      Refusal.of(
          401,
          "authentication_error",
          "invalid_passkey",
          "The passkey's answer is not good (expected: to the newest challenge, in the browser that asked"
              + " for it, within 5 minutes).");

  private static final Refusal CODE_TOO =
      Refusal.of(
          401,
          "authentication_error",
          "code_required",
          "The passkey's counter fell: somebody may have a copy of it. Send a mailed code as well"
              + " (expected: code, by POST /api/auth/code in this browser).");

  private final Passkeys passkeys;
  private final Codes codes;
  private final Sessions sessions;
  private final Browsers browsers;
  private final SessionApi views;
  private final Consoles consoles;
  private final FailureLimiter failures;

  /// Whether a code that was asked for in a browser is good.
  @FunctionalInterface
  public interface Codes {
    boolean good(Handle handle, EmailAddress email, String code, Browser browser);
  }

  /// @param views shows sessions that were begun
  /// @param consoles what browsers call the site beside a passkey
  public PasskeyApi(
      Passkeys passkeys,
      Codes codes,
      Sessions sessions,
      Browsers browsers,
      SessionApi views,
      Consoles consoles,
      Time time) {
    this.passkeys = passkeys;
    this.codes = codes;
    this.sessions = sessions;
    this.browsers = browsers;
    this.views = views;
    this.consoles = consoles;
    this.failures = new FailureLimiter(time);
  }

  public List<ApiRoute> routes() {
    Access.SignedIn self = Access.signedIn();
    Access everybody = Access.everybody();
    String base = "/api/auth/passkeys";
    return List.of(
        ApiRoute.get("/.well-known/webauthn", everybody, this::related),
        ApiRoute.post(base + "/options", self.withStepUp(), BODY_BYTES_MAX, this::options),
        ApiRoute.post(base, self.withStepUp(), BODY_BYTES_MAX, this::register),
        ApiRoute.get(base, self, this::list),
        ApiRoute.delete(base + "/{id}", self.withStepUp(), this::remove),
        ApiRoute.post(base + "/sign-in/options", everybody, BODY_BYTES_MAX, this::ask),
        ApiRoute.post(base + "/sign-in", everybody, BODY_BYTES_MAX, this::signIn),
        ApiRoute.post(base + "/step-up/options", self, BODY_BYTES_MAX, this::askAgain),
        ApiRoute.post(base + "/step-up", self, BODY_BYTES_MAX, this::stepUp),
        ApiRoute.post(
            base + "/reset", Access.platform().withStepUp(), RESET_BYTES_MAX, this::reset));
  }

  /// GET /.well-known/webauthn
  private Answer related(ApiCall call) {
    return Answer.ok(Map.of("origins", passkeys.config().origins().stream().sorted().toList()));
  }

  /// The name passkeys are made for at a site.
  private String rpId(Site site) {
    String host = URI.create(site.origin()).getHost();
    String rpId = passkeys.config().rpId();
    boolean below = rpId != null && (host.equals(rpId) || host.endsWith("." + rpId));
    if (rpId != null && (below || passkeys.config().origins().contains(site.origin()))) {
      return rpId;
    }
    if (host.equals("localhost")) {
      return host;
    }
    throw new Problem(
        Refusal.of(
            409,
            "invalid_request_error",
            "no_passkeys_here",
            "host: %s (expected for passkeys: localhost, or %s)"
                .formatted(host, rpId == null ? "public-url's" : rpId)));
  }

  /// Where a passkey may have been used for this site: on its own pages alone. Listed others have
  /// the same passkeys, but what was signed there is for there.
  private static Set<String> origins(Site site) {
    return Set.of(site.origin());
  }

  private static Problem tooMany() {
    return new Problem(Refusal.tooMany("Too many challenges were asked for.", 60));
  }

  /// POST /api/auth/passkeys/options
  private Answer options(ApiCall call) {
    call.requireNoFields();
    SignedIn who = call.caller(SignedIn.class);
    Site site = browsers.ownPage(call);
    String rpId = rpId(site);
    requireMayAdd(who);
    Browser browser = Browser.of(call, site).recognizable();
    String challenge = passkeys.challenge(browser, Passkeys.Purpose.REGISTER, who.personId());
    if (challenge == null) {
      throw tooMany();
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("challenge", challenge);
    answer.put("rp", Map.of("id", rpId, "name", consoles.name(call.origin().host())));
    answer.put(
        "user",
        Map.of(
            "id", passkeys.handleOf(who.personId()),
            "name", who.email(),
            "displayName", who.email()));
    answer.put(
        "pubKeyCredParams",
        List.of(
            Map.of("type", "public-key", "alg", -7), Map.of("type", "public-key", "alg", -257)));
    answer.put(
        "authenticatorSelection",
        Map.of(
            "residentKey", "required", "requireResidentKey", true, "userVerification", "required"));
    answer.put("attestation", "none");
    answer.put("timeout", Passkeys.CHALLENGE_LIFE.toMillis());
    answer.put(
        "excludeCredentials",
        passkeys.of(who.personId()).stream()
            .map(each -> Map.of("type", "public-key", "id", each.credentialId()))
            .toList());
    return Answer.ok(answer).cookies(browser.tokenCookie());
  }

  private void requireMayAdd(SignedIn who) {
    String refusal = passkeys.refusal(who);
    if (refusal != null) {
      throw new Problem(
          Refusal.of(403, "permission_error", "passkey_required", refusal)
              .helped("docs/guides/passkeys.md says how a first passkey is added."));
    }
  }

  /// @param credential as the browser's `toJSON()` has it
  record RegisterRequest(@Nullable String name, @Nullable JsonNode credential) {}

  /// POST /api/auth/passkeys
  private Answer register(ApiCall call) {
    RegisterRequest request = call.body(RegisterRequest.class);
    SignedIn who = call.caller(SignedIn.class);
    Site site = browsers.ownPage(call);
    requireMayAdd(who);
    Browser browser = Browser.of(call, site);
    Passkey made =
        passkeys.register(
            who,
            browser,
            credential(request.credential()),
            name(request.name()),
            origins(site),
            rpId(site));
    if (made == null) {
      throw new Problem(BAD);
    }
    return Answer.created(Line.of(made));
  }

  private static JsonNode credential(@Nullable JsonNode credential) {
    if (credential == null || !credential.isObject()) {
      throw Problem.wrong("/credential", "missing (expected: the browser's answer, as JSON)");
    }
    return credential;
  }

  private static String name(@Nullable String given) {
    String name = given == null ? "" : given.strip();
    if (name.length() > Passkey.NAME_CHARACTERS_MAX
        || name.chars().anyMatch(Character::isISOControl)) {
      throw Problem.wrong("/name", "not usable (expected: at most %d characters)".formatted(64));
    }
    return name.isEmpty() ? "passkey" : name;
  }

  /// @param suspect its counter fell
  /// @param rpId the name it works for
  record Line(
      String id,
      String name,
      String rpId,
      boolean synced,
      boolean suspect,
      Instant createdAt,
      @Nullable Instant lastUsedAt) {
    static Line of(Passkey passkey) {
      Long used = passkey.usedMillis();
      return new Line(
          passkey.id(),
          passkey.name(),
          passkey.rpId(),
          passkey.synced(),
          passkey.suspect(),
          Instant.ofEpochMilli(passkey.createdMillis()),
          used == null ? null : Instant.ofEpochMilli(used));
    }
  }

  /// GET /api/auth/passkeys
  private Answer list(ApiCall call) {
    String personId = call.caller(SignedIn.class).personId();
    return Answer.page(passkeys.of(personId).stream().map(Line::of).toList(), null);
  }

  /// DELETE /api/auth/passkeys/{id}
  private Answer remove(ApiCall call) {
    Browser browser = Browser.of(call, browsers.site(call.origin()));
    if (!passkeys.remove(call.caller(SignedIn.class), browser, call.path("id"))) {
      throw Problem.absent("passkey");
    }
    return Answer.empty();
  }

  /// POST /api/auth/passkeys/sign-in/options
  private Answer ask(ApiCall call) {
    return asked(call, Passkeys.Purpose.SIGN_IN, null);
  }

  /// POST /api/auth/passkeys/step-up/options
  private Answer askAgain(ApiCall call) {
    return asked(call, Passkeys.Purpose.STEP_UP, call.caller(SignedIn.class).personId());
  }

  /// Names no passkey: who asks learns of none.
  private Answer asked(ApiCall call, Passkeys.Purpose purpose, @Nullable String personId) {
    call.requireNoFields();
    Site site = browsers.ownPage(call);
    String rpId = rpId(site);
    Browser browser = Browser.of(call, site).recognizable();
    String challenge = passkeys.challenge(browser, purpose, personId);
    if (challenge == null) {
      throw tooMany();
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("challenge", challenge);
    answer.put("rpId", rpId);
    answer.put("userVerification", "required");
    answer.put("allowCredentials", List.of());
    answer.put("timeout", Passkeys.CHALLENGE_LIFE.toMillis());
    return Answer.ok(answer).cookies(browser.tokenCookie());
  }

  /// @param code a mailed one, where the passkey is suspect
  record ProveRequest(@Nullable JsonNode credential, @Nullable String code) {}

  /// POST /api/auth/passkeys/sign-in
  private Answer signIn(ApiCall call) {
    return proved(call, null);
  }

  /// POST /api/auth/passkeys/step-up
  private Answer stepUp(ApiCall call) {
    return proved(call, call.caller(SignedIn.class));
  }

  private Answer proved(ApiCall call, @Nullable SignedIn who) {
    ProveRequest request = call.body(ProveRequest.class);
    JsonNode credential = credential(request.credential());
    Site site = browsers.ownPage(call);
    Browser browser = Browser.of(call, site);
    int wait = failures.waitSeconds(call.client());
    if (wait > 0) {
      throw new Problem(Refusal.tooMany("Too many answers were not good.", wait));
    }
    String code = request.code();
    Passkeys.Proof proof =
        passkeys.prove(
            who,
            browser,
            credential,
            origins(site),
            (handle, email) -> code != null && codes.good(handle, email, code, browser));
    return switch (proof) {
      case Passkeys.Proof.Good(Person _, Opened opened) -> {
        var view = views.view(sessions.signedIn(opened));
        yield (who == null ? Answer.created(view) : Answer.ok(view))
            .cookies(sessions.cookie(site, opened), browser.noTokenCookie());
      }
      case Passkeys.Proof.CodeToo _ -> throw new Problem(CODE_TOO);
      case Passkeys.Proof.Bad _ -> {
        failures.failed(call.client());
        throw new Problem(BAD);
      }
    };
  }

  /// @param email whose passkeys go
  record ResetRequest(@Nullable String email) {}

  /// POST /api/auth/passkeys/reset
  private Answer reset(ApiCall call) {
    EmailAddress email = EmailField.required(call.body(ResetRequest.class).email());
    Person person = passkeys.reset(email, ApiCaller.of(call).actor());
    if (person == null) {
      throw Problem.absent("person");
    }
    return Answer.ok(Map.of("person_id", person.id()));
  }
}
