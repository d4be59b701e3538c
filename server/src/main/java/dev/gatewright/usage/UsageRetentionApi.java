package dev.gatewright.usage;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.ETag;
import dev.gatewright.rest.IfMatch;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.tenant.TenantWrites;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// REST of how long single calls are kept. Described in `openapi/usage.yaml`.
final class UsageRetentionApi {
  private static final int BODY_BYTES_MAX = 1 << 10;
  private static final int DAYS_MAX = 3_660;

  private final TenantWrites writes;

  UsageRetentionApi(TenantWrites writes) {
    this.writes = writes;
  }

  List<ApiRoute> routes() {
    return List.of(
        ApiRoute.get("/api/usage/retention", Access.of(Permission.ORG_READ), this::show),
        ApiRoute.put(
            "/api/usage/retention", Access.of(Permission.ORG_WRITE), BODY_BYTES_MAX, this::keep));
  }

  /// GET /api/usage/retention
  private Answer show(ApiCall call) {
    String organization = ApiCaller.of(call).tenant().organizationId();
    return view(
        organization,
        writes.read(handle -> UsageRetentionStore.days(handle, organization)).orElse(null));
  }

  /// @param retentionDays null = for good
  record Retention(@Nullable Integer retentionDays) {}

  /// PUT /api/usage/retention
  private Answer keep(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    Integer days = call.body(Retention.class).retentionDays();
    if (days != null && (days < 1 || days > DAYS_MAX)) {
      throw Problem.wrong(
          "/retention_days", "%d (expected: 1 to %d, or null)".formatted(days, DAYS_MAX));
    }
    String organization = caller.tenant().organizationId();
    IfMatch seen = call.ifMatch();
    writes.run(
        caller,
        Permission.ORG_WRITE,
        handle -> {
          Optional<Integer> before = UsageRetentionStore.days(handle, organization);
          seen.require(tag(organization, before.orElse(null)));
          if (before.equals(Optional.ofNullable(days))) {
            return false;
          }
          if (days == null) {
            UsageRetentionStore.keepForGood(handle, organization);
          } else {
            UsageRetentionStore.keep(handle, organization, days, writes.now());
          }
          ObjectNode detail = JsonNodeFactory.instance.objectNode();
          before.ifPresent(was -> detail.put("was", was));
          if (days != null) {
            detail.put("days", days);
          }
          writes.told(
              handle,
              caller.tenant(),
              caller.actor(),
              "organization",
              "retention",
              organization,
              detail);
          return true;
        });
    return view(organization, days);
  }

  private static String tag(String organization, @Nullable Integer days) {
    return ETag.of("retention", organization, String.valueOf(days));
  }

  private static Answer view(String organization, @Nullable Integer days) {
    Map<String, Object> json = new LinkedHashMap<>();
    UsageView.put(json, "retention_days", days);
    return Answer.ok(json).tagged(tag(organization, days));
  }
}
