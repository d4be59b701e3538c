package dev.gatewright.usage;

import dev.gatewright.ledger.AttemptIds;
import dev.gatewright.ledger.projection.RollupStep;
import dev.gatewright.store.Database;
import dev.gatewright.usage.UsageGroup.Requests;
import dev.gatewright.usage.UsageQueries.UsageSums;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/// SQL that sums usage: a time is cut into the longest sums that fit, and what is left at its edges
/// is summed row by row. Blocks.
final class UsageSumStore {
  /// What is summed, as the rollups have it.
  private static final String COLUMNS =
      "attempts, completed, cancelled, failed, interrupted, input_tokens, output_tokens,"
          + " cached_tokens, cache_write_tokens, reasoning_tokens, audio_millis, images,"
          + " characters, bytes, cost_nano, billed_nano, unpriced";

  /// The same, and what counts requests.
  static final String ALL_COLUMNS =
      "first_attempts, first_on_target, first_on_provider, " + COLUMNS;

  static final String ALL_SUMS = named(ALL_COLUMNS);

  /// The same of a single attempt.
  private static final String OF_ATTEMPT =
      """
      1 AS attempts,
        CASE outcome WHEN 'completed' THEN 1 ELSE 0 END AS completed,
        CASE outcome WHEN 'cancelled' THEN 1 ELSE 0 END AS cancelled,
        CASE outcome WHEN 'failed' THEN 1 ELSE 0 END AS failed,
        CASE outcome WHEN 'interrupted' THEN 1 ELSE 0 END AS interrupted,
        input_tokens, output_tokens, cached_tokens, cache_write_tokens, reasoning_tokens,
        CASE unit WHEN 'audio_seconds' THEN quantity ELSE 0 END AS audio_millis,
        CASE unit WHEN 'images' THEN quantity ELSE 0 END AS images,
        CASE unit WHEN 'characters' THEN quantity ELSE 0 END AS characters,
        CASE unit WHEN 'bytes' THEN quantity ELSE 0 END AS bytes,
        COALESCE(cost_nano, 0) AS cost_nano, billed_nano, unpriced\
      """;

  private static final String SUMS =
      Arrays.stream(COLUMNS.split(", "))
          .map("SUM(%s)"::formatted)
          .collect(Collectors.joining(", "));

  private static final String NAMED_SUMS = named(COLUMNS);

  private static final String NAMED_REQUESTS = "CAST(SUM(%s) AS BIGINT) AS requests, ";

  private static final String SIGNED =
      Arrays.stream(COLUMNS.split(", "))
          .map("sign * %1$s AS %1$s"::formatted)
          .collect(Collectors.joining(", "));

  /// Sums that one question moves: some years of days, in zones of quarters of an hour.
  private static final int MOVED_MAX = 10_000;

  /// Days, or months, that a time is cut at.
  private static final int SPANS_MAX = 4;

  private static final String IN_PROJECTS = " AND project_id IN (<projects>)";

  private final Database database;

  UsageSumStore(Database database) {
    this.database = database;
  }

  private static String named(String columns) {
    return Arrays.stream(columns.split(", "))
        .map("CAST(SUM(%1$s) AS BIGINT) AS %1$s"::formatted)
        .collect(Collectors.joining(", "));
  }

  /// A part of the time, and which sums it is read from.
  ///
  /// @param step null = from the attempts themselves
  record Part(@Nullable RollupStep step, long fromMillis, long toMillis) {}

  /// The parts of a time, in no order; no sum is longer than `longest`.
  static List<Part> parts(long fromMillis, long toMillis, RollupStep longest) {
    List<Part> parts = new ArrayList<>();
    cut(parts, RollupStep.FROM_SHORTEST.indexOf(longest), fromMillis, toMillis);
    return parts;
  }

