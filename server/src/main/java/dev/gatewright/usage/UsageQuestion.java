package dev.gatewright.usage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is to be summed.
///
/// @param groups what by, none of them a time where there are steps
/// @param steps by which time as well, as the first of each sum's groups; null = by none
public record UsageQuestion(
    UsageScope scope, UsageFilter filter, List<UsageGroup> groups, @Nullable UsageSteps steps) {
  public UsageQuestion {
    groups = List.copyOf(groups);
  }

  /// The same of a part of its time.
  UsageQuestion within(long fromMillis, long toMillis) {
    UsageScope part =
        new UsageScope(
            scope.organizationId(), scope.projects(), scope.test(), fromMillis, toMillis);
    return new UsageQuestion(part, filter, groups, steps);
  }
}
