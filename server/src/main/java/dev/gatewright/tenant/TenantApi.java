package dev.gatewright.tenant;

import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Resource;
import java.util.ArrayList;
import java.util.List;

/// All REST of tenants: organizations, projects, and what there is on the platform.
public final class TenantApi {
  private final OrganizationApi organizations;
  private final ProjectApi projects;
  private final PlatformApi platform;

  /// @param open people who do not run the platform may make organizations
  public TenantApi(
      Organizations organizations, Projects projects, TenantWrites writes, boolean open) {
    this.organizations = new OrganizationApi(organizations, open);
    this.projects = new ProjectApi(projects);
    this.platform = new PlatformApi(organizations, writes);
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    List<ApiRoute> routes = new ArrayList<>();
    routes.addAll(organizations.routes());
    routes.addAll(projects.routes());
    routes.addAll(platform.routes());
    return new Resource("tenant", routes);
  }
}