  private static void cut(List<Part> parts, int length, long fromMillis, long toMillis) {
    if (fromMillis >= toMillis) {
      return;
    }
    if (length < 0) {
      parts.add(new Part(null, fromMillis, toMillis));
      return;
    }
    RollupStep step = RollupStep.FROM_SHORTEST.get(length);
    long first = step.ceiling(fromMillis);
    long last = step.floor(toMillis);
    if (first >= last) {
      cut(parts, length - 1, fromMillis, toMillis);
      return;
    }
    cut(parts, length - 1, fromMillis, first);
    parts.add(new Part(step, first, last));
    cut(parts, length - 1, last, toMillis);
  }

  UsageSums sums(UsageQuestion question) {
    return database.read(handle -> sums(handle, question, UsageQueries.GROUPS_MAX));
  }

  /// @param most groups
  static UsageSums sums(Handle handle, UsageQuestion question, int most) {
    if (question.scope().empty()) {
      return new UsageSums(List.of(), true);
    }
    UsageFolded folded = UsageFolded.of(handle, question);
    List<UsageSum> sums = new ArrayList<>();
    for (UsageQuestion window : windows(question)) {
      sums.addAll(sums(handle, window, folded, most + 1 - sums.size()));
      if (sums.size() > most) {
        break;
      }
    }
    boolean all = sums.size() <= most;
    return new UsageSums(merged(question, all ? sums : sums.subList(0, most)), all);
  }

  /// Groups of many hours are soon more than are asked for, and the first ones are wanted: these
  /// are read, and no others.
  private static List<UsageQuestion> windows(UsageQuestion question) {
    UsageSteps steps = question.steps();
    UsageScope scope = question.scope();
    if (steps == null || question.groups().isEmpty() || steps.alike() != null) {
      return List.of(question);
    }
    return steps.windows(scope.fromMillis(), scope.toMillis()).stream()
        .map(span -> question.within(span.fromMillis(), span.toMillis()))
        .toList();
  }

  private static List<UsageSum> sums(
      Handle handle, UsageQuestion question, UsageFolded folded, int most) {
    UsageScope scope = question.scope();
    int groups = question.groups().size() + (question.steps() == null ? 0 : 1);
    return within(handle.createQuery(sql(question, folded, groups)), scope.projects())
        .bindMap(question.filter().values())
        .bind("organization", scope.organizationId())
        .bind("test", scope.test() ? 1 : 0)
        .bind("max", most)
        .map((row, _) -> sum(row, groups))
        .list();
  }

  private static Query within(Query query, @Nullable Set<String> projects) {
    return projects == null ? query : query.bindList("projects", projects);
  }

  private static String sql(UsageQuestion question, UsageFolded folded, int groups) {
    UsageScope scope = question.scope();
    UsageSteps steps = question.steps();
    String where =
        "WHERE organization_id = :organization AND test = :test"
            + (scope.projects() == null ? "" : IN_PROJECTS)
            + question.filter().sql();
    String names =
        IntStream.rangeClosed(1, groups)
            .mapToObj("g%d"::formatted)
            .collect(Collectors.joining(", "));
    List<String> selects = new ArrayList<>();
    Moved moved = steps == null ? null : moved(steps, scope);
    List<Part> parts = new ArrayList<>();
    if (moved == null) {
      parts.addAll(parts(steps, scope.fromMillis(), scope.toMillis()));
    } else {
      parts.addAll(parts(steps, scope.fromMillis(), moved.firstMillis()));
      parts.addAll(parts(steps, moved.lastMillis(), scope.toMillis()));
      selects.addAll(moved(question, folded, moved, where));
    }
    parts.forEach(part -> selects.addAll(part(question, folded, part, where)));
    return """
    SELECT %1$s, SUM(requests) AS requests, %2$s
    FROM (
    %3$s
    ) AS parts
    GROUP BY %1$s
    ORDER BY %4$s
    LIMIT :max\
    """
        .formatted(
            names,
            SUMS,
            String.join("\nUNION ALL\n", selects),
            steps == null ? "requests DESC, " + names : names);
  }

