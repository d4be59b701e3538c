package dev.gatewright.tenant.migration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.AccountStore;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.id.Ids;
import dev.gatewright.key.migration.KeyImports;
import dev.gatewright.tenant.MemberStore;
import dev.gatewright.tenant.Organization;
import dev.gatewright.tenant.OrganizationStore;
import dev.gatewright.tenant.Organizations;
import dev.gatewright.tenant.Outcome;
import dev.gatewright.tenant.PeopleStore;
import dev.gatewright.tenant.Project;
import dev.gatewright.tenant.ProjectStore;
import dev.gatewright.tenant.Projects;
import dev.gatewright.tenant.TenantWrites;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Takes organizations over, each request in one transaction: all of it is here afterwards, or
/// nothing. What is here already stays as it is, so a file may be sent again. Blocks; thread-safe.
public final class TenantImports {
  private final TenantWrites writes;
  private final KeyImports keys;
  private final People people;

  public TenantImports(TenantWrites writes, KeyImports keys, People people) {
    this.writes = writes;
    this.keys = keys;
    this.people = people;
  }

  /// Ends a trial: what it would have come to is known, and nothing of it is to stay.
  private static final class Trial extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Outcome<ImportedTenant> outcome;

    Trial(Outcome<ImportedTenant> outcome) {
      super("only a trial", null, false, false);
      this.outcome = outcome;
    }
  }

  /// @param dryRun does all of it, says what came of it, and takes it back
  Outcome<ImportedTenant> run(ApiCaller caller, WantedTenant wanted, boolean dryRun) {
    try {
      return writes.run(
          // Imports follow each other: of two with the same name one finds what the other made.
          caller.tenant(),
          handle -> {
            Outcome<ImportedTenant> outcome = take(handle, caller, wanted, dryRun);
            if (dryRun) {
              throw new Trial(outcome);
            }
            return outcome;
          });
    } catch (Trial trial) {
      return trial.outcome;
    }
  }

  private Outcome<ImportedTenant> take(
      Handle handle, ApiCaller caller, WantedTenant wanted, boolean dryRun) {
    String known = ImportStore.organization(handle, wanted.ref()).orElse(null);
    Tenant tenant = known == null ? make(handle, wanted) : find(handle, known);
    if (tenant == null) {
      return Outcome.conflict(
          "organization %s was taken over and is deleted (expected: another ref)"
              .formatted(wanted.ref()));
    }
    Batch batch = new Batch(handle, caller, tenant, known == null);
    List<ImportedTenant.Part> projects = batch.projects(wanted);
    List<ImportedTenant.Part> members = batch.people(wanted);
    batch.tell(wanted.ref());
    return Outcome.done(
        new ImportedTenant(
            dryRun,
            wanted.ref(),
            tenant.organizationId(),
            known == null ? ImportedTenant.IMPORTED : ImportedTenant.PRESENT,
            projects,
            members,
            batch.keys(wanted)));
  }

  /// Made with its first project, which its audit entries name.
  private Tenant make(Handle handle, WantedTenant wanted) {
    long now = writes.now();
    Tenant tenant = new Tenant(Ids.uuid7("org_", now), Ids.uuid7("prj_", now));
    String organization = tenant.organizationId();
    writes.lock(handle, tenant);
    AccountStore.insertOrganization(
        handle, organization, wanted.name(), wanted.platformCredentials(), now);
    ImportStore.name(handle, organization, wanted.ref());
    if (wanted.projects().isEmpty()) {
      AccountStore.insertProject(handle, tenant, Organizations.FIRST_PROJECT, now);
    } else {
      insert(handle, tenant, wanted.projects().getFirst());
    }
    return tenant;
  }

  private void insert(Handle handle, Tenant tenant, WantedTenant.WantedProject wanted) {
    ProjectStore.insert(
        handle,
        new Project(
            tenant.projectId(),
            tenant.organizationId(),
            wanted.name(),
            wanted.mode(),
            null,
            1,
            writes.now()));
    ImportStore.name(handle, tenant, wanted.ref());
  }

  private @Nullable Tenant find(Handle handle, String organizationId) {
    Tenant tenant = OrganizationStore.tenant(handle, organizationId).orElse(null);
    if (tenant != null) {
      writes.lock(handle, tenant);
    }
    Organization organization = OrganizationStore.find(handle, organizationId).orElse(null);
    boolean active = organization != null && organization.state() == Organization.State.ACTIVE;
    return active ? tenant : null;
  }

  /// What one request brings to an organization.
  private final class Batch {
    private final Handle handle;
    private final ApiCaller caller;
    private final Tenant tenant;
    private final boolean made;
    private final Map<String, String> projectByRef = new HashMap<>();
    private final List<String> newProjects = new ArrayList<>();
    private final List<String> newMembers = new ArrayList<>();

    Batch(Handle handle, ApiCaller caller, Tenant tenant, boolean made) {
      this.handle = handle;
      this.caller = caller;
      this.tenant = tenant;
      this.made = made;
    }

    private String organization() {
      return tenant.organizationId();
    }

    List<ImportedTenant.Part> projects(WantedTenant wanted) {
      List<ImportedTenant.Part> parts = new ArrayList<>();
      for (WantedTenant.WantedProject project : wanted.projects()) {
        String known = ImportStore.project(handle, organization(), project.ref()).orElse(null);
        boolean fresh = known == null || (made && known.equals(tenant.projectId()));
        if (known == null) {
          Tenant own = new Tenant(organization(), Ids.uuid7("prj_", writes.now()));
          insert(handle, own, project);
          known = own.projectId();
        } else if (ProjectStore.find(handle, organization(), known).isEmpty()) {
          parts.add(ImportedTenant.Part.refused(project.ref(), "it was taken over and is deleted"));
          continue;
        }
        projectByRef.put(project.ref(), known);
        if (fresh) {
          newProjects.add(known);
        }
        parts.add(ImportedTenant.Part.of(project.ref(), known, fresh));
      }
      return parts;
    }

    List<ImportedTenant.Part> people(WantedTenant wanted) {
      List<ImportedTenant.Part> parts = new ArrayList<>();
      for (WantedTenant.WantedPerson person : wanted.people()) {
        String shown = person.address().text();
        String id = people.findOrMake(handle, person.address(), writes.now());
        if (!PeopleStore.active(handle, id)) {
          parts.add(ImportedTenant.Part.refused(shown, "the account is disabled"));
          continue;
        }
        boolean member = MemberStore.role(handle, organization(), id) != null;
        if (!member) {
          Set<String> granted =
              person.projects().stream()
                  .filter(projectByRef::containsKey)
                  .map(projectByRef::get)
                  .collect(Collectors.toSet());
          MemberStore.insert(handle, organization(), id, person.role(), granted, writes.now());
          newMembers.add(id);
        }
        parts.add(ImportedTenant.Part.of(shown, id, !member));
      }
      return parts;
    }

    List<KeyImports.RowOutcome> keys(WantedTenant wanted) {
      List<KeyImports.RowOutcome> outcomes = new ArrayList<>();
      for (WantedTenant.WantedProject project : wanted.projects()) {
        String id = projectByRef.get(project.ref());
        if (id != null && !project.keys().isEmpty()) {
          ApiCaller theirs = caller.in(new Tenant(organization(), id));
          outcomes.addAll(keys.take(handle, theirs, project.keys()));
        }
      }
      return outcomes;
    }

    /// One entry for what is new; none when nothing is.
    void tell(String ref) {
      if (!made && newProjects.isEmpty() && newMembers.isEmpty()) {
        return;
      }
      ObjectNode detail = AuditLog.detail().put("ref", ref).put("made", made);
      newProjects.forEach(detail.putArray("projects")::add);
      newMembers.forEach(detail.putArray("members")::add);
      writes.told(
          handle, tenant, caller.actor(), Organizations.KIND, "import", organization(), detail);
      newProjects.forEach(id -> writes.number(handle, tenant, Projects.KIND, id));
      newMembers.forEach(id -> writes.number(handle, tenant, Organizations.MEMBER_KIND, id));
    }
  }
}
