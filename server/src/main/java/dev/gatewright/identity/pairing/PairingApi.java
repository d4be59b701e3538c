package dev.gatewright.identity.pairing;

import dev.gatewright.account.Member;
import dev.gatewright.account.Memberships;
import dev.gatewright.account.SignedIn;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.site.Consoles;
import dev.gatewright.identity.session.Macs;
import dev.gatewright.identity.session.Place;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.key.lookup.FailureLimiter;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Problem;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// REST of signing a command line in from elsewhere (RFC 8628; errors in our own form, by its
/// codes).
public final class PairingApi {
  private static final int BODY_BYTES_MAX = 4 << 10;
  private static final int DEVICE_CODE_CHARACTERS_MAX = 100;

  private final Pairings pairings;
  private final Memberships memberships;
  private final Consoles consoles;
  private final FailureLimiter failures;

  /// @param consoles where people reach the console
  public PairingApi(
      Database database,
      AuditLog audit,
      Tenant platform,
      KeyChanges keys,
      Memberships memberships,
      Macs macs,
      Consoles consoles,
      Time time) {
    this.pairings = new Pairings(database, audit, platform, keys, memberships, macs, time);
    this.memberships = memberships;
    this.consoles = consoles;
    this.failures = new FailureLimiter(time);
  }

  public List<ApiRoute> routes() {
    Access.SignedIn self = Access.signedIn();
    return List.of(
        ApiRoute.post("/api/auth/pairings", Access.everybody(), BODY_BYTES_MAX, this::begin),
        ApiRoute.post("/api/auth/pairings/token", Access.everybody(), BODY_BYTES_MAX, this::poll),
        ApiRoute.post("/api/auth/pairings/show", self, BODY_BYTES_MAX, this::show),
        ApiRoute.post(
            "/api/auth/pairings/approve", self.withStepUp(), BODY_BYTES_MAX, this::approve),
        ApiRoute.post("/api/auth/pairings/deny", self, BODY_BYTES_MAX, this::deny));
  }

  /// @param host what the machine calls itself
  record BeginRequest(@Nullable String host) {}

