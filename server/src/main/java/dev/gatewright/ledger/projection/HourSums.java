package dev.gatewright.ledger.projection;

import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.Usage;

/// Sums of the attempts of one group within one hour. Mutable, confined to one projection.
final class HourSums {
  static final int COUNT = 17;
  private static final long HOUR_MILLIS = 3_600_000;

  private final long[] sums = new long[COUNT];

  /// What the sums are kept apart by.
  ///
  /// @param hourMillis when the hour began in which the attempts did
  record Group(
      String organizationId,
      long hourMillis,
      String projectId,
      String keyId,
      String model,
      String target,
      String provider,
      boolean test)
      implements Comparable<Group> {
    static Group of(Opening opening) {
      return new Group(
          opening.tenant().organizationId(),
          Math.floorDiv(opening.startedMillis(), HOUR_MILLIS) * HOUR_MILLIS,
          opening.tenant().projectId(),
          opening.keyId(),
          opening.model(),
          opening.target(),
          opening.provider(),
          opening.test());
    }

    /// The same under other names.
    Group named(String newModel, String newTarget) {
      return newModel.equals(model) && newTarget.equals(target)
          ? this
          : new Group(
              organizationId, hourMillis, projectId, keyId, newModel, newTarget, provider, test);
    }

    /// Two replicas that write the same sums take the rows in one order, so neither waits for the
    /// other's second while it holds the first.
    @Override
    public int compareTo(Group other) {
      return ORDER.compare(this, other);
    }

    private static final java.util.Comparator<Group> ORDER =
        java.util.Comparator.comparing(Group::organizationId)
            .thenComparingLong(Group::hourMillis)
            .thenComparing(Group::projectId)
            .thenComparing(Group::keyId)
            .thenComparing(Group::model)
            .thenComparing(Group::target)
            .thenComparing(Group::provider)
            .thenComparing(Group::test);
  }

  void add(Opening opening, Outcome outcome) {
    Usage usage = outcome.usage();
    sums[0] += opening.ordinal() == 0 ? 1 : 0;
    sums[1] += opening.firstOnTarget() ? 1 : 0;
    sums[2] += opening.firstOnProvider() ? 1 : 0;
    sums[3]++;
    sums[4 + column(outcome.end())]++;
    sums[8] += usage.inputTokens();
    sums[9] += usage.outputTokens();
    sums[10] += usage.cachedTokens();
    sums[11] += usage.cacheWriteTokens();
    sums[12] += usage.reasoningTokens();
    int unit = column(usage.unit());
    if (unit >= 0) {
      sums[13 + unit] += usage.quantity();
    }
  }

  private static int column(Outcome.Unit unit) {
    return switch (unit) {
      case TOKENS -> -1;
      case AUDIO_SECONDS -> 0;
      case IMAGES -> 1;
      case CHARACTERS -> 2;
      case BYTES -> 3;
    };
  }

  private static int column(Outcome.End end) {
    return switch (end) {
      case COMPLETED -> 0;
      case CANCELLED -> 1;
      case FAILED -> 2;
      case INTERRUPTED -> 3;
    };
  }

  /// The columns after the key, in the table's order.
  long sum(int column) {
    return sums[column];
  }
}
