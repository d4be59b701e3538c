package dev.gatewright.llm.route;

import dev.gatewright.llm.route.ModelsConfig.TargetName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Model names and what they lead to. A name that ends in `*` stands for every name that begins so;
/// what the `*` stands for takes the place of a final `*` in its targets. Immutable.
final class ModelTable {
  /// @param prefix without the `*`
  private record Wildcard(String prefix, List<TargetName> targets) {}

  /// A name found by a wildcard.
  ///
  /// @param length of what the wildcard fixes: the longest one counts
  record Match(int length, List<TargetName> targets) {}

  private final Map<String, List<TargetName>> exact = new HashMap<>();
  private final List<Wildcard> wildcards = new ArrayList<>();

  ModelTable(Map<String, List<TargetName>> models) {
    models.forEach((id, targets) -> {
      if (id.endsWith("*")) {
        wildcards.add(new Wildcard(id.substring(0, id.length() - 1), targets));
      } else {
        exact.put(id, targets);
      }
    });
    wildcards.sort(Comparator.comparingInt((Wildcard each) -> each.prefix.length()).reversed());
  }

  @Nullable List<TargetName> exact(String asked) {
    return exact.get(asked);
  }

  /// By the longest wildcard that fits; null when none does.
  @Nullable Match wildcard(String asked) {
    for (Wildcard each : wildcards) {
      if (asked.startsWith(each.prefix) && asked.length() > each.prefix.length()) {
        String rest = asked.substring(each.prefix.length());
        List<TargetName> targets =
            each.targets.stream()
                .map(target ->
                    target.model().endsWith("*")
                        ? new TargetName(
                            target.provider(),
                            target.model().substring(0, target.model().length() - 1) + rest)
                        : target)
                .toList();
        return new Match(each.prefix.length(), targets);
      }
    }
    return null;
  }
}
