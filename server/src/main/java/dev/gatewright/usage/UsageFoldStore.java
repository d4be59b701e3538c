package dev.gatewright.usage;

import dev.gatewright.ledger.projection.RollupStep;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// SQL of coarse sums: which hours have them, and how they are made.
final class UsageFoldStore {
  /// Changed hours that a question looks up; with more of them it is answered by the fine sums.
  static final int CHANGED_MAX = 500;

  private static final String CLEAR_HOUR =
      """
      DELETE FROM usage_coarse
      WHERE organization_id = :organization AND test = :test AND shape IN (1, 2, 3, 4, 5)
        AND step_minutes IN (15, 60) AND start_millis >= :from AND start_millis < :to\
      """;

  private static final String CLEAR_DAY =
      """
      DELETE FROM usage_coarse
      WHERE organization_id = :organization AND test = :test AND shape IN (1, 2, 3, 4, 5, 6, 7)
        AND step_minutes = 1440 AND start_millis >= :from AND start_millis < :to\
      """;

  private static final String OF_QUARTERS =
      """
      FROM usage_rollup
      WHERE organization_id = :organization AND test = :test AND step_minutes IN (15, 60)
        AND start_millis >= :from AND start_millis < :to\
      """;

  private static final String OF_HOUR =
      """
      FROM usage_rollup
      WHERE organization_id = :organization AND test = :test AND step_minutes = 60
        AND start_millis >= :from AND start_millis < :to\
      """;

  private static final String OF_DAY =
      """
      FROM usage_rollup
      WHERE organization_id = :organization AND test = :test AND step_minutes = 1440
        AND start_millis >= :from AND start_millis < :to\
      """;

  private UsageFoldStore() {}

  /// Whose sums, and of which kind of calls.
  record Whose(String organizationId, boolean test) {
    private Map<String, Object> values() {
      return Map.of("organization", organizationId, "test", test ? 1 : 0);
    }
  }

  /// An hour whose sums have changed.
  record Changed(Whose whose, long hourMillis) {}

  /// From when until when there are coarse sums.
  record Reach(long sinceMillis, long untilMillis) {}

  static Optional<Reach> reach(Handle handle, Whose whose) {
    return handle
        .createQuery(
            "SELECT since_millis, until_millis FROM usage_fold WHERE organization_id = :organization AND test = :test")
        .bindMap(whose.values())
        .map((row, _) -> new Reach(row.getLong(1), row.getLong(2)))
        .findOne();
  }

  /// Hours between two times that are not what the fine sums are now.
  ///
  /// @return at most one more than [#CHANGED_MAX]
  static List<Long> changed(Handle handle, Whose whose, long fromMillis, long toMillis) {
    return handle
        .createQuery(
            """
            SELECT DISTINCT start_millis FROM usage_changed
            WHERE organization_id = :organization AND test = :test AND start_millis >= :from AND start_millis < :to LIMIT :most\
            """)
        .bindMap(whose.values())
        .bind("from", fromMillis)
        .bind("to", toMillis)
        .bind("most", CHANGED_MAX + 1)
        .mapTo(Long.class)
        .list();
  }

  /// Of all organizations, the oldest hours first.
  static List<Changed> changed(Handle handle, long beforeMillis, int most) {
    return handle
        .createQuery(
            """
            SELECT DISTINCT start_millis, organization_id, test FROM usage_changed
            WHERE start_millis < :before ORDER BY start_millis, organization_id, test LIMIT :most\
            """)
        .bind("before", beforeMillis)
        .bind("most", most)
        .map((row, _) ->
            new Changed(new Whose(row.getString(2), row.getLong(3) == 1), row.getLong(1)))
        .list();
  }

  /// Whose older hours have no coarse sums yet, after one, by organization.
  static List<Whose> unfinished(Handle handle, String afterOrganization, int most) {
    return handle
        .createQuery(
            """
            SELECT organization_id, test FROM usage_fold
            WHERE since_millis > 0 AND organization_id > :after
            ORDER BY organization_id, test LIMIT :most\
            """)
        .bind("after", afterOrganization)
        .bind("most", most)
        .map((row, _) -> new Whose(row.getString(1), row.getLong(2) == 1))
        .list();
  }

  static int fineSums(Handle handle, Whose whose, long hourMillis, int most) {
    return handle
        .createQuery(
            """
            SELECT COUNT(*) FROM (SELECT 1 AS one FROM usage_rollup
              WHERE organization_id = :organization AND test = :test AND step_minutes = 60 AND start_millis = :hour LIMIT :most) AS sums\
            """)
        .bindMap(whose.values())
        .bind("hour", hourMillis)
        .bind("most", most)
        .mapTo(Integer.class)
        .one();
  }

