package dev.gatewright.usage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that is asked of usage; whoever answers it, money is not decided by it. Blocks. Each
/// question is confined to one organization.
public interface UsageQueries {
  /// Groups of one answer.
  int GROUPS_MAX = 10_000;

  /// Sums by one or two groups.
  UsageSums sums(UsageQuestion question);

  /// Attempts older than the one with the id `before`, the newest first.
  AttemptPage attempts(UsageScope scope, UsageFilter filter, String before, int rowsMax);

  /// @param data the largest first, times in their order
  /// @param all false = there are more than [#GROUPS_MAX], and these are the largest, or the first
  record UsageSums(List<UsageSum> data, boolean all) {
    public UsageSums {
      data = List.copyOf(data);
    }
  }

  /// @param next the id before which the next page begins, null = there is none; a page of few rows
  ///   may have one, for so many rows are looked at at once and no more
  record AttemptPage(List<UsageAttempt> rows, @Nullable String next) {
    public AttemptPage {
      rows = List.copyOf(rows);
    }
  }
}
