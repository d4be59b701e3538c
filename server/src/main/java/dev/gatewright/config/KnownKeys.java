package dev.gatewright.config;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Every path that some package has asked for; list positions are written `[]`. Thread-safe. It
/// outlives a reload, so that keys only read at the start stay known.
final class KnownKeys {
  private final Set<String> values = ConcurrentHashMap.newKeySet();
  private final Set<String> secrets = ConcurrentHashMap.newKeySet();
  private final Map<String, String> fallbacks = new ConcurrentHashMap<>();
  private final Set<String> containers = ConcurrentHashMap.newKeySet();

  /// A value: whatever stands below it is its reader's business.
  void value(String pattern) {
    values.add(pattern);
  }

  /// A value that is not for anybody's eyes.
  void secret(String pattern) {
    secrets.add(pattern);
  }

  /// What counts where nothing is said, as it would be written.
  void fallback(String pattern, String text) {
    if (!text.isEmpty()) {
      fallbacks.put(pattern, text);
    }
  }

  /// Null = its reader decides, or there is none.
  @Nullable String fallback(String pattern) {
    return fallbacks.get(pattern);
  }

  /// A mapping or a list of mappings, whose keys are asked for one by one.
  void container(String pattern) {
    containers.add(pattern);
  }

  /// Every value that has one place, outside of lists.
  List<String> values() {
    return values.stream().filter(path -> !path.contains("[]")).toList();
  }

  boolean isValue(String pattern) {
    return values.contains(pattern);
  }

  boolean isSecret(String pattern) {
    return secrets.contains(pattern);
  }

  boolean isContainer(String pattern) {
    return containers.contains(pattern);
  }

  /// The known path most like `pattern`: a sibling where there is a similar one, else any.
  Optional<String> nearest(String pattern) {
    String parent = parent(pattern);
    Optional<String> sibling = closest(pattern, parent);
    int similar = Math.max(2, (pattern.length() - parent.length()) / 2);
    if (sibling.isPresent() && distance(pattern, sibling.get()) <= similar) {
      return sibling;
    }
    return closest(pattern, null);
  }

  private Optional<String> closest(String pattern, @Nullable String parent) {
    return Stream.concat(values.stream(), containers.stream())
        .filter(known -> parent == null || parent(known).equals(parent))
        .min(
            Comparator.<String>comparingInt(known -> distance(pattern, known))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static String parent(String pattern) {
    int dot = pattern.lastIndexOf('.');
    return dot < 0 ? "" : pattern.substring(0, dot);
  }

  /// Levenshtein's edit distance.
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
