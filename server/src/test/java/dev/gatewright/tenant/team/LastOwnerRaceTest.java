package dev.gatewright.tenant.team;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.account.AccountStore;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Extent;
import dev.gatewright.account.Member;
import dev.gatewright.account.Principal;
import dev.gatewright.account.Role;
import dev.gatewright.account.SignedIn;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.edge.site.Consoles;
import dev.gatewright.edge.site.SitesConfig;
import dev.gatewright.id.Ids;
import dev.gatewright.key.TestKeys;
import dev.gatewright.mail.Mail;
import dev.gatewright.rest.IfMatch;
import dev.gatewright.rest.TestIfMatch;
import dev.gatewright.store.Database;
import dev.gatewright.tenant.MemberStore;
import dev.gatewright.tenant.Outcome;
import dev.gatewright.tenant.TenantWrites;
import dev.gatewright.tenant.TestPeopleStore;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Two owners give their place up at the same moment, each on a replica of its own: one stays.
class LastOwnerRaceTest {
  private static final int ROUNDS = 120;
  private static final IfMatch WHATEVER = TestIfMatch.whatever();

  /// How an owner gives its place up.
  private enum Act {
    LEAVE,
    STEP_DOWN,
    HAND_OVER;

    Outcome<?> on(TestKeys replica, ApiCaller self, String other) {
      TenantWrites writes =
          new TenantWrites(replica.database, replica.feed, replica.keys.audit(), replica.time);
      Team team = new Team(writes, replica.keys.changes());
      return switch (this) {
        case LEAVE -> team.remove(self, self.id(), WHATEVER);
        case STEP_DOWN -> team.edit(self, self.id(), Role.ADMIN, null, WHATEVER);
        case HAND_OVER ->
            new Ownership(writes, mails(replica, writes)).transfer(self, "gate.test", other);
      };
    }
  }

  private static TeamMails mails(TestKeys replica, TenantWrites writes) {
    InvitationLinks links =
        new InvitationLinks(
            TestKeys.master().purpose("invitation"),
            new Consoles("https://gate.test", SitesConfig.NONE, () -> ""));
    return TeamMails.register(Mail.start(null, replica.database, replica.time), writes, links);
  }

  @EachDatabase
  void two_owners_leave_at_once_one_stays(TestStore store) {
    boolean shared = store.database().kind() == Database.Kind.POSTGRES;
    try (TestKeys one = new TestKeys(store.database());
        TestKeys two = new TestKeys(shared ? store.open() : store.database());
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      int ownerless = 0;
      int done = 0;
      for (int round = 0; round < ROUNDS; round++) {
        Act first = Act.values()[round % 3];
        Act second = Act.values()[round / 3 % 3];
        Tenant tenant = organization(one, round);
        ApiCaller ana = owner(one, tenant, "per_ana" + round);
        ApiCaller bo = owner(one, tenant, "per_bo" + round);
        CyclicBarrier start = new CyclicBarrier(2);
        CompletableFuture<Outcome<?>> left =
            CompletableFuture.supplyAsync(
                () -> after(start, () -> first.on(one, ana, bo.id())), threads);
        CompletableFuture<Outcome<?>> right =
            CompletableFuture.supplyAsync(
                () -> after(start, () -> second.on(two, bo, ana.id())), threads);
        done += left.join() instanceof Outcome.Done<?> ? 1 : 0;
        done += right.join() instanceof Outcome.Done<?> ? 1 : 0;
        long owners =
            one.database.read(handle -> TeamStore.owners(handle, tenant.organizationId()));
        ownerless += owners == 0 ? 1 : 0;
        assertThat(one.keys.audit().verify(one.database, tenant.organizationId()))
            .isInstanceOf(AuditLog.Walk.Intact.class);
      }
      assertThat(ownerless).isZero();
      assertThat(done).as("acts that came through").isGreaterThanOrEqualTo(ROUNDS);
    }
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

  private static ApiCaller owner(TestKeys replica, Tenant tenant, String id) {
    String organization = tenant.organizationId();
    replica.database.write(handle -> {
      TestPeopleStore.insert(handle, id, id + "@x.test", false);
      MemberStore.insert(handle, organization, id, Role.OWNER, Set.of(), 1);
      return 0;
    });
    SignedIn session =
        new SignedIn(id, id + "@x.test", "ses_" + id, false, replica.time.millis(), null);
    Member member = new Member(organization, "o", tenant.projectId(), id, Role.OWNER, Set.of(), 1);
    return new ApiCaller(
        new Principal.InOrganization(session, member),
        tenant,
        Extent.ALL,
        "req_1",
        "192.0.2.1",
        "");
  }

  private interface Doing {
    Outcome<?> run();
  }

  private static Outcome<?> after(CyclicBarrier start, Doing doing) {
    try {
      start.await(20, TimeUnit.SECONDS);
    } catch (Exception alone) {
      throw new IllegalStateException(alone);
    }
    return doing.run();
  }
}
