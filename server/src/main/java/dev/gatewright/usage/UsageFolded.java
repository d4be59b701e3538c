package dev.gatewright.usage;

import dev.gatewright.ledger.projection.RollupStep;
import dev.gatewright.usage.UsageFoldStore.Reach;
import dev.gatewright.usage.UsageFoldStore.Whose;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Which sums a question is read from: coarse ones where there are such and nothing has changed
/// since they were made, and fine ones for the rest. Both as of one snapshot.
final class UsageFolded {
  private static final UsageFolded NONE = new UsageFolded(null, new Reach(0, 0), Set.of());
  private static final long HOUR_MILLIS = 3_600_000;

  private final @Nullable UsageShape shape;
  private final Reach reach;

  /// Hours that only the fine sums know.
  private final Set<Long> changed;

  private UsageFolded(@Nullable UsageShape shape, Reach reach, Set<Long> changed) {
    this.shape = shape;
    this.reach = reach;
    this.changed = changed;
  }

  /// What a part of the time is read from.
  ///
  /// @param shape null = from the fine sums
  /// @param starts a condition
  record Piece(@Nullable UsageShape shape, String starts) {
    /// The table, and which of its rows.
    String from(String where, RollupStep step) {
      return "%s %s AND step_minutes = %d AND %s"
          .formatted(
              shape == null ? "usage_rollup" : "usage_coarse",
              shape == null ? where : where + " AND shape = " + shape.number,
              step.minutes(),
              starts);
    }
  }

  static UsageFolded of(Handle handle, UsageQuestion question) {
    UsageScope scope = question.scope();
    UsageShape shape = UsageShape.of(columns(question));
    Whose whose = new Whose(scope.organizationId(), scope.test());
    Reach reach = shape == null ? null : UsageFoldStore.reach(handle, whose).orElse(null);
    if (shape == null || reach == null) {
      return NONE;
    }
    long from = RollupStep.DAY.floor(Math.max(scope.fromMillis(), reach.sinceMillis()));
    long to = Math.min(scope.toMillis(), reach.untilMillis());
    List<Long> changed = UsageFoldStore.changed(handle, whose, from, to);
    return changed.size() > UsageFoldStore.CHANGED_MAX
        ? NONE
        : new UsageFolded(shape, reach, new HashSet<>(changed));
  }

  /// What the question tells apart, or asks for.
  private static Set<String> columns(UsageQuestion question) {
    Set<String> columns = new HashSet<>(question.filter().columns());
    question.groups().forEach(group -> columns.add(group.column));
    if (question.scope().projects() != null) {
      columns.add("project_id");
    }
    return columns;
  }

  /// All of a time; both ends begin a step.
  List<Piece> pieces(RollupStep step, long fromMillis, long toMillis) {
    if (shape == null || !shape.has(step)) {
      return List.of(new Piece(null, between(fromMillis, toMillis)));
    }
    long first = Math.max(fromMillis, step.ceiling(reach.sinceMillis()));
    long last = Math.min(toMillis, step.floor(reach.untilMillis()));
    if (first >= last) {
      return List.of(new Piece(null, between(fromMillis, toMillis)));
    }
    List<Piece> pieces = new ArrayList<>();
    if (fromMillis < first) {
      pieces.add(new Piece(null, between(fromMillis, first)));
    }
    List<Long> stale = stale(step, first, last);
    if (stale.isEmpty()) {
      pieces.add(new Piece(shape, between(first, last)));
    } else {
      pieces.add(new Piece(shape, between(first, last) + " AND NOT " + in(stale)));
      pieces.add(new Piece(null, in(stale)));
    }
    if (last < toMillis) {
      pieces.add(new Piece(null, between(last, toMillis)));
    }
    return pieces;
  }

  /// Of single steps.
  List<Piece> pieces(RollupStep step, List<Long> starts) {
    List<Long> coarse = new ArrayList<>();
    List<Long> fine = new ArrayList<>();
    Set<Long> stale =
        shape == null || starts.isEmpty()
            ? Set.of()
            : new HashSet<>(stale(step, starts.getFirst(), step.ceiling(starts.getLast() + 1)));
    for (long start : starts) {
      boolean folded =
          shape != null
              && shape.has(step)
              && start >= reach.sinceMillis()
              && step.ceiling(start + 1) <= reach.untilMillis()
              && !stale.contains(start);
      (folded ? coarse : fine).add(start);
    }
    List<Piece> pieces = new ArrayList<>();
    if (!coarse.isEmpty()) {
      pieces.add(new Piece(shape, in(coarse)));
    }
    if (!fine.isEmpty()) {
      pieces.add(new Piece(null, in(fine)));
    }
    return pieces;
  }

  /// Steps between two times that have a changed hour in them, or lie in one.
  private List<Long> stale(RollupStep step, long fromMillis, long toMillis) {
    Set<Long> stale = new TreeSet<>();
    for (long hour : changed) {
      for (long at = step.floor(hour); at < hour + HOUR_MILLIS; at = step.ceiling(at + 1)) {
        if (at >= fromMillis && at < toMillis) {
          stale.add(at);
        }
      }
    }
    return List.copyOf(stale);
  }

  private static String between(long fromMillis, long toMillis) {
    return "start_millis >= %d AND start_millis < %d".formatted(fromMillis, toMillis);
  }

  private static String in(List<Long> starts) {
    return starts.stream()
        .map(String::valueOf)
        .collect(Collectors.joining(", ", "start_millis IN (", ")"));
  }
}