  /// What lies within one step is read from the longest sums there are.
  private static List<Part> parts(@Nullable UsageSteps steps, long fromMillis, long toMillis) {
    if (steps == null) {
      return parts(fromMillis, toMillis, RollupStep.MONTH);
    }
    RollupStep alike = steps.alike();
    if (alike != null && toMillis - fromMillis <= SPANS_MAX * 60_000L * alike.minutes()) {
      List<Part> parts = new ArrayList<>();
      for (UsageSteps.Span span : steps.spans(fromMillis, toMillis)) {
        parts.addAll(parts(span.fromMillis(), span.toMillis(), RollupStep.MONTH));
      }
      return parts;
    }
    return parts(fromMillis, toMillis, steps.grain());
  }

  /// Times that are summed by the steps of UTC, and what is then in another step than its zone's.
  ///
  /// @param starts of sums that are to be moved, by their length
  private record Moved(
      RollupStep alike, long firstMillis, long lastMillis, Map<RollupStep, List<Long>> starts) {}

  /// Days of a zone are those of UTC but for the hours at their ends: it is quicker to move these
  /// than to sum all hours.
  ///
  /// @return null where it does not pay
  private static @Nullable Moved moved(UsageSteps steps, UsageScope scope) {
    RollupStep alike = steps.alike();
    if (alike == null || alike == steps.grain()) {
      return null;
    }
    long first = alike.ceiling(scope.fromMillis());
    long last = alike.floor(scope.toMillis());
    if (first >= last) {
      return null;
    }
    Map<RollupStep, List<Long>> starts = new EnumMap<>(RollupStep.class);
    int count = 0;
    for (UsageSteps.Span span : steps.moved(alike, first, last)) {
      for (Part part : parts(span.fromMillis(), span.toMillis(), RollupStep.HOUR)) {
        RollupStep step = part.step();
        if (step == null) {
          return null;
        }
        for (long at = part.fromMillis(); at < part.toMillis(); at = step.ceiling(at + 1)) {
          starts.computeIfAbsent(step, _ -> new ArrayList<>()).add(at);
          if (++count > MOVED_MAX) {
            return null;
          }
        }
      }
    }
    return new Moved(alike, first, last, starts);
  }

  private static List<String> moved(
      UsageQuestion question, UsageFolded folded, Moved moved, String where) {
    UsageSteps steps = Objects.requireNonNull(question.steps());
    Requests requests = UsageGroup.requests(question.groups());
    String utc = named(question, steps.utcSql("start_millis"));
    String columns =
        question.groups().stream().map(group -> ", " + group.column).collect(Collectors.joining());
    String signed = named(question, "CASE sign WHEN 1 THEN here ELSE utc END");
    String both =
        "%s AS here, %s AS utc".formatted(steps.sql("start_millis"), steps.utcSql("start_millis"));
    List<String> selects = new ArrayList<>();
    folded
        .pieces(moved.alike(), moved.firstMillis(), moved.lastMillis())
        .forEach(piece -> selects.add(of(question, utc, piece.from(where, moved.alike()))));
    // Taken from where UTC counts it and added where the zone does: read once, and summed before it
    // is doubled.
    moved
        .starts()
        .forEach((step, starts) -> {
          for (UsageFolded.Piece piece : folded.pieces(step, starts)) {
            selects.add(
                """
                SELECT %1$s
                FROM (
                SELECT %2$s FROM %3$s
                GROUP BY %4$s
                ) AS once CROSS JOIN (SELECT 1 AS sign UNION ALL SELECT -1 AS sign) AS signs\
                """
                    .formatted(
                        signed + ", sign * requests AS requests, " + SIGNED,
                        both
                            + columns
                            + ", "
                            + NAMED_REQUESTS.formatted(requests.column())
                            + NAMED_SUMS,
                        piece.from(where, step),
                        columns.isEmpty() ? "start_millis" : "here, utc" + columns));
          }
        });
    return selects;
  }