  /// The last hour before another that has calls; empty = there is none.
  static OptionalLong before(Handle handle, Whose whose, long hourMillis) {
    return handle
        .createQuery(
            """
            SELECT start_millis FROM usage_rollup
            WHERE organization_id = :organization AND test = :test AND step_minutes = 60 AND start_millis < :hour
            ORDER BY start_millis DESC LIMIT 1\
            """)
        .bindMap(whose.values())
        .bind("hour", hourMillis)
        .mapTo(Long.class)
        .findOne()
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  /// From one hour on, which is after all that have calls, so that all of these are older.
  static void begin(Handle handle, Whose whose, long hourMillis) {
    handle
        .createUpdate(
            """
            INSERT INTO usage_fold (organization_id, test, since_millis, until_millis)
            VALUES (:organization, :test, :hour, :hour) ON CONFLICT DO NOTHING\
            """)
        .bindMap(whose.values())
        .bind("hour", hourMillis)
        .execute();
  }

  /// One replica at a time makes an organization's coarse sums.
  ///
  /// @return empty = it has none
  static Optional<Reach> locked(Handle handle, Whose whose) {
    return handle
        .createQuery(
            """
            UPDATE usage_fold SET since_millis = since_millis
            WHERE organization_id = :organization AND test = :test
            RETURNING since_millis, until_millis\
            """)
        .bindMap(whose.values())
        .map((row, _) -> new Reach(row.getLong(1), row.getLong(2)))
        .findOne();
  }

  static void since(Handle handle, Whose whose, long sinceMillis) {
    handle
        .createUpdate(
            "UPDATE usage_fold SET since_millis = :since WHERE organization_id = :organization AND test = :test")
        .bindMap(whose.values())
        .bind("since", sinceMillis)
        .execute();
  }

  static void until(Handle handle, Whose whose, long untilMillis) {
    handle
        .createUpdate(
            """
            UPDATE usage_fold SET until_millis = :until
            WHERE organization_id = :organization AND test = :test\
            """)
        .bindMap(whose.values())
        .bind("until", untilMillis)
        .execute();
  }

  /// That a day is to be folded at its end, when its last hour has no calls, too.
  static void change(Handle handle, Whose whose, long hourMillis) {
    handle
        .createUpdate(
            """
            INSERT INTO usage_changed (organization_id, test, start_millis, mark)
            VALUES (:organization, :test, :hour, -1) ON CONFLICT DO NOTHING\
            """)
        .bindMap(whose.values())
        .bind("hour", hourMillis)
        .execute();
  }

  /// An hour is not changed any more, so far as can be seen now: what is read after this has what
  /// the marks said, and who commits later leaves a mark of its own.
  static void unchanged(Handle handle, Whose whose, long hourMillis) {
    handle
        .createUpdate(
            "DELETE FROM usage_changed WHERE organization_id = :organization AND test = :test AND start_millis = :hour")
        .bindMap(whose.values())
        .bind("hour", hourMillis)
        .execute();
  }

  /// Makes the coarse sums of an hour and its quarters anew.
  static void foldHour(Handle handle, Whose whose, long hourMillis) {
    long end = RollupStep.HOUR.ceiling(hourMillis + 1);
    make(handle, CLEAR_HOUR, whose, hourMillis, end);
    for (UsageShape shape : UsageShape.values()) {
      if (shape.has(RollupStep.HOUR)) {
        String of = shape.has(RollupStep.QUARTER) ? OF_QUARTERS : OF_HOUR;
        make(handle, insert(shape, of), whose, hourMillis, end);
      }
    }
  }

  /// Those of a day as a whole.
  static void foldDay(Handle handle, Whose whose, long dayMillis) {
    long end = RollupStep.DAY.ceiling(dayMillis + 1);
    make(handle, CLEAR_DAY, whose, dayMillis, end);
    for (UsageShape shape : UsageShape.values()) {
      make(handle, insert(shape, OF_DAY), whose, dayMillis, end);
    }
  }

  private static void make(Handle handle, String sql, Whose whose, long fromMillis, long toMillis) {
    handle
        .createUpdate(sql)
        .bindMap(whose.values())
        .bind("from", fromMillis)
        .bind("to", toMillis)
        .execute();
  }

  private static String insert(UsageShape shape, String of) {
    String names =
        UsageShape.COLUMNS.stream()
            .map(column -> shape.has(column) ? column : "'' AS " + column)
            .collect(Collectors.joining(", "));
    String grouped =
        UsageShape.COLUMNS.stream().filter(shape::has).collect(Collectors.joining(", "));
    return """
    INSERT INTO usage_coarse (organization_id, test, shape, step_minutes, start_millis, %1$s, %2$s)
    SELECT organization_id, test, %3$d, step_minutes, start_millis, %4$s, %5$s
    %6$s
    GROUP BY organization_id, test, step_minutes, start_millis, %7$s\
    """
        .formatted(
            String.join(", ", UsageShape.COLUMNS),
            UsageSumStore.ALL_COLUMNS,
            shape.number,
            names,
            UsageSumStore.ALL_SUMS,
            of,
            grouped);
  }
}
