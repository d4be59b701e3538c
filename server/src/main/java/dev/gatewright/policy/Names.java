package dev.gatewright.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A set of names and of prefixes (written with a final `*`), made for look-ups. Immutable.
final class Names {
  private final Set<String> exact;
  private final List<String> prefixes;

  Names(List<String> values) {
    Set<String> whole = new HashSet<>();
    List<String> starts = new ArrayList<>();
    for (String value : values) {
      if (value.endsWith("*")) {
        starts.add(value.substring(0, value.length() - 1));
      } else {
        whole.add(value);
      }
    }
    this.exact = Set.copyOf(whole);
    this.prefixes = List.copyOf(starts);
  }

  boolean matches(String name) {
    if (exact.contains(name)) {
      return true;
    }
    for (String prefix : prefixes) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /// True when whatever `value` (a name, or a prefix with its `*`) matches, this matches too.
  boolean covers(String value) {
    if (!value.endsWith("*")) {
      return matches(value);
    }
    String start = value.substring(0, value.length() - 1);
    for (String prefix : prefixes) {
      if (start.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
