package dev.gatewright.tenant.migration;

import dev.gatewright.account.Role;
import dev.gatewright.key.migration.file.ImportRow;
import dev.gatewright.rest.Problem;
import dev.gatewright.tenant.Addresses;
import dev.gatewright.tenant.Addresses.Address;
import dev.gatewright.tenant.Names;
import dev.gatewright.tenant.Project;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An organization as another gate's file has it, checked. The `ref`s are that gate's own names: by
/// them the same thing is known again when the file is read once more.
///
/// @param platformCredentials it may use the platform's own provider credentials
record WantedTenant(
    String ref,
    String name,
    boolean platformCredentials,
    List<WantedProject> projects,
    List<WantedPerson> people) {
  private static final int PROJECTS_MAX = 200;
  private static final int PEOPLE_MAX = 1_000;
  private static final int KEYS_MAX = 500;

  record WantedProject(String ref, String name, Project.Mode mode, List<ImportRow> keys) {}

  /// @param projects refs of those a developer is to see
  record WantedPerson(Address address, Role role, Set<String> projects) {}

  /// As it stands in a request; nothing is checked yet.
  record Given(
      @Nullable String ref,
      @Nullable String name,
      @Nullable Boolean platformCredentials,
      @Nullable List<@Nullable GivenProject> projects,
      @Nullable List<@Nullable GivenPerson> people) {}

  record GivenProject(
      @Nullable String ref,
      @Nullable String name,
      @Nullable String mode,
      @Nullable List<@Nullable ImportRow> keys) {}

  record GivenPerson(
      @Nullable String email, @Nullable String role, @Nullable List<@Nullable String> projects) {}

  /// @param at JSON pointer of what was given
  /// @throws Problem 422 for the first thing that does not fit
  static WantedTenant checked(String at, Given given, Addresses addresses) {
    List<WantedProject> projects = new ArrayList<>();
    int keys = 0;
    for (GivenProject project : list(at + "/projects", given.projects, PROJECTS_MAX)) {
      WantedProject wanted = project(at + "/projects/" + projects.size(), project);
      projects.add(wanted);
      keys += wanted.keys.size();
    }
    if (keys > KEYS_MAX) {
      throw Problem.wrong(
          at + "/projects", "%d keys (expected: at most %d a request)".formatted(keys, KEYS_MAX));
    }
    Set<String> refs = new HashSet<>();
    projects.forEach(project -> refs.add(project.ref));
    if (refs.size() < projects.size()) {
      throw Problem.wrong(at + "/projects", "a ref twice (expected: each once)");
    }
    List<WantedPerson> people = new ArrayList<>();
    for (GivenPerson person : list(at + "/people", given.people, PEOPLE_MAX)) {
      people.add(person(at + "/people/" + people.size(), person, refs, addresses));
    }
    return new WantedTenant(
        Names.checked(at + "/ref", given.ref),
        Names.checked(at + "/name", given.name),
        Boolean.TRUE.equals(given.platformCredentials),
        List.copyOf(projects),
        List.copyOf(people));
  }

  private static WantedProject project(String at, GivenProject given) {
    Project.Mode mode = given.mode == null ? Project.Mode.HYBRID : Project.Mode.of(given.mode);
    if (mode == null) {
      throw Problem.wrong(
          at + "/mode", "%s (expected: %s)".formatted(given.mode, Project.Mode.WORDS));
    }
    return new WantedProject(
        Names.checked(at + "/ref", given.ref),
        Names.checked(at + "/name", given.name),
        mode,
        list(at + "/keys", given.keys, KEYS_MAX));
  }

  private static WantedPerson person(
      String at, GivenPerson given, Set<String> refs, Addresses addresses) {
    Address address = addresses.read(given.email);
    if (address == null) {
      throw Problem.wrong(
          at + "/email", "%s (expected: %s)".formatted(given.email, Addresses.EXPECTED));
    }
    Role role = Role.of(given.role);
    if (role == null) {
      throw Problem.wrong(at + "/role", "%s (expected: %s)".formatted(given.role, Role.WORDS));
    }
    List<String> projects = list(at + "/projects", given.projects, PROJECTS_MAX);
    for (String project : projects) {
      if (role != Role.DEVELOPER || !refs.contains(project)) {
        throw Problem.wrong(
            at + "/projects",
            "%s (expected: for developers, refs of projects beside it)".formatted(project));
      }
    }
    return new WantedPerson(address, role, Set.copyOf(projects));
  }

  /// @throws Problem 422 for a null in it, or too many
  private static <T> List<T> list(String at, @Nullable List<@Nullable T> given, int most) {
    List<T> all = new ArrayList<>();
    for (T one : given == null ? List.<@Nullable T>of() : given) {
      if (one == null) {
        throw Problem.wrong(at + "/" + all.size(), "null (expected: a value)");
      }
      all.add(one);
    }
    if (all.size() > most) {
      throw Problem.wrong(at, "%d of them (expected: at most %d)".formatted(all.size(), most));
    }
    return all;
  }
}
