package dev.gatewright.tenant.migration;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.tenant.Addresses;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// REST of taking organizations over. Described in `openapi/tenant_migration.yaml`.
public final class TenantImportApi {
  private final TenantImports imports;
  private final Addresses addresses;

  public TenantImportApi(TenantImports imports, Addresses addresses) {
    this.imports = imports;
    this.addresses = addresses;
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    return new Resource(
        "tenant_migration",
        List.of(
            ApiRoute.post(
                "/api/platform/import", Access.platform(), ApiRoute.BODY_BYTES_MOST, this::take)));
  }

  record ImportRequest(@Nullable Boolean dryRun, WantedTenant.@Nullable Given organization) {}

  /// POST /api/platform/import
  private Answer take(ApiCall call) {
    ImportRequest request = call.body(ImportRequest.class);
    WantedTenant.Given given = request.organization();
    if (given == null) {
      throw Problem.wrong("/organization", "missing (expected: an object)");
    }
    WantedTenant wanted = WantedTenant.checked("/organization", given, addresses);
    boolean dryRun = Boolean.TRUE.equals(request.dryRun());
    return Answer.ok(imports.run(ApiCaller.of(call), wanted, dryRun).orProblem());
  }
}
