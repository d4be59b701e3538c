package dev.gatewright.playground;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Principal;
import dev.gatewright.key.StoredKey;
import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.oauth.AccessTokens;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.telemetry.Time;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A token of ten minutes for a person who may change a key, and so could have a secret of it made:
/// the data plane answers to keys alone, and a page is no place for a secret that lasts. It ends
/// with its key. Described in `openapi/playground.yaml`.
public final class PlaygroundApi {
  private static final int BODY_BYTES_MAX = 4 << 10;

  private final KeyChanges keys;
  private final AccessTokens tokens;
  private final Time time;

  public PlaygroundApi(KeyChanges keys, AccessTokens tokens, Time time) {
    this.keys = keys;
    this.tokens = tokens;
    this.time = time;
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    return new Resource(
        "playground",
        List.of(
            ApiRoute.post(
                "/api/playground/token",
                Access.of(Permission.KEY_WRITE),
                BODY_BYTES_MAX,
                this::token)));
  }

  record TokenRequest(@Nullable String keyId) {}

  /// POST /api/playground/token
  private Answer token(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    if (!(caller.principal() instanceof Principal.InOrganization)) {
      throw Problem.denied("Only people get tokens here; a program has a key of its own.");
    }
    String id = call.body(TokenRequest.class).keyId();
    if (id == null) {
      throw Problem.wrong("/key_id", "missing (expected: key_…)");
    }
    StoredKey stored =
        switch (keys.lend(caller, id)) {
          case KeyChanges.Outcome.Changed changed -> changed.key();
          case KeyChanges.Outcome.Revoked revoked -> revoked.key();
          case KeyChanges.Outcome.Denied denied -> throw Problem.denied(denied.message());
          case KeyChanges.Outcome.OfFile _ ->
              throw Problem.wrong(
                  "/key_id", id + " stands in a file (expected: one of this gate's)");
          case KeyChanges.Outcome.NotFound _,
              KeyChanges.Outcome.Rotated _,
              KeyChanges.Outcome.Wrong _ ->
              throw Problem.notFound("There is no such key.");
        };
    if (!keys.calls(stored)) {
      throw Problem.wrong("/key_id", id + " (expected: an active test or live key)");
    }
    Instant expires = Instant.ofEpochMilli(time.millis()).plus(AccessTokens.LIFE);
    return new Answer(
        201,
        Map.of("token", tokens.issue(id).expose(), "expires_at", expires.toString()),
        Map.of());
  }
}
