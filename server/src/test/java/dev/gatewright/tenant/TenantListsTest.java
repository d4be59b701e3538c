package dev.gatewright.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.account.AccountStore;
import dev.gatewright.account.Role;
import dev.gatewright.account.Tenant;
import dev.gatewright.store.Database;
import dev.gatewright.tenant.TenantStack.Answer;
import dev.gatewright.tenant.TenantStack.Caller;
import dev.gatewright.testbed.TestStore;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A full house: every page of every list comes soon, on SQLite.
class TenantListsTest {
  private static final int ORGANIZATIONS = 1_000;
  private static final int PEOPLE = 10_000;
  private static final int PROJECTS = 1_000;
  private static final int PAGES = 150;
  private static final long P99_MILLIS = 100;

  @Test
  void every_page_comes_within_a_tenth_of_a_second() {
    try (TestStore store = TestStore.fresh(Database.Kind.SQLITE);
        TenantStack stack = new TenantStack(store.database())) {
      String big = fill(stack);
      Caller everywhere = stack.new Caller(person(0), null);
      stack.signIn(person(0), "p0@x.test", false, stack.test.time.millis());
      stack.signIn(person(1), "p1@x.test", false, stack.test.time.millis());
      Caller developer = stack.new Caller(person(1), big);
      measured(stack.local(), "/api/platform/organizations?limit=200", ORGANIZATIONS + 2);
      measured(stack.local(), "/api/platform/people?limit=200", PEOPLE);
      measured(stack.local(), "/api/organizations?limit=200", ORGANIZATIONS + 2);
      measured(everywhere, "/api/organizations?limit=200", ORGANIZATIONS + 1);
      measured(everywhere.in(big), "/api/team/members?limit=200", PEOPLE);
      measured(everywhere.in(big), "/api/projects?limit=200", PROJECTS + 1);
      measured(developer, "/api/team/members?limit=200", 0);
      measured(developer, "/api/projects?limit=200", 0);
      measured(everywhere.in(big), "/api/projects/" + stack.firstProject(big), 0);
    }
  }

  private static String person(int i) {
    return "per_%05d".formatted(i);
  }

  /// Everybody in one organization; ten in each of the others; one person in all.
  private static String fill(TenantStack stack) {
    Database database = stack.test.database;
    for (int from = 0; from < PEOPLE; from += 1_000) {
      int begin = from;
      database.write(handle -> {
        for (int i = begin; i < begin + 1_000; i++) {
          TestPeopleStore.insert(handle, person(i), "p%d@x.test".formatted(i), false);
        }
        return 0;
      });
    }
    for (int from = 0; from < ORGANIZATIONS; from += 100) {
      int begin = from;
      database.write(handle -> {
        for (int i = begin; i < begin + 100; i++) {
          Tenant tenant = new Tenant("org_%04d".formatted(i), "prj_%04d".formatted(i));
          AccountStore.insertOrganization(handle, tenant.organizationId(), "o" + i, false, i);
          AccountStore.insertProject(handle, tenant, "p", i);
          for (int member = 0; member < 10; member++) {
            String id = person(member == 0 ? 0 : (i * 9 + member) % PEOPLE);
            Role role = member == 0 ? Role.OWNER : Role.DEVELOPER;
            Set<String> projects = member == 0 ? Set.of() : Set.of(tenant.projectId());
            MemberStore.insert(handle, tenant.organizationId(), id, role, projects, i);
          }
        }
        return 0;
      });
    }
    String big = stack.organization("Big");
    String project = stack.firstProject(big);
    for (int from = 0; from < PEOPLE; from += 1_000) {
      int begin = from;
      database.write(handle -> {
        for (int i = begin; i < begin + 1_000; i++) {
          Role role = i == 0 ? Role.OWNER : Role.DEVELOPER;
          Set<String> projects = i % 7 == 1 ? Set.of(project) : Set.of();
          MemberStore.insert(handle, big, person(i), role, projects, 1);
        }
        return 0;
      });
    }
    database.write(handle -> {
      for (int i = 0; i < PROJECTS; i++) {
        AccountStore.insertProject(handle, new Tenant(big, "prj_big%04d".formatted(i)), "p", i);
      }
      return 0;
    });
    return big;
  }

  /// Asks for its pages, one after the other and again from the beginning.
  ///
  /// @param rows how many there are in all; 0 = whatever
  private static void measured(Caller caller, String path, int rows) {
    long best = Long.MAX_VALUE;
    // A neighbour on the machine may spoil one try, not three.
    for (int i = 0; i < 3 && best > P99_MILLIS; i++) {
      best = Math.min(best, p99Millis(caller, path, rows));
    }
    assertThat(best).as(path).isLessThanOrEqualTo(P99_MILLIS);
  }

  private static long p99Millis(Caller caller, String path, int rows) {
    List<Long> nanos = new ArrayList<>();
    int seen = 0;
    boolean whole = false;
    String cursor = "";
    for (int i = 0; i < PAGES; i++) {
      long start = System.nanoTime();
      Answer page = caller.get(path + cursor);
      nanos.add(System.nanoTime() - start);
      assertThat(page.status()).as(path).isEqualTo(200);
      seen += page.body().path("data").size();
      boolean last = !page.body().path("next_cursor").isTextual();
      if (last && !whole) {
        whole = true;
        assertThat(rows == 0 || seen == rows).as("%s: %d rows", path, seen).isTrue();
      }
      cursor =
          last
              ? ""
              : "&cursor=" + URLEncoder.encode(page.text("/next_cursor"), StandardCharsets.UTF_8);
    }
    // The first few are the JIT's.
    List<Long> warm = new ArrayList<>(nanos.subList(20, nanos.size()));
    Collections.sort(warm);
    long p50 = warm.get(warm.size() / 2) / 1_000;
    long p99 = warm.get(warm.size() * 99 / 100) / 1_000;
    System.out.printf("%-45s p50 %6d us  p99 %6d us%n", path, p50, p99);
    return p99 / 1_000;
  }
}
