package dev.gatewright.budget;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// SQL of what calls under soft budgets have cost.
final class BudgetCountStore {
  private BudgetCountStore() {}

  /// Windows that are long over.
  static int sweep(Handle handle, long beforeMillis) {
    return handle.execute(
        """
        DELETE FROM budget_count WHERE start_millis < ? AND budget_id IN (
          SELECT id FROM budget WHERE per <> 'lifetime' OR deleted_millis > 0)\
        """,
        beforeMillis);
  }

  /// A window of a budget.
  record Key(String budgetId, long startMillis) {}

  static void add(Handle handle, String organizationId, Key key, long nano) {
    handle.execute(
        """
        INSERT INTO budget_count (budget_id, start_millis, organization_id, nano)
        VALUES (?, ?, ?, ?)
        ON CONFLICT (budget_id, start_millis)
        DO UPDATE SET nano = budget_count.nano + excluded.nano\
        """,
        key.budgetId(),
        key.startMillis(),
        organizationId,
        nano);
  }

  /// Of several; those of which nothing is counted are missing.
  static Map<Key, Long> all(Handle handle, String organizationId, List<Key> keys) {
    Map<Key, Long> counts = new HashMap<>();
    Set<Key> wanted = Set.copyOf(keys);
    if (keys.isEmpty()) {
      return counts;
    }
    handle
        .createQuery(
            """
            SELECT budget_id, start_millis, nano FROM budget_count
            WHERE organization_id = :organization AND budget_id IN (<ids>)\
            """)
        .bind("organization", organizationId)
        .bindList("ids", keys.stream().map(Key::budgetId).distinct().toList())
        .map((row, _) -> Map.entry(new Key(row.getString(1), row.getLong(2)), row.getLong(3)))
        .forEach(each -> {
          if (wanted.contains(each.getKey())) {
            counts.put(each.getKey(), each.getValue());
          }
        });
    return counts;
  }
}
