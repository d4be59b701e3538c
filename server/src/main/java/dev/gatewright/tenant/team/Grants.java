package dev.gatewright.tenant.team;

import dev.gatewright.account.Role;
import dev.gatewright.edge.Refusal;
import dev.gatewright.rest.Problem;
import dev.gatewright.tenant.Outcome;
import dev.gatewright.tenant.ProjectStore;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// What role somebody is given, and which projects, as people write it.
final class Grants {
  static final int PROJECTS_MAX = 100;

  private Grants() {}

  /// @throws Problem 422 for what is no role
  static Role role(@Nullable String word) {
    Role role = Role.of(word);
    if (role == null) {
      throw Problem.wrong(
          "/role", "%s (expected: %s)".formatted(word == null ? "missing" : word, Role.WORDS));
    }
    return role;
  }

  /// Null = none are named.
  ///
  /// @throws Problem 422 for a null in the list, or too many
  static @Nullable Set<String> projects(@Nullable List<@Nullable String> given) {
    if (given == null) {
      return null;
    }
    if (given.size() > PROJECTS_MAX) {
      throw Problem.wrong(
          "/projects", "%d of them (expected: at most %d)".formatted(given.size(), PROJECTS_MAX));
    }
    Set<String> projects = new LinkedHashSet<>();
    for (String project : given) {
      if (project == null || project.indexOf(' ') >= 0) {
        throw Problem.wrong(
            "/projects/" + projects.size(), project + " (expected: a project of yours, prj_…)");
      }
      projects.add(project);
    }
    return projects;
  }

  /// Why these cannot be granted to who is that; null when they can.
  static <T> @Nullable Outcome<T> fault(
      Handle handle, String organizationId, Role role, Set<String> projects) {
    if (projects.isEmpty()) {
      return null;
    }
    if (role != Role.DEVELOPER) {
      return new Outcome.Wrong<>(
          "/projects",
          "given for the role %s (expected: none; only developers are confined to projects)"
              .formatted(role.word()));
    }
    Set<String> present = ProjectStore.present(handle, organizationId, projects);
    int place = 0;
    for (String project : projects) {
      if (!present.contains(project)) {
        return new Outcome.Wrong<>(
            "/projects/" + place, Refusal.shown(project) + " (expected: a project of yours)");
      }
      place++;
    }
    return null;
  }
}
