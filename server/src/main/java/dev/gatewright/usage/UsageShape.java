package dev.gatewright.usage;

import dev.gatewright.ledger.projection.RollupStep;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What coarse sums are kept apart by. Most questions ask by so little; what asks by more is
/// answered by the fine sums. Shapes that few questions need in hours, or that have many rows,
/// begin with longer steps.
enum UsageShape {
  /// Series of all calls, too.
  PLACE(1, RollupStep.QUARTER, "provider", "service", "site"),
  MODEL(2, RollupStep.QUARTER, "model", "target", "provider"),
  TAGS(3, RollupStep.QUARTER, "tags_id", "tags"),
  PROJECT(4, RollupStep.QUARTER, "project_id", "service", "site"),
  KEY(5, RollupStep.QUARTER, "project_id", "key_id", "member_id"),
  /// For whoever sees some projects only.
  PROJECT_MODEL(6, RollupStep.DAY, "project_id", "model", "target", "provider"),
  PROJECT_TAGS(7, RollupStep.DAY, "project_id", "tags_id", "tags");

  /// Columns that a sum may be kept apart by, in the order of the tables.
  static final List<String> COLUMNS =
      List.of(
          "project_id",
          "key_id",
          "model",
          "target",
          "provider",
          "member_id",
          "service",
          "site",
          "tags_id",
          "tags");

  /// As it stands on rows.
  final int number;

  private final RollupStep shortest;

  @SuppressWarnings("ImmutableEnumChecker") // Set.of is
  private final Set<String> columns;

  UsageShape(int number, RollupStep shortest, String... columns) {
    this.number = number;
    this.shortest = shortest;
    this.columns = Set.of(columns);
  }

  boolean has(String column) {
    return columns.contains(column);
  }

  /// Whether there are sums of this shape for steps so long; months are few enough as they are.
  boolean has(RollupStep step) {
    return step != RollupStep.MONTH && step.compareTo(shortest) >= 0;
  }

  /// The coarsest that tells these apart; null = none does.
  static @Nullable UsageShape of(Set<String> columns) {
    for (UsageShape shape : values()) {
      if (shape.columns.containsAll(columns)) {
        return shape;
      }
    }
    return null;
  }
}
