package dev.gatewright.key.sealed;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.key.change.KeyView;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.telemetry.Time;
import java.util.List;

/// What is left of the REST of keys while the gate is sealed: ending one, for the command line on
/// the server's machine.
public final class SealedKeyApi {
  private static final int BODY_BYTES_MAX = 4 << 10;

  private final SealedRevocations revocations;
  private final Time time;

  public SealedKeyApi(SealedRevocations revocations, Time time) {
    this.revocations = revocations;
    this.time = time;
  }

  public Resource resource() {
    return new Resource(
        "key",
        List.of(
            ApiRoute.post("/api/keys/{id}/revoke", Access.local(), BODY_BYTES_MAX, this::revoke)));
  }

  /// POST /api/keys/{id}/revoke
  private Answer revoke(ApiCall call) {
    call.requireNoFields();
    return revocations
        .revoke(ApiCaller.of(call), call.path("id"))
        .map(key -> Answer.ok(KeyView.of(key, time.millis())))
        .orElseThrow(() -> Problem.absent("key"));
  }
}
