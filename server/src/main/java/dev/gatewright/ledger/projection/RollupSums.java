package dev.gatewright.ledger.projection;

import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.ledger.log.LogEntry.Closed;

/// Sums of the attempts of one group within one step of time. Mutable, confined to one projection.
final class RollupSums {
  static final int COUNT = 20;

  private final long[] sums = new long[COUNT];

  void add(Closed attempt) {
    Opening opening = attempt.opening();
    Outcome outcome = attempt.outcome();
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
    Cost cost = attempt.cost();
    if (cost != null) {
      Charge charge = opening.charge();
      sums[17] += cost.nano();
      sums[18] += charge == null ? 0 : charge.billed(cost);
      sums[19] += cost.unpriced() ? 1 : 0;
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

  /// Adds what another group of the same came to.
  void add(RollupSums other) {
    for (int column = 0; column < COUNT; column++) {
      sums[column] += other.sums[column];
    }
  }

  /// The columns after the key, in the table's order.
  long sum(int column) {
    return sums[column];
  }
}
