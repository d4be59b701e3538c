package dev.gatewright.tenant;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.id.Ids;
import dev.gatewright.rest.IfMatch;
import dev.gatewright.rest.Permission;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes, changes and ends an organization's projects. Blocks; thread-safe.
public final class Projects {
  /// The feed's word for what concerns projects.
  public static final String KIND = "project";

  private static final int PROJECTS_MAX = 1_000;

  private final TenantWrites writes;

  public Projects(TenantWrites writes) {
    this.writes = writes;
  }

  Outcome<Project> create(
      ApiCaller caller, String name, Project.Mode mode, @Nullable Boolean allowUnpriced) {
    String organization = caller.tenant().organizationId();
    long now = writes.now();
    Project made =
        new Project(Ids.uuid7("prj_", now), organization, name, mode, allowUnpriced, 1, now);
    Tenant tenant = new Tenant(organization, made.id());
    return writes.run(
        caller,
        Permission.PROJECT_WRITE,
        handle -> {
          if (ProjectStore.count(handle, organization) >= PROJECTS_MAX) {
            return Outcome.conflict(
                "There are %d projects (expected: at most so many).".formatted(PROJECTS_MAX));
          }
          ProjectStore.insert(handle, made);
          ObjectNode detail = AuditLog.detail().put("name", name).put("mode", mode.word());
          detail.put(Allowance.FIELD, allowUnpriced);
          writes.told(handle, tenant, caller.actor(), KIND, "create", made.id(), detail);
          return Outcome.done(made);
        });
  }

  Optional<Project> find(String organizationId, String id) {
    return writes.read(handle -> ProjectStore.find(handle, organizationId, id));
  }

  /// What the caller may see of them.
  List<Project> list(ApiCaller caller, String after, int rowsMax) {
    return writes.read(handle ->
        ProjectStore.list(
            handle,
            caller.tenant().organizationId(),
            caller.extent().confined() ? caller.principal().projects() : null,
            after,
            rowsMax));
  }

  /// @param name null = as it is
  /// @param mode null = as it is
  /// @param allowUnpriced what it shall say
  Outcome<Project> edit(
      ApiCaller caller,
      String id,
      @Nullable String name,
      Project.@Nullable Mode mode,
      Allowance allowUnpriced,
      IfMatch seen) {
    String organization = caller.tenant().organizationId();
    return writes.run(
        caller,
        Permission.PROJECT_WRITE,
        handle -> {
          Project before = ProjectStore.find(handle, organization, id).orElse(null);
          if (before == null) {
            return new Outcome.Absent<>(KIND);
          }
          seen.require(before.tag());
          Project after = before.with(name, mode, allowUnpriced.after(before.allowUnpriced()));
          if (after.equals(before)) {
            return Outcome.done(before);
          }
          ProjectStore.update(handle, after);
          ObjectNode detail = AuditLog.detail();
          fields(detail.putObject("before"), before, after);
          fields(detail.putObject("after"), after, before);
          writes.told(
              handle, new Tenant(organization, id), caller.actor(), KIND, "edit", id, detail);
          return Outcome.done(ProjectStore.find(handle, organization, id).orElseThrow());
        });
  }

  /// What differs.
  private static void fields(ObjectNode into, Project one, Project other) {
    if (!one.name().equals(other.name())) {
      into.put("name", one.name());
    }
    if (one.mode() != other.mode()) {
      into.put("mode", one.mode().word());
    }
    if (!Objects.equals(one.allowUnpriced(), other.allowUnpriced())) {
      into.put(Allowance.FIELD, one.allowUnpriced());
    }
  }

  /// Only one without keys: whoever holds one of them must not find it dead by surprise.
  Outcome<Project> delete(ApiCaller caller, String id, IfMatch seen) {
    String organization = caller.tenant().organizationId();
    return writes.run(
        caller,
        Permission.PROJECT_WRITE,
        handle -> {
          Project before = ProjectStore.find(handle, organization, id).orElse(null);
          if (before == null) {
            return new Outcome.Absent<>(KIND);
          }
          seen.require(before.tag());
          if (ProjectStore.hasKeys(handle, organization, id)) {
            return Outcome.conflict(
                "project %s still has keys (expected: all of them revoked)".formatted(id));
          }
          if (ProjectStore.count(handle, organization) == 1) {
            return Outcome.conflict(
                "project %s is the organization's only one (expected: another beside it)"
                    .formatted(id));
          }
          ProjectStore.delete(handle, before, writes.now());
          writes.told(
              handle,
              new Tenant(organization, id),
              caller.actor(),
              KIND,
              "delete",
              id,
              AuditLog.detail().put("name", before.name()));
          return Outcome.done(before);
        });
  }
}
