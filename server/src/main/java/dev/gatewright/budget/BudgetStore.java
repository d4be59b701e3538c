package dev.gatewright.budget;

import dev.gatewright.tenant.Calendars;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/// SQL of budgets.
final class BudgetStore {
  private static final String COLUMNS =
      """
      b.id, b.organization_id, b.project_id, b.subject, b.nano, b.per, b.hard, b.alerts, b.version,
      b.created_millis\
      """;

  private BudgetStore() {}

  /// @param calendars of its organization
  record Dated(Budget budget, Calendars calendars) {
    Window window(long millis) {
      return Window.at(budget.per(), calendars, budget.createdMillis(), millis);
    }
  }

  static void insert(Handle handle, Budget budget) {
    handle.execute(
        """
        INSERT INTO budget (id, organization_id, project_id, subject, nano, per, hard, alerts,
          version, created_millis, deleted_millis)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, 0)\
        """,
        budget.id(),
        budget.organizationId(),
        budget.projectId(),
        budget.on(),
        budget.nano(),
        budget.per().word(),
        budget.hard() ? 1L : 0L,
        budget.alertsText(),
        budget.createdMillis());
  }

  static Optional<Budget> find(Handle handle, String organizationId, String id) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM budget b
                WHERE b.organization_id = ? AND b.id = ? AND b.deleted_millis = 0\
                """)
        .bind(0, organizationId)
        .bind(1, id)
        .map((row, _) -> budget(row))
        .findOne();
  }

  /// By id, which is the order in which they were made.
  ///
  /// @param on only those on this; null = on whatever
  /// @param projects only those of these projects; null = all
  /// @param after the last id of the page before; empty for the first page
  static List<Budget> list(
      Handle handle,
      String organizationId,
      @Nullable String on,
      @Nullable Set<String> projects,
      String after,
      int rowsMax) {
    if (projects != null && projects.isEmpty()) {
      return List.of();
    }
    Query query =
        handle
            .createQuery(
                "SELECT "
                    + COLUMNS
                    + """
                     FROM budget b
                    WHERE b.organization_id = :organization AND b.id > :after
                      AND b.deleted_millis = 0\
                    """
                    + (on == null ? "" : " AND b.subject = :on")
                    + (projects == null ? "" : " AND b.project_id IN (<projects>)")
                    + " ORDER BY b.id LIMIT :max")
            .bind("organization", organizationId)
            .bind("after", after)
            .bind("max", rowsMax);
    if (on != null) {
      query.bind("on", on);
    }
    if (projects != null) {
      query.bindList("projects", List.copyOf(projects));
    }
    return query.map((row, _) -> budget(row)).list();
  }

  /// How many the organization has, and how many are on this.
  static long[] counts(Handle handle, String organizationId, String on) {
    return handle
        .createQuery(
            """
            SELECT COUNT(*), COALESCE(SUM(CASE WHEN subject = ? THEN 1 ELSE 0 END), 0) FROM budget
            WHERE organization_id = ? AND deleted_millis = 0\
            """)
        .bind(0, on)
        .bind(1, organizationId)
        .map((row, _) -> new long[] {row.getLong(1), row.getLong(2)})
        .one();
  }

  /// Writes over what was read.
  static void update(Handle handle, Budget budget) {
    handle.execute(
        """
        UPDATE budget SET nano = ?, hard = ?, alerts = ?, version = version + 1
        WHERE organization_id = ? AND id = ?\
        """,
        budget.nano(),
        budget.hard() ? 1L : 0L,
        budget.alertsText(),
        budget.organizationId(),
        budget.id());
  }

  static void delete(Handle handle, Budget budget, long nowMillis) {
    handle.execute(
        """
        UPDATE budget SET deleted_millis = ?, version = version + 1
        WHERE organization_id = ? AND id = ?\
        """,
        nowMillis,
        budget.organizationId(),
        budget.id());
  }

  /// Those of one organization, or of all, for who keeps them in memory; each with the calendar it
  /// counts by.
  static List<Dated> all(Handle handle, @Nullable String organizationId) {
    Query query =
        handle.createQuery(
            "SELECT "
                + COLUMNS
                + """
                , o.calendars FROM budget b JOIN organization o ON o.id = b.organization_id
                WHERE b.deleted_millis = 0\
                """
                + (organizationId == null ? "" : " AND b.organization_id = :organization")
                + " ORDER BY b.organization_id, b.id");
    if (organizationId != null) {
      query.bind("organization", organizationId);
    }
    return query
        .map((row, _) -> new Dated(budget(row), Calendars.parse(row.getString("calendars"))))
        .list();
  }

  private static Budget budget(ResultSet row) throws SQLException {
    return new Budget(
        row.getString("id"),
        row.getString("organization_id"),
        row.getString("project_id"),
        row.getString("subject"),
        row.getLong("nano"),
        Objects.requireNonNull(Period.of(row.getString("per"))),
        row.getLong("hard") == 1,
        Budget.alerts(row.getString("alerts")),
        row.getLong("version"),
        row.getLong("created_millis"));
  }
}
