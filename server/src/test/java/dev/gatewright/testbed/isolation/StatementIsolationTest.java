package dev.gatewright.testbed.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Every statement of every store that is asked for a tenant, on both databases: it neither reads
/// nor writes another tenant's, and would if its condition were not there.
class StatementIsolationTest {
  /// By the beginning of its name, why nothing shows when a statement forgets the tenant.
  static final Map<String, String> SAME_WITHOUT =
      Map.of(
          "AuditStore: AND seq >= (SELECT MIN(",
          "narrows what is walked; the same time is asked of each entry again",
          "AuditStore: AND seq <= (SELECT MAX(",
          "narrows what is walked; the same time is asked of each entry again");

  /// Statements that name a tenant and are not that tenant's.
  static final Map<String, String> EVERYBODYS =
      Map.of(
          "RoomStore: DELETE FROM room WHERE reap_millis IS NULL",
          "sweeps every tenant's old rooms, and those of no tenant");

  @EachDatabase
  void no_statement_reads_or_writes_anothers_and_each_would_without_its_condition(Database database)
      throws IOException {
    List<StoreMutant> tenants =
        StoreMutant.all().stream().filter(each -> !begins(EVERYBODYS, each.name())).toList();
    StatementNet.Findings findings = new StatementNet(tenants).findings(database);

    assertThat(findings.faults()).isEmpty();
    assertThat(findings.survivors()).allMatch(name -> begins(SAME_WITHOUT, name));
  }

  @Test
  void what_the_matrix_does_not_show_is_still_there() throws IOException {
    assertThat(Unseen.read().stale(StoreMutant.all())).isEmpty();
  }

  static boolean begins(Map<String, String> reasons, String name) {
    return reasons.keySet().stream().anyMatch(name::startsWith);
  }
}
