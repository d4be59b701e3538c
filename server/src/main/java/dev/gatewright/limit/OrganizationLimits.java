package dev.gatewright.limit;

import dev.gatewright.limit.term.Limit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// All limits of one organization, by whose calls they count. Immutable.
public final class OrganizationLimits {
  static final OrganizationLimits NONE = new OrganizationLimits(List.of());

  private static final int ALONE_BYTES = 200;
  private static final int LIMIT_BYTES = 250;

  private final Map<String, List<Limit>> bySubject = new HashMap<>();
  private final int count;

  OrganizationLimits(List<Limit> limits) {
    for (Limit limit : limits) {
      bySubject.computeIfAbsent(limit.on(), _ -> new ArrayList<>(2)).add(limit);
    }
    bySubject.replaceAll((_, of) -> of.stream().sorted().toList());
    this.count = limits.size();
  }

  boolean isEmpty() {
    return count == 0;
  }

  /// Heap it takes, by estimate.
  int bytes() {
    return ALONE_BYTES + LIMIT_BYTES * count;
  }

  /// The limits behind a call of these, in their order; empty = none.
  List<Limit> of(List<String> subjects) {
    List<Limit> found = List.of();
    for (String subject : subjects) {
      found = joined(found, bySubject.getOrDefault(subject, List.of()));
    }
    return found;
  }

  static List<Limit> joined(List<Limit> some, List<Limit> more) {
    if (some.isEmpty() || more.isEmpty()) {
      return some.isEmpty() ? more : some;
    }
    List<Limit> all = new ArrayList<>(some.size() + more.size());
    all.addAll(some);
    all.addAll(more);
    all.sort(null);
    return List.copyOf(all);
  }
}