  /// POST /api/auth/pairings
  private Answer begin(ApiCall call) {
    String host = host(call.bodyOr(BeginRequest.class, new BeginRequest(null)).host());
    Pairings.Begun begun = pairings.begin(host, site(call), call.client(), Place.of(call));
    if (begun == null) {
      throw new Problem(Refusal.tooMany("Too many command lines wait to be signed in.", 60));
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("device_code", begun.device().expose());
    answer.put("user_code", begun.user());
    answer.put("url", site(call) + "/console/pair#" + begun.user());
    answer.put("interval", Pairings.INTERVAL_SECONDS);
    answer.put("expires_in", Pairing.LIFE.toSeconds());
    return Answer.created(answer).with(NO_STORE);
  }

  /// What is begun at one site is of no use at another: who approves sees where.
  private String site(ApiCall call) {
    return consoles.url(call.origin().host());
  }

  /// What cannot be shown is left out.
  private static String host(@Nullable String given) {
    String shown = given == null ? "" : given.replaceAll("[^A-Za-z0-9._-]", "");
    if (shown.isEmpty()) {
      return "an unnamed machine";
    }
    return shown.substring(0, Math.min(shown.length(), Pairing.HOST_CHARACTERS_MAX));
  }

  record PollRequest(@Nullable String deviceCode) {
    @Override
    public String toString() {
      return "***";
    }
  }

  /// POST /api/auth/pairings/token
  private Answer poll(ApiCall call) {
    String code = call.body(PollRequest.class).deviceCode();
    if (code == null || code.length() > DEVICE_CODE_CHARACTERS_MAX) {
      throw Problem.wrong("/device_code", "not usable (expected: device_code of the pairing)");
    }
    int wait = failures.waitSeconds(call.client());
    if (wait > 0) {
      throw new Problem(Refusal.tooMany("Too many codes of no pairing came.", wait));
    }
    return switch (pairings.poll(Secret.of(code), site(call), call.requestId(), call.client())) {
      case Pairings.Poll.Pending _ ->
          throw refused("authorization_pending", "Nobody has approved it yet.", 0);
      case Pairings.Poll.SlowDown(long seconds) ->
          throw refused(
              "slow_down", "Asked too soon (expected: once in %d s).".formatted(seconds), seconds);
      case Pairings.Poll.Denied _ ->
          throw refused(
              "access_denied", "It was denied, or whoever approved it may not any more.", 0);
      case Pairings.Poll.Expired _ -> {
        failures.failed(call.client());
        throw refused(
            "expired_token", "No command line waits by this code (expected: begin anew).", 0);
      }
      case Pairings.Poll.Made(var made, var person) -> made(made, person.email());
    };
  }

  private static Problem refused(String code, String message, long retryAfterSeconds) {
    return new Problem(
        new Refusal(
            400, "invalid_request_error", code, message, null, (int) retryAfterSeconds, true));
  }

  private static Answer made(KeyChanges.Made made, String email) {
    ApiKey key = made.key();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("key", made.text().expose());
    answer.put("id", key.id());
    answer.put("name", key.name());
    answer.put("organization_id", key.tenant().organizationId());
    answer.put("email", email);
    answer.put(
        "expires_at", Instant.ofEpochMilli(Objects.requireNonNull(key.expiresMillis())).toString());
    return Answer.ok(answer).with(NO_STORE);
  }

  private static final Map<String, String> NO_STORE = Map.of("cache-control", "no-store");

  /// @param userCode as the command line shows it
  record CodeRequest(@Nullable String userCode) {}

  /// POST /api/auth/pairings/show
  private Answer show(ApiCall call) {
    Pairing pairing = found(call, call.body(CodeRequest.class).userCode());
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("host", pairing.host());
    answer.put("address", pairing.address());
    answer.put("created_at", Instant.ofEpochMilli(pairing.createdMillis()));
    answer.put("expires_at", Instant.ofEpochMilli(pairing.expiresMillis()));
    return Answer.ok(answer);
  }

  /// @param organizationId for which; null = the only one the person belongs to
  record ApproveRequest(@Nullable String userCode, @Nullable String organizationId) {}

  /// POST /api/auth/pairings/approve
  private Answer approve(ApiCall call) {
    ApproveRequest request = call.body(ApproveRequest.class);
    SignedIn who = call.caller(SignedIn.class);
    Member member = member(who, request.organizationId());
    Pairing pairing = found(call, request.userCode());
    if (!pairings.approve(who, pairing, member, Place.of(call))) {
      throw Problem.absent("pairing");
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("host", pairing.host());
    answer.put("organization_id", member.organizationId());
    return Answer.ok(answer);
  }

  private Member member(SignedIn who, @Nullable String organizationId) {
    List<Member> places = memberships.of(who.personId());
    if (organizationId == null && places.size() > 1) {
      throw Problem.wrong(
          "/organization_id",
          "missing (expected: one of the %d organizations you belong to)".formatted(places.size()));
    }
    Member member =
        places.stream()
            .filter(each -> organizationId == null || each.organizationId().equals(organizationId))
            .findFirst()
            .orElseThrow(() -> Problem.absent("organization"));
    if (!Pairings.mayHaveAdminKey(member)) {
      throw new Problem(
          Refusal.of(
                  403,
                  "permission_error",
                  "permission_denied",
                  "A command line gets an admin key, and admin keys are for the roles owner and admin;"
                      + " yours is %s.".formatted(member.role().word()))
              .helped("Owners and admins of the organization give roles."));
    }
    return member;
  }

  /// POST /api/auth/pairings/deny
  private Answer deny(ApiCall call) {
    Pairing pairing = found(call, call.body(CodeRequest.class).userCode());
    if (!pairings.deny(call.caller(SignedIn.class), pairing, Place.of(call))) {
      throw Problem.absent("pairing");
    }
    return Answer.empty();
  }

  private Pairing found(ApiCall call, @Nullable String code) {
    return switch (pairings.find(call.caller(SignedIn.class), site(call), code)) {
      case Pairings.Found.Open(Pairing pairing) -> pairing;
      case Pairings.Found.None _ -> throw Problem.absent("pairing");
      case Pairings.Found.TooMany _ ->
          throw new Problem(
              Refusal.tooMany(
                  "Too many codes that no command line waits for.",
                  (int) Pairing.LIFE.toSeconds()));
    };
  }
}
