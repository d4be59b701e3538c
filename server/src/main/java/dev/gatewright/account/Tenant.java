package dev.gatewright.account;

/// Whose data this is. An argument of every store method and part of every cache key.
public record Tenant(String organizationId, String projectId) {
  public Tenant {
    if (!organizationId.startsWith("org_")) {
      throw new IllegalArgumentException(
          "organization id: %s (expected: org_…)".formatted(organizationId));
    }
    if (!projectId.startsWith("prj_")) {
      throw new IllegalArgumentException("project id: %s (expected: prj_…)".formatted(projectId));
    }
  }
}
