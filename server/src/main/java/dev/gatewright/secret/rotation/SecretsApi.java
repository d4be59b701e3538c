package dev.gatewright.secret.rotation;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.secret.keyring.Kek;
import dev.gatewright.secret.keyring.Rotation;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// REST of the master key, for the command line on the server's machine alone. Described in
/// `openapi/secret.yaml`.
public final class SecretsApi {
  private static final int BODY_BYTES_MAX = 4 << 10;

  /// Keys that one call wraps anew: below a second, so that whoever waits sees it go on.
  private static final int STEP_ROWS = 1_000;

  private final Rotation rotation;
  private final AuditLog audit;
  private final Tenant platform;

  /// @param platform the platform owner's organization, whose audit chain tells of it
  public SecretsApi(Rotation rotation, AuditLog audit, Tenant platform) {
    this.rotation = rotation;
    this.audit = audit;
    this.platform = platform;
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    return new Resource(
        "secret",
        List.of(
            ApiRoute.get("/api/secrets", Access.local(), this::status),
            ApiRoute.post("/api/secrets/rotate", Access.local(), BODY_BYTES_MAX, this::rotate)));
  }

  /// GET /api/secrets
  private Answer status(ApiCall call) {
    return Answer.ok(view(null, rotation.status()));
  }

  /// POST /api/secrets/rotate
  private Answer rotate(ApiCall call) {
    call.requireNoFields();
    RotationEntries entries = new RotationEntries(audit, platform, ApiCaller.of(call).actor());
    return switch (rotation.step(STEP_ROWS, entries)) {
      case Rotation.Outcome.Refused refused -> throw Problem.conflict(refused.message());
      case Rotation.Outcome.Moved moved -> Answer.ok(view(moved));
    };
  }

  private static Map<String, @Nullable Object> view(Rotation.Outcome.Moved moved) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("active", moved.active());
    view.put("retiring", moved.retiring());
    view.put("rewrapped", moved.rewrapped());
    view.put("remaining", moved.remaining());
    view.put("stuck", moved.stuck());
    return view;
  }

  /// @param sealed why the keys are not open; null = they are
  static Map<String, @Nullable Object> view(@Nullable String sealed, List<Rotation.Use> uses) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("state", sealed == null ? "open" : "sealed");
    view.put("reason", sealed);
    view.put("master_keys", uses.stream().map(SecretsApi::view).toList());
    return view;
  }

  private static Map<String, @Nullable Object> view(Rotation.Use use) {
    Kek kek = use.kek();
    Long retired = kek.retiredMillis();
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("id", kek.id());
    view.put("state", kek.state().word());
    view.put("wraps", use.dataKeys());
    view.put("at_hand", use.held());
    view.put("created_at", Instant.ofEpochMilli(kek.createdMillis()).toString());
    view.put("retired_at", retired == null ? null : Instant.ofEpochMilli(retired).toString());
    return view;
  }
}