  private static List<String> part(
      UsageQuestion question, UsageFolded folded, Part part, String where) {
    RollupStep step = part.step();
    if (step == null) {
      Requests requests = UsageGroup.requests(question.groups());
      return List.of(
          "SELECT %s, CASE WHEN %s THEN 1 ELSE 0 END AS requests, %s"
                  .formatted(groups(question, "started_millis"), requests.condition(), OF_ATTEMPT)
              + " FROM usage_attempt %s AND id >= '%s' AND id < '%s'"
                  .formatted(
                      where,
                      AttemptIds.floor(part.fromMillis()),
                      AttemptIds.floor(part.toMillis())));
    }
    String groups = groups(question, "start_millis");
    return folded.pieces(step, part.fromMillis(), part.toMillis()).stream()
        .map(piece -> of(question, groups, piece.from(where, step)))
        .toList();
  }

  /// Rows stand in the order of time: where nothing else is asked for, those of one beginning are
  /// summed as they are read, and only these sums have to be sorted.
  private static String of(UsageQuestion question, String groups, String from) {
    boolean inOrder = question.steps() != null && question.groups().isEmpty();
    String requests = UsageGroup.requests(question.groups()).column();
    return "SELECT %s, %s FROM %s%s"
        .formatted(
            groups,
            inOrder
                ? NAMED_REQUESTS.formatted(requests) + NAMED_SUMS
                : requests + " AS requests, " + COLUMNS,
            from,
            inOrder ? " GROUP BY start_millis" : "");
  }

  private static String groups(UsageQuestion question, String time) {
    UsageSteps steps = question.steps();
    return named(question, steps == null ? null : steps.sql(time));
  }

  /// @param step the number of the step; null = there are none
  private static String named(UsageQuestion question, @Nullable String step) {
    List<String> groups = new ArrayList<>();
    if (step != null) {
      groups.add(step);
    }
    question.groups().forEach(group -> groups.add(group.column));
    return IntStream.range(0, groups.size())
        .mapToObj(i -> "%s AS g%d".formatted(groups.get(i), i + 1))
        .collect(Collectors.joining(", "));
  }

  private static UsageSum sum(ResultSet row, int groups) throws SQLException {
    List<String> names = new ArrayList<>();
    int at = 0;
    while (at < groups) {
      names.add(row.getString(++at));
    }
    return new UsageSum(
        names,
        row.getLong(++at),
        row.getLong(++at),
        row.getLong(++at),
        row.getLong(++at),
        row.getLong(++at),
        row.getLong(++at),
        row.getLong(++at),
        row.getLong(++at),
        row.getLong(++at),
        row.getLong(++at),
        row.getLong(++at),
        row.getLong(++at),
        row.getLong(++at),
        row.getLong(++at),
        row.getLong(++at),
        row.getLong(++at),
        row.getLong(++at),
        row.getLong(++at));
  }

  /// A store sums by sets of tags and by days; tags and months are made of them.
  private static List<UsageSum> merged(UsageQuestion question, List<UsageSum> sums) {
    UsageSteps steps = question.steps();
    int tag = question.groups().indexOf(UsageGroup.TAG) + (steps == null ? 0 : 1);
    boolean tags = question.groups().contains(UsageGroup.TAG);
    Map<List<String>, UsageSum> merged = new LinkedHashMap<>();
    for (UsageSum sum : sums) {
      List<String> groups = new ArrayList<>(sum.groups());
      if (steps != null) {
        groups.set(0, Long.toString(steps.step(Long.parseLong(groups.getFirst()))));
      }
      for (String each : tags ? tags(groups.get(tag)) : List.of("")) {
        if (tags) {
          groups.set(tag, each);
        }
        List<String> names = List.copyOf(groups);
        merged.merge(names, sum.in(names), UsageSum::plus);
      }
    }
    List<UsageSum> all = new ArrayList<>(merged.values());
    // What was moved to another step whole has left an empty group behind.
    all.removeIf(sum -> sum.attempts() == 0);
    if (steps == null && tags) {
      all.sort(Comparator.comparingLong(UsageSum::requests).reversed());
    }
    return all;
  }

  /// What has no tag is a group of its own, without a name.
  private static List<String> tags(String text) {
    List<String> tags = UsageStore.tags(text);
    return tags.isEmpty() ? List.of("") : tags;
  }
}
