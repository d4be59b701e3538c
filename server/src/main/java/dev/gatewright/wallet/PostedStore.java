package dev.gatewright.wallet;

import dev.gatewright.ledger.projection.RollupStep;
import dev.gatewright.ledger.purse.Accounts;
import dev.gatewright.wallet.WalletReads.Posted;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/// SQL of what transfers changed a wallet by: sums of those up to a mark, and the few after it one
/// by one. A time asked for begins a quarter of an hour, as every month of every zone does.
final class PostedStore {
  private PostedStore() {}

  /// Organizations with so many transfers after their mark.
  static List<String> due(Handle handle, long transfers, int most) {
    return handle
        .createQuery(
            """
            SELECT a.organization_id FROM account a
            LEFT JOIN wallet_posted_mark m ON m.organization_id = a.organization_id
            WHERE a.kind = 'wallet' AND a.position >= COALESCE(m.position, 0) + :transfers
            LIMIT :most\
            """)
        .bind("transfers", transfers)
        .bind("most", most)
        .mapTo(String.class)
        .list();
  }

  private static long mark(Handle handle, String organizationId) {
    return handle
        .createQuery("SELECT position FROM wallet_posted_mark WHERE organization_id = ?")
        .bind(0, organizationId)
        .mapTo(Long.class)
        .findOne()
        .orElse(0L);
  }

  /// Adds the next transfers to the sums, and moves the mark behind them.
  ///
  /// @return false = there was none
  static boolean fold(Handle handle, String organizationId, int most) {
    // One replica at a time.
    long mark =
        handle
            .createQuery(
                """
                INSERT INTO wallet_posted_mark (organization_id, position) VALUES (?, 0)
                ON CONFLICT (organization_id) DO UPDATE SET position = wallet_posted_mark.position
                RETURNING position\
                """)
            .bind(0, organizationId)
            .mapTo(Long.class)
            .one();
    long last =
        handle
            .createQuery(
                """
                SELECT COALESCE(MAX(position), :mark) FROM transfer
                WHERE organization_id = :organization AND position > :mark AND position <= :most\
                """)
            .bind("organization", organizationId)
            .bind("mark", mark)
            .bind("most", mark + most)
            .mapTo(Long.class)
            .one();
    Map<Long, Map<String, Long>> months = new TreeMap<>();
    List<Posted> quarters = byQuarter(handle, organizationId, mark, last, 0, Long.MAX_VALUE);
    for (Posted quarter : quarters) {
      months
          .computeIfAbsent(RollupStep.MONTH.floor(quarter.fromMillis()), _ -> new TreeMap<>())
          .merge(quarter.kind(), quarter.nano(), Long::sum);
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO wallet_posted (organization_id, step_minutes, start_millis, kind, nano)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (organization_id, step_minutes, start_millis, kind)
            DO UPDATE SET nano = wallet_posted.nano + excluded.nano\
            """);
    quarters.forEach(quarter ->
        batch.add(
            organizationId,
            RollupStep.QUARTER.minutes(),
            quarter.fromMillis(),
            quarter.kind(),
            quarter.nano()));
    months.forEach((month, kinds) ->
        kinds.forEach((kind, nano) ->
            batch.add(organizationId, RollupStep.MONTH.minutes(), month, kind, nano)));
    if (batch.size() > 0) {
      batch.execute();
    }
    handle.execute(
        "UPDATE wallet_posted_mark SET position = ? WHERE organization_id = ?",
        last,
        organizationId);
    return last > mark;
  }

  /// Of transfers at positions after one and up to another: they are found by these, which are few,
  /// and not by their time (the sign keeps its index out).
  private static List<Posted> byQuarter(
      Handle handle, String organizationId, long after, long last, long fromMillis, long toMillis) {
    return handle
        .createQuery(
            """
            SELECT kind, at_millis / 900000,
              CAST(COALESCE(SUM(CASE WHEN credit = :wallet THEN amount
                WHEN debit = :wallet THEN -amount ELSE 0 END), 0) AS BIGINT)
            FROM transfer
            WHERE organization_id = :organization AND position > :after AND position <= :last
              AND +at_millis >= :from AND +at_millis < :to
            GROUP BY kind, at_millis / 900000\
            """)
        .bind("wallet", Accounts.wallet(organizationId))
        .bind("organization", organizationId)
        .bind("after", after)
        .bind("last", last)
        .bind("from", fromMillis)
        .bind("to", toMillis)
        .map((row, _) -> new Posted(row.getString(1), row.getLong(2) * 900_000, row.getLong(3)))
        .list();
  }

  /// What transfers of a time changed a wallet by, by kind and quarter of an hour; one of these may
  /// stand there twice.
  static List<Posted> posted(Handle handle, String organizationId, long fromMillis, long toMillis) {
    List<Posted> posted =
        handle
            .createQuery(
                """
                SELECT kind, start_millis, nano FROM wallet_posted
                WHERE organization_id = :organization AND step_minutes = 15
                  AND start_millis >= :from AND start_millis < :to\
                """)
            .bind("organization", organizationId)
            .bind("from", fromMillis)
            .bind("to", toMillis)
            .map((row, _) -> new Posted(row.getString(1), row.getLong(2), row.getLong(3)))
            .list();
    posted.addAll(
        byQuarter(
            handle,
            organizationId,
            mark(handle, organizationId),
            Long.MAX_VALUE,
            fromMillis,
            toMillis));
    return posted;
  }

  /// A wallet's posted balance at a moment.
  static long balanceAt(Handle handle, String organizationId, long beforeMillis) {
    long month = RollupStep.MONTH.floor(beforeMillis);
    long folded =
        handle
            .createQuery(
                """
                SELECT CAST(COALESCE(SUM(nano), 0) AS BIGINT) FROM wallet_posted
                WHERE organization_id = :organization AND (
                  (step_minutes = 43200 AND start_millis < :month)
                  OR (step_minutes = 15 AND start_millis >= :month AND start_millis < :before))\
                """)
            .bind("organization", organizationId)
            .bind("month", month)
            .bind("before", beforeMillis)
            .mapTo(Long.class)
            .one();
    return folded
        + byQuarter(
                handle,
                organizationId,
                mark(handle, organizationId),
                Long.MAX_VALUE,
                0,
                beforeMillis)
            .stream()
            .mapToLong(Posted::nano)
            .sum();
  }
}
