package dev.gatewright.secret.rotation;

import dev.gatewright.edge.Refusal;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.secret.MasterKeySources;
import dev.gatewright.secret.MasterKeyWrapper;
import dev.gatewright.secret.UnusableMasterKey;
import dev.gatewright.secret.keyring.Rotation;
import dev.gatewright.store.Database;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The same resource while the gate is sealed: it says why, and changes nothing.
public final class SealedSecretsApi {
  private static final int BODY_BYTES_MAX = 4 << 10;

  private final Database database;
  private final MasterKeySources sources;
  private final String reason;

  /// @param reason for the operator
  public SealedSecretsApi(Database database, MasterKeySources sources, String reason) {
    this.database = database;
    this.sources = sources;
    this.reason = reason;
  }

  public Resource resource() {
    return new Resource(
        "secret",
        List.of(
            ApiRoute.get("/api/secrets", Access.local(), this::status),
            ApiRoute.post("/api/secrets/rotate", Access.local(), BODY_BYTES_MAX, this::rotate)));
  }

  /// GET /api/secrets
  private Answer status(ApiCall call) {
    return Answer.ok(SecretsApi.view(reason, Rotation.status(database, atHand()::contains)));
  }

  /// POST /api/secrets/rotate
  private Answer rotate(ApiCall call) {
    throw new Problem(Refusal.of(503, "api_error", "sealed", "The gate is sealed. " + reason));
  }

  private Set<String> atHand() {
    try {
      return sources.all().stream()
          .map(master -> new MasterKeyWrapper(master).id())
          .collect(Collectors.toSet());
    } catch (UnusableMasterKey none) {
      return Set.of();
    }
  }
}
