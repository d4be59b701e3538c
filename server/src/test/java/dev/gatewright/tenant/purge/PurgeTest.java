package dev.gatewright.tenant.purge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.account.Role;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.lookup.KeyLookup;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.tenant.Organization;
import dev.gatewright.tenant.TenantStack;
import dev.gatewright.tenant.TenantStack.Caller;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// What is left of an organization after its seven days.
class PurgeTest {
  @EachDatabase
  void nothing_but_the_chain_is_left_and_nobody_else_loses_anything(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String going = filled(stack, "going");
      String staying = filled(stack, "staying");
      List<String> before = TestRowsStore.tablesWithRows(database, staying);
      assertThat(before)
          .contains("api_key", "key_secret", "membership", "project_grant", "invitation");
      Secret key = Secret.of(stack.key(going, ApiKey.Kind.LIVE));
      assertThat(stack.test.find(key)).isInstanceOf(KeyLookup.Found.class);
      stack.local().delete("/api/organizations/" + going);
      Purge purge = new Purge(stack.writes, 1);
      assertThat(purge.run(() -> false)).isZero();
      assertThat(TestRowsStore.tablesWithRows(database, going)).isEqualTo(before);

      stack.test.pass(Organization.KEPT);
      // Broken off again and again, it comes to its end all the same.
      assertThat(purge.run(after(3))).isZero();
      assertThat(stack.local().post("/api/organizations/" + going + "/restore", "").status())
          .isEqualTo(409);
      assertThat(stack.local().get("/api/platform/organizations/" + going).text("/state"))
          .isEqualTo("purging");
      // Each round looks into every table, and gets three rows further.
      int steps = database.read(PurgeStore::tables).size() + 3;
      int rounds = 0;
      while (new Purge(stack.writes, 1).run(after(steps)) == 0) {
        assertThat(++rounds).isLessThan(100);
      }
      assertThat(rounds).isPositive();
      assertThat(TestRowsStore.tablesWithRows(database, going))
          .isSubsetOf(Set.of("audit_head", "audit_entry", "change"));
      assertThat(TestRowsStore.tablesWithRows(database, staying)).isEqualTo(before);
      assertThat(stack.local().get("/api/platform/organizations/" + going).status()).isEqualTo(404);
      assertThat(stack.test.keys.audit().verify(database, going))
          .isInstanceOf(AuditLog.Walk.Intact.class);
      Await.until(() -> stack.test.find(key) instanceof KeyLookup.Rejected);
      assertThat(purge.run(() -> false)).isZero();
    }
  }

  private static Purge.Stopped after(int steps) {
    AtomicInteger taken = new AtomicInteger();
    return () -> taken.incrementAndGet() > steps;
  }

  @EachDatabase
  void those_that_point_to_others_go_first(Database database) {
    List<String> names = new ArrayList<>();
    database.read(PurgeStore::tables).forEach(table -> names.add(table.name()));
    assertThat(names).doesNotContain("organization", "audit_entry", "project", "data_key");
    assertThat(names).containsSubsequence("key_secret").contains("usage_attempt", "room", "rule");
    assertThat(names.indexOf("project_grant")).isLessThan(names.indexOf("membership"));
  }

  private static String filled(TenantStack stack, String name) {
    String organization = stack.organization(name);
    String project = stack.firstProject(organization);
    Caller owner = stack.member(organization, Role.OWNER, name + "-o@x.test");
    stack.member(organization, Role.DEVELOPER, name + "-d@x.test", project);
    for (int i = 0; i < 5; i++) {
      stack.key(organization, ApiKey.Kind.LIVE);
    }
    owner.post("/api/team/invitations", "{\"email\":\"z@x.test\",\"role\":\"viewer\"}");
    owner.post("/api/projects", "{\"name\":\"Second\"}");
    return organization;
  }
}
