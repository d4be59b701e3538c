package dev.gatewright.usage;

import dev.gatewright.ledger.AttemptIds;
import dev.gatewright.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/// SQL over usage rows and hourly sums. Blocks. Each method is confined to one organization.
public final class UsageStore {
  /// Groups of one answer.
  static final int GROUPS_MAX = 10_000;

  private static final long HOUR_MILLIS = 3_600_000;
  private static final long DAY_MILLIS = 24 * HOUR_MILLIS;

  static final String ATTEMPTS =
      """
      SELECT id, request_id, project_id, key_id, ordinal, model, target, provider, endpoint,
        stream, test, started_millis, first_byte_millis, duration_millis, status, outcome,
        input_tokens, output_tokens, cached_tokens, cache_write_tokens, reasoning_tokens, source,
        input_source, output_source, request_bytes, response_bytes, unit, quantity,
        quantity_source, rung
      FROM usage_attempt
      WHERE organization_id = :organization AND id < :before AND test = :test%s
      ORDER BY id DESC LIMIT :max\
      """;

  private static final String IN_PROJECTS = " AND project_id IN (<projects>)";

  private final Database database;

  public UsageStore(Database database) {
    this.database = database;
  }

  /// Sums of the attempts that began at `fromMillis` or later, the largest group first, days in
  /// their order.
  ///
  /// @param projects of these alone; null = of all
  /// @param test sums of test keys' attempts instead of all others'
  public List<UsageSum> sums(
      String organizationId,
      @Nullable Set<String> projects,
      UsageBy by,
      long fromMillis,
      boolean test) {
    if (projects != null && projects.isEmpty()) {
      return List.of();
    }
    long from = Math.max(0, fromMillis);
    long hour = Math.ceilDiv(from, HOUR_MILLIS) * HOUR_MILLIS;
    boolean days = by == UsageBy.DAY;
    String sql = sumsSql(by, days, projects == null ? "" : IN_PROJECTS);
    return database.read(handle ->
        within(handle.createQuery(sql), projects)
            .bind("organization", organizationId)
            .bind("hour", hour)
            .bind("fromId", AttemptIds.floor(from))
            .bind("hourId", AttemptIds.floor(hour))
            .bind("test", test ? 1 : 0)
            .bind("max", GROUPS_MAX)
            .map((row, _) -> sum(row, days))
            .list());
  }

  /// Whole hours come from the sums; the part of an hour at the window's start, row by row.
  private static Query within(Query query, @Nullable Set<String> projects) {
    return projects == null ? query : query.bindList("projects", projects);
  }

  private static String sumsSql(UsageBy by, boolean days, String projects) {
    return """
    SELECT grp, SUM(requests) AS requests, SUM(attempts), SUM(completed), SUM(cancelled),
      SUM(failed), SUM(interrupted), SUM(input_tokens), SUM(output_tokens), SUM(cached_tokens),
      SUM(cache_write_tokens), SUM(reasoning_tokens), SUM(audio_millis), SUM(images),
      SUM(characters), SUM(bytes)
    FROM (
      SELECT %1$s AS grp, %2$s AS requests, attempts, completed, cancelled, failed, interrupted,
        input_tokens, output_tokens, cached_tokens, cache_write_tokens, reasoning_tokens,
        audio_millis, images, characters, bytes
      FROM usage_hour
      WHERE organization_id = :organization AND hour_millis >= :hour AND test = :test%6$s
      UNION ALL
      SELECT %3$s AS grp, CASE WHEN %4$s THEN 1 ELSE 0 END, 1,
        CASE outcome WHEN 'completed' THEN 1 ELSE 0 END,
        CASE outcome WHEN 'cancelled' THEN 1 ELSE 0 END,
        CASE outcome WHEN 'failed' THEN 1 ELSE 0 END,
        CASE outcome WHEN 'interrupted' THEN 1 ELSE 0 END,
        input_tokens, output_tokens, cached_tokens, cache_write_tokens, reasoning_tokens,
        CASE unit WHEN 'audio_seconds' THEN quantity ELSE 0 END,
        CASE unit WHEN 'images' THEN quantity ELSE 0 END,
        CASE unit WHEN 'characters' THEN quantity ELSE 0 END,
        CASE unit WHEN 'bytes' THEN quantity ELSE 0 END
      FROM usage_attempt
      WHERE organization_id = :organization AND id >= :fromId AND id < :hourId AND test = :test%6$s
    ) AS parts
    GROUP BY grp
    ORDER BY %5$s
    LIMIT :max\
    """
        .formatted(
            days ? day("hour_millis") : by.column,
            by.hourRequests,
            days ? day("started_millis") : by.column,
            by.rowIsRequest,
            days ? "grp" : "requests DESC, grp",
            projects);
  }

  private static String day(String millis) {
    return "%1$s - %1$s %% %2$d".formatted(millis, DAY_MILLIS);
  }

  private static UsageSum sum(ResultSet row, boolean days) throws SQLException {
    String group = days ? date(row.getLong(1)) : row.getString(1);
    return new UsageSum(
        group,
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        row.getLong(7),
        row.getLong(8),
        row.getLong(9),
        row.getLong(10),
        row.getLong(11),
        row.getLong(12),
        row.getLong(13),
        row.getLong(14),
        row.getLong(15),
        row.getLong(16));
  }

  private static String date(long millis) {
    return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC).toLocalDate().toString();
  }

  /// Attempts older than the one with the id `before`, the newest first.
  ///
  /// @param projects of these alone; null = of all
  public List<UsageAttempt> attempts(
      String organizationId,
      @Nullable Set<String> projects,
      String before,
      boolean test,
      int rowsMax) {
    if (projects != null && projects.isEmpty()) {
      return List.of();
    }
    String sql = ATTEMPTS.formatted(projects == null ? "" : IN_PROJECTS);
    return database.read(handle ->
        within(handle.createQuery(sql), projects)
            .bind("organization", organizationId)
            .bind("before", before)
            .bind("test", test ? 1 : 0)
            .bind("max", rowsMax)
            .map((row, _) -> attempt(row))
            .list());
  }

  private static UsageAttempt attempt(ResultSet row) throws SQLException {
    String source = row.getString("source");
    return new UsageAttempt(
        row.getString("id"),
        row.getString("request_id"),
        row.getString("project_id"),
        row.getString("key_id"),
        row.getLong("ordinal"),
        row.getString("model"),
        row.getString("target"),
        row.getString("provider"),
        row.getString("endpoint"),
        row.getLong("stream") != 0,
        row.getLong("test") != 0,
        row.getLong("started_millis"),
        row.getLong("first_byte_millis"),
        row.getLong("duration_millis"),
        row.getInt("status"),
        row.getString("outcome"),
        row.getLong("input_tokens"),
        row.getLong("output_tokens"),
        row.getLong("cached_tokens"),
        row.getLong("cache_write_tokens"),
        row.getLong("reasoning_tokens"),
        source,
        orElse(row.getString("input_source"), source),
        orElse(row.getString("output_source"), source),
        row.getLong("request_bytes"),
        row.getLong("response_bytes"),
        row.getString("unit"),
        row.getLong("quantity"),
        orElse(row.getString("quantity_source"), source),
        row.getString("rung"));
  }

  /// Rows older than a source per number have one for all.
  private static String orElse(String own, String ofTheRow) {
    return own.isEmpty() ? ofTheRow : own;
  }
}
