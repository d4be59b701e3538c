package dev.gatewright.account;

import java.util.Set;

/// A person's place in an organization.
///
/// @param name the organization's
/// @param firstProject its oldest project: where what names none goes
/// @param projects the projects granted; a role that reaches all of them needs none
/// @param version grows with each change of role or grants
public record Member(
    String organizationId,
    String name,
    String firstProject,
    String personId,
    Role role,
    Set<String> projects,
    long version) {
  public Member {
    projects = Set.copyOf(projects);
  }
}
