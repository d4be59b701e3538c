package dev.gatewright.account;

import dev.gatewright.rest.Permission;
import java.util.Set;

/// What a member is at this moment, as read inside the transaction that decides on it.
public record Standing(Role role, Set<String> projects) {
  public Standing {
    projects = Set.copyOf(projects);
  }

  /// Whether a permission goes as far as this project.
  public boolean reaches(Permission permission, String projectId) {
    Extent extent = role.extent(permission);
    return extent != Extent.NONE && (!extent.confined() || projects.contains(projectId));
  }
}
