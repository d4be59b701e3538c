package dev.gatewright.budget;

import java.util.List;
import org.jdbi.v3.core.Handle;

/// SQL of what people are to be told of budgets' windows.
final class BudgetAlertStore {
  private BudgetAlertStore() {}

  /// @param spent nano-USD, when it was noted
  /// @param nano the budget, then
  record Alert(
      String budgetId,
      long startMillis,
      int percent,
      String organizationId,
      long spent,
      long nano) {}

  /// @return false when it was noted before
  static boolean insert(Handle handle, Alert alert, long nowMillis) {
    return handle.execute(
            """
            INSERT INTO budget_alert (budget_id, start_millis, percent, organization_id, spent,
              nano, at_millis, told_millis)
            VALUES (?, ?, ?, ?, ?, ?, ?, 0)
            ON CONFLICT (budget_id, start_millis, percent) DO NOTHING\
            """,
            alert.budgetId(),
            alert.startMillis(),
            alert.percent(),
            alert.organizationId(),
            alert.spent(),
            alert.nano(),
            nowMillis)
        == 1;
  }

  /// Those nobody has told yet, of all organizations, oldest first.
  static List<Alert> open(Handle handle, int rowsMax) {
    return handle
        .createQuery(
            """
            SELECT budget_id, start_millis, percent, organization_id, spent, nano FROM budget_alert
            WHERE told_millis = 0 ORDER BY at_millis LIMIT ?\
            """)
        .bind(0, rowsMax)
        .map((row, _) ->
            new Alert(
                row.getString(1),
                row.getLong(2),
                row.getInt(3),
                row.getString(4),
                row.getLong(5),
                row.getLong(6)))
        .list();
  }

  /// Owners and who pays.
  static List<String> told(Handle handle, String organizationId, int rowsMax) {
    return handle
        .createQuery(
            """
            SELECT m.person_id FROM membership m JOIN person p ON p.id = m.person_id
            WHERE m.organization_id = ? AND m.role IN ('owner', 'billing')
              AND p.state = 'active' AND p.deleted_millis IS NULL
            ORDER BY m.created_millis, m.person_id LIMIT ?\
            """)
        .bind(0, organizationId)
        .bind(1, rowsMax)
        .mapTo(String.class)
        .list();
  }

  /// @return true for the one who is to tell it
  static boolean take(Handle handle, Alert alert, long nowMillis) {
    return handle.execute(
            """
            UPDATE budget_alert SET told_millis = ?
            WHERE organization_id = ? AND budget_id = ? AND start_millis = ? AND percent = ?
              AND told_millis = 0\
            """,
            nowMillis,
            alert.organizationId(),
            alert.budgetId(),
            alert.startMillis(),
            alert.percent())
        == 1;
  }
}
