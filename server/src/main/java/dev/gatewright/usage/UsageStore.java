package dev.gatewright.usage;

import dev.gatewright.ledger.AttemptIds;
import dev.gatewright.ledger.Meters;
import dev.gatewright.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/// SQL over usage rows. Blocks. Each method is confined to one organization.
public final class UsageStore implements UsageQueries {
  /// Rows that one page of few looks at.
  static final int LOOKED_AT_MAX = 50_000;

  static final String ATTEMPTS =
      """
      SELECT id, request_id, project_id, key_id, ordinal, model, target, provider, endpoint,
        stream, test, started_millis, first_byte_millis, duration_millis, status, outcome,
        input_tokens, output_tokens, cached_tokens, cache_write_tokens, reasoning_tokens, source,
        input_source, output_source, request_bytes, response_bytes, unit, quantity,
        quantity_source, rung, cost_nano, billed_nano, unpriced, price_version, cost_source,
        meters, upstream_request_id, service, site, tags, member_id
      FROM usage_attempt
      WHERE organization_id = :organization AND id < :before AND test = :test%s
      ORDER BY id DESC LIMIT :max\
      """;

  private static final String IN_PROJECTS = " AND project_id IN (<projects>)";

  /// Days and models of one statement: some thousand models on each day of a month.
  private static final int BILLED_MAX = 200_000;

  private final Database database;
  private final UsageSumStore sums;

  public UsageStore(Database database) {
    this.database = database;
    this.sums = new UsageSumStore(database);
  }

  @Override
  public UsageSums sums(UsageQuestion question) {
    return sums.sums(question);
  }

  /// What an organization's wallet paid for calls to a model that began on a day.
  ///
  /// @param model the name callers asked for; `other` for what lies beyond an hour's names
  public record Billed(LocalDate day, String model, long nano) {}

  /// Of whole days of a zone; what was free is left out. Sums stay when rows are dropped.
  public static List<Billed> billed(
      Handle handle, String organizationId, ZoneId zone, long fromMillis, long toMillis) {
    UsageScope scope = new UsageScope(organizationId, null, false, fromMillis, toMillis);
    UsageSteps days = new UsageSteps(UsageStep.DAY, zone, fromMillis, toMillis);
    UsageQuestion question =
        new UsageQuestion(scope, UsageFilter.NONE, List.of(UsageGroup.MODEL), days);
    return UsageSumStore.sums(handle, question, BILLED_MAX).data().stream()
        .filter(sum -> sum.billedNano() != 0)
        .map(sum ->
            new Billed(
                LocalDate.ofEpochDay(Long.parseLong(sum.groups().getFirst())),
                sum.groups().getLast(),
                sum.billedNano()))
        .toList();
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
    UsageScope scope = new UsageScope(organizationId, projects, test, 0, Long.MAX_VALUE);
    return attempts(scope, UsageFilter.NONE, before, rowsMax).rows();
  }

  /// Where rows are left out, so many are looked at and no more.
  @Override
  public AttemptPage attempts(UsageScope scope, UsageFilter filter, String before, int rowsMax) {
    if (scope.empty()) {
      return new AttemptPage(List.of(), null);
    }
    boolean some = scope.projects() != null || !filter.equals(UsageFilter.NONE);
    return database.read(handle -> {
      String from = AttemptIds.floor(scope.fromMillis());
      String beyond = some ? lookedAt(handle, scope, before, from) : null;
      String floor = beyond == null ? from : beyond;
      String conditions =
          " AND id >= :floor" + (scope.projects() == null ? "" : IN_PROJECTS) + filter.sql();
      List<UsageAttempt> rows =
          within(handle.createQuery(ATTEMPTS.formatted(conditions)), scope.projects())
              .bindMap(filter.values())
              .bind("organization", scope.organizationId())
              .bind("before", earlier(before, scope.toMillis()))
              .bind("floor", floor)
              .bind("test", scope.test() ? 1 : 0)
              .bind("max", rowsMax)
              .map((row, _) -> attempt(row))
              .list();
      return new AttemptPage(rows, rows.size() == rowsMax ? rows.getLast().id() : beyond);
    });
  }

  private static String earlier(String before, long toMillis) {
    if (toMillis == Long.MAX_VALUE) {
      return before;
    }
    String to = AttemptIds.floor(toMillis);
    return to.compareTo(before) < 0 ? to : before;
  }

  /// The last row that a page of few looks at; null = it comes to the end.
  private static @Nullable String lookedAt(
      Handle handle, UsageScope scope, String before, String from) {
    return handle
        .createQuery(
            """
            SELECT id FROM usage_attempt
            WHERE organization_id = :organization AND test = :test AND id < :before AND id >= :from
            ORDER BY id DESC LIMIT 1 OFFSET :most\
            """)
        .bind("organization", scope.organizationId())
        .bind("test", scope.test() ? 1 : 0)
        .bind("before", earlier(before, scope.toMillis()))
        .bind("from", from)
        .bind("most", LOOKED_AT_MAX - 1)
        .mapTo(String.class)
        .findOne()
        .orElse(null);
  }

  private static Query within(Query query, @Nullable Set<String> projects) {
    return projects == null ? query : query.bindList("projects", projects);
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
        row.getString("rung"),
        row.getObject("cost_nano") == null ? null : row.getLong("cost_nano"),
        row.getLong("billed_nano"),
        row.getLong("unpriced") != 0,
        row.getString("price_version"),
        row.getString("cost_source"),
        Meters.parse(row.getString("meters")),
        row.getString("upstream_request_id"),
        row.getString("service"),
        row.getString("site"),
        tags(row.getString("tags")),
        row.getString("member_id"));
  }

  /// As they stand on rows: each between two line ends.
  static List<String> tags(String text) {
    return text.isEmpty() ? List.of() : List.of(text.substring(1, text.length() - 1).split("\n"));
  }

  /// Rows older than a source per number have one for all.
  private static String orElse(String own, String ofTheRow) {
    return own.isEmpty() ? ofTheRow : own;
  }
}
