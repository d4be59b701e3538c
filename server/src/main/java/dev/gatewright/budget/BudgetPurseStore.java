package dev.gatewright.budget;

import dev.gatewright.ledger.Hold;
import dev.gatewright.ledger.purse.BooksCheck;
import dev.gatewright.ledger.purse.NewPurse;
import dev.gatewright.tenant.Calendars;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/// SQL of the purses of hard budgets' windows.
///
/// Invariant 7 is kept by the purse's id, which names its budget, and that one organization.
public final class BudgetPurseStore implements NewPurse {
  /// Room where nothing is limited any more: under a budget that was removed, or is soft now.
  static final long NO_LIMIT = Hold.NANO_MAX;

  private static final String INSERT =
      """
      INSERT INTO purse (id, organization_id, kind, until_millis, room, held, unposted, posted, given)
      VALUES (?, ?, 'budget', ?, ?, 0, 0, 0, ?)\
      """;

  /// A budget as it is found by a purse.
  private record Found(
      String organizationId, long nano, Period per, boolean limits, long since, Calendars days) {}

  /// What a window has come to.
  ///
  /// @param spent settled, nano-USD
  /// @param held by calls under way
  record Standing(long spent, long held) {
    static final Standing NOTHING = new Standing(0, 0);
  }

  @Override
  public boolean make(Handle handle, String purse) {
    int at = purse.indexOf('@');
    if (!purse.startsWith(Budget.PREFIX) || at < 0) {
      return false;
    }
    String id = purse.substring(0, at);
    long start;
    try {
      start = Long.parseLong(purse.substring(at + 1));
    } catch (NumberFormatException _) {
      return false;
    }
    // Waits for who changes the limit just now, as a lock does on either store.
    handle.execute("UPDATE budget SET version = version WHERE id = ?", id);
    Found found = found(handle, id).orElse(null);
    if (found == null) {
      return false;
    }
    long until = Window.at(found.per, found.days, found.since, start).endMillis();
    long room = found.limits ? found.nano : NO_LIMIT;
    handle.execute(
        INSERT + " ON CONFLICT (id) DO NOTHING", purse, found.organizationId, until, room, room);
    return true;
  }

  private static Optional<Found> found(Handle handle, String id) {
    return handle
        .createQuery(
            """
            SELECT b.organization_id, b.nano, b.per, b.hard, b.deleted_millis, b.created_millis,
              o.calendars
            FROM budget b JOIN organization o ON o.id = b.organization_id
            WHERE b.id = ?\
            """)
        .bind(0, id)
        .map((row, _) ->
            new Found(
                row.getString(1),
                row.getLong(2),
                Objects.requireNonNull(Period.of(row.getString(3))),
                row.getLong(4) == 1 && row.getLong(5) == 0,
                row.getLong(6),
                Calendars.parse(row.getString(7))))
        .findOne();
  }

  /// Gives a window's purse more room or less; where there is none, makes it. What is open goes on,
  /// and room below nothing refuses until it is above again.
  ///
  /// @param room of one that is made
  static void change(
      Handle handle, String organizationId, String purse, Window window, long delta, long room) {
    handle.execute(
        INSERT + " ON CONFLICT (id) DO UPDATE SET room = purse.room + ?, given = purse.given + ?",
        purse,
        organizationId,
        window.endMillis(),
        room,
        room,
        delta,
        delta);
  }

  /// What windows have come to; those that nobody has reserved from are missing.
  static Map<String, Standing> standings(Handle handle, List<String> purses) {
    Map<String, Standing> all = new TreeMap<>();
    if (!purses.isEmpty()) {
      handle
          .createQuery("SELECT id, unposted + posted, held FROM purse WHERE id IN (<ids>)")
          .bindList("ids", purses)
          .map(
              (row, _) -> Map.entry(row.getString(1), new Standing(row.getLong(2), row.getLong(3))))
          .forEach(each -> all.put(each.getKey(), each.getValue()));
    }
    return all;
  }

  /// What running windows of hard budgets come to, all in all: the budget, less what was counted of
  /// the window while it was soft. Windows that are over are held against what they were given, as
  /// these are.
  public static Map<String, BooksCheck.Limit> limits(Handle handle, long nowMillis) {
    Map<String, BooksCheck.Limit> limits = new TreeMap<>();
    handle
        .createQuery(
            """
            SELECT p.id, b.nano, COALESCE((
                SELECT c.nano FROM budget_count c
                WHERE c.budget_id = b.id AND c.organization_id = b.organization_id
                  AND p.id = b.id || '@' || CAST(c.start_millis AS TEXT)), 0)
            FROM budget b
            JOIN purse p
              ON p.organization_id = b.organization_id AND p.id LIKE b.id || '@%'
            WHERE b.hard = 1 AND b.deleted_millis = 0 AND p.kind = 'budget'
              AND (p.until_millis = 0 OR p.until_millis > :now)\
            """)
        .bind("now", nowMillis)
        .map((row, _) ->
            Map.entry(
                row.getString(1),
                new BooksCheck.Limit(row.getLong(2) - row.getLong(3), row.getLong(2))))
        .forEach(each -> limits.put(each.getKey(), each.getValue()));
    return limits;
  }

  /// Windows that are long over and hold nothing.
  static int sweep(Handle handle, long beforeMillis, int rowsMax) {
    handle.execute(
        """
        DELETE FROM budget_given_unknown
        WHERE NOT EXISTS (SELECT 1 FROM purse p WHERE p.id = budget_given_unknown.purse)\
        """);
    return handle.execute(
        """
        DELETE FROM purse WHERE id IN (
          SELECT id FROM purse
          WHERE kind = 'budget' AND until_millis > 0 AND until_millis < ? AND held = 0
            AND unposted = 0
          LIMIT ?)\
        """,
        beforeMillis,
        rowsMax);
  }
}
