package dev.gatewright.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.account.AccountStore;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Extent;
import dev.gatewright.account.Member;
import dev.gatewright.account.Principal;
import dev.gatewright.account.Role;
import dev.gatewright.account.SignedIn;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.id.Ids;
import dev.gatewright.key.TestKeys;
import dev.gatewright.rest.IfMatch;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.TestIfMatch;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// An admin writes on one replica while the role is taken away on another: what was written was
/// written before.
class LoweredRoleRaceTest {
  private static final int ROUNDS = 120;
  private static final IfMatch WHATEVER = TestIfMatch.whatever();

  /// What an admin may do and a viewer may not.
  private enum Act {
    MAKE_PROJECT,
    EDIT_PROJECT,
    DELETE_PROJECT,
    RENAME;

    Outcome<?> on(TestKeys replica, ApiCaller admin, String otherProject) {
      TenantWrites writes = writes(replica);
      Projects projects = new Projects(writes);
      return switch (this) {
        case MAKE_PROJECT -> projects.create(admin, "made", Project.Mode.HYBRID, null);
        case EDIT_PROJECT ->
            projects.edit(admin, otherProject, "other", null, Allowance.of(null), WHATEVER);
        case DELETE_PROJECT -> projects.delete(admin, otherProject, WHATEVER);
        case RENAME ->
            new Organizations(writes, new Tenant("org_platform", "prj_platform"))
                .edit(admin, "Renamed", null, null, Allowance.of(null), WHATEVER);
      };
    }
  }

  private static TenantWrites writes(TestKeys replica) {
    return new TenantWrites(replica.database, replica.feed, replica.keys.audit(), replica.time);
  }

  @EachDatabase
  void nothing_is_written_by_who_may_not_any_more(TestStore store) {
    boolean shared = store.database().kind() == Database.Kind.POSTGRES;
    try (TestKeys one = new TestKeys(store.database());
        TestKeys two = new TestKeys(shared ? store.open() : store.database());
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      int refused = 0;
      for (int round = 0; round < ROUNDS; round++) {
        Act act = Act.values()[round % Act.values().length];
        Tenant tenant = organization(one, round);
        String other = project(one, tenant);
        ApiCaller admin = admin(one, tenant, "per_" + round);
        CyclicBarrier start = new CyclicBarrier(2);
        CompletableFuture<Outcome<?>> wrote =
            CompletableFuture.supplyAsync(
                () -> {
                  await(start);
                  return act.on(one, admin, other);
                },
                threads);
        CompletableFuture<Void> lowered =
            CompletableFuture.runAsync(
                () -> {
                  await(start);
                  lower(two, tenant, admin);
                },
                threads);
        lowered.join();
        boolean done = done(wrote);
        refused += done ? 0 : 1;
        List<String> actions = actions(one, tenant);
        assertThat(actions)
            .as(act.name())
            .isEqualTo(
                done ? List.of(actions.getFirst(), "member.lower") : List.of("member.lower"));
        assertThatThrownBy(() -> act.on(two, admin, other))
            .as("once the role is lowered: " + act)
            .isInstanceOf(Problem.class);
        assertThat(one.keys.audit().verify(one.database, tenant.organizationId()))
            .isInstanceOf(AuditLog.Walk.Intact.class);
      }
      System.out.println("refused: " + refused + " of " + ROUNDS);
    }
  }

  private static boolean done(CompletableFuture<Outcome<?>> wrote) {
    try {
      return wrote.join() instanceof Outcome.Done<?>;
    } catch (CompletionException e) {
      assertThat(e.getCause()).isInstanceOf(Problem.class);
      return false;
    }
  }

  private static void lower(TestKeys replica, Tenant tenant, ApiCaller admin) {
    writes(replica)
        .run(
            tenant,
            handle -> {
              handle
                  .createUpdate(
                      "UPDATE membership SET role = 'viewer' WHERE organization_id = ? AND"
                          + " person_id = ?")
                  .bind(0, tenant.organizationId())
                  .bind(1, admin.id())
                  .execute();
              writes(replica)
                  .told(
                      handle,
                      tenant,
                      admin.actor(),
                      "member",
                      "lower",
                      admin.id(),
                      AuditLog.detail());
              return 0;
            });
  }

  private static List<String> actions(TestKeys replica, Tenant tenant) {
    return replica.database.read(handle ->
        handle
            .createQuery("SELECT action FROM audit_entry WHERE organization_id = ? ORDER BY seq")
            .bind(0, tenant.organizationId())
            .mapTo(String.class)
            .list());
  }

  private static Tenant organization(TestKeys replica, int round) {
    long now = replica.time.millis();
    Tenant tenant = new Tenant(Ids.uuid7("org_", now), Ids.uuid7("prj_", now));
    replica.database.write(handle -> {
      AccountStore.insertOrganization(
          handle, tenant.organizationId(), "Round " + round, false, now);
      AccountStore.insertProject(handle, tenant, "p", now);
      return 0;
    });
    return tenant;
  }

  private static String project(TestKeys replica, Tenant tenant) {
    long now = replica.time.millis();
    Tenant other = new Tenant(tenant.organizationId(), Ids.uuid7("prj_", now));
    replica.database.write(handle -> {
      AccountStore.insertProject(handle, other, "second", now);
      return 0;
    });
    return other.projectId();
  }

  private static ApiCaller admin(TestKeys replica, Tenant tenant, String id) {
    String organization = tenant.organizationId();
    replica.database.write(handle -> {
      TestPeopleStore.insert(handle, id, id + "@x.test", false);
      MemberStore.insert(handle, organization, id, Role.ADMIN, Set.of(), 1);
      return 0;
    });
    SignedIn session =
        new SignedIn(id, id + "@x.test", "ses_" + id, false, replica.time.millis(), null);
    Member member = new Member(organization, "o", tenant.projectId(), id, Role.ADMIN, Set.of(), 1);
    return new ApiCaller(
        new Principal.InOrganization(session, member),
        tenant,
        Extent.ALL,
        "req_1",
        "192.0.2.1",
        "");
  }

  private static void await(CyclicBarrier start) {
    try {
      start.await(20, TimeUnit.SECONDS);
    } catch (Exception alone) {
      throw new IllegalStateException(alone);
    }
  }
}
