package dev.gatewright.tenant.team;

import dev.gatewright.account.Role;
import dev.gatewright.rest.ETag;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// A person in an organization. Times are epoch milliseconds UTC.
///
/// @param email as shown
/// @param projects those granted; only developers have any
/// @param version grows with each change of role or grants
public record TeamMember(
    String personId,
    String email,
    Role role,
    Set<String> projects,
    long version,
    long sinceMillis) {
  public TeamMember {
    projects = Set.copyOf(projects);
  }

  /// As REST shows it; the schema `Member` in `openapi/tenant_team.yaml`.
  record View(String personId, String email, String role, List<String> projects, Instant since) {}

  /// @param shown the projects that the caller may know of
  View view(Predicate<String> shown) {
    return new View(
        personId,
        email,
        role.word(),
        projects.stream().filter(shown).sorted().toList(),
        Instant.ofEpochMilli(sinceMillis));
  }

  /// Names its state: what `If-Match` is held against.
  String tag() {
    return ETag.of(personId, version, sinceMillis);
  }

  TeamMember as(Role newRole, Set<String> newProjects) {
    return new TeamMember(personId, email, newRole, newProjects, version, sinceMillis);
  }
}
