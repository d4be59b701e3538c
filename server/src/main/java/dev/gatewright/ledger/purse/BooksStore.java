package dev.gatewright.ledger.purse;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL that reads all the books, to compute them again from what never changes. For the operator,
/// over all organizations.
public final class BooksStore {
  private BooksStore() {}

  /// @param given what a budget's window was given in all; null = that is not known
  public record Purse(
      String id,
      String organizationId,
      String kind,
      long room,
      long held,
      long unposted,
      long posted,
      @Nullable Long given) {
    long all() {
      return room + held + unposted + posted;
    }
  }

  public record Account(String id, long balance, long position, String head) {}

  /// @param id of the transfer
  public record Entry(String id, long position, Transfer transfer, String hash) {}

  public static List<Purse> purses(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT id, organization_id, kind, room, held, unposted, posted,
              CASE WHEN EXISTS (SELECT 1 FROM budget_given_unknown u WHERE u.purse = purse.id)
                THEN NULL ELSE given END
            FROM purse ORDER BY id\
            """)
        .map((row, _) ->
            new Purse(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getObject(8) == null ? null : (Long) row.getLong(8)))
        .list();
  }

  public static List<Account> accounts(Handle handle) {
    return handle
        .createQuery("SELECT id, balance, position, head FROM account ORDER BY id")
        .map((row, _) ->
            new Account(row.getString(1), row.getLong(2), row.getLong(3), row.getString(4)))
        .list();
  }

  /// What is left of each wallet's lots.
  public static List<Account> lots(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT wallet, CAST(SUM(amount - used) AS BIGINT) FROM lot
            GROUP BY wallet ORDER BY wallet\
            """)
        .map((row, _) -> new Account(row.getString(1), row.getLong(2), 0, ""))
        .list();
  }

  /// Transfers after one, by organization and position.
  public static List<Entry> transfers(
      Handle handle, String afterOrganization, long afterPosition, int max) {
    return new ArrayList<>(
        handle
            .createQuery(
                """
                SELECT id, position, organization_id, kind, debit, credit, amount, ref, note, actor,
                  at_millis, hash
                FROM transfer
                WHERE (organization_id, position) > (?, ?)
                ORDER BY organization_id, position LIMIT ?\
                """)
            .bind(0, afterOrganization)
            .bind(1, afterPosition)
            .bind(2, max)
            .map((row, _) ->
                new Entry(
                    row.getString(1),
                    row.getLong(2),
                    new Transfer(
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getLong(7),
                        row.getString(8),
                        row.getString(9),
                        row.getString(10),
                        row.getLong(11)),
                    row.getString(12)))
            .list());
  }
}
