package dev.gatewright.usage;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whose usage, and of which time.
///
/// @param projects of these alone; null = of all
/// @param test of test keys' attempts instead of all others'
/// @param fromMillis attempts that began then or later, epoch milliseconds
/// @param toMillis and before this
public record UsageScope(
    String organizationId,
    @Nullable Set<String> projects,
    boolean test,
    long fromMillis,
    long toMillis) {
  public UsageScope {
    projects = projects == null ? null : Set.copyOf(projects);
  }

  /// Nothing can be in it.
  boolean empty() {
    return toMillis <= fromMillis || (projects != null && projects.isEmpty());
  }
}
