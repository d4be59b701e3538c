package dev.gatewright.key.change;

import java.util.List;
import java.util.Map;

/// What there is to be reached by an organization's keys at this moment. Thread-safe.
@FunctionalInterface
public interface Reachable {
  /// Nothing is set up.
  Reachable NOTHING = _ -> new Things(Map.of(), List.of(), List.of(), List.of());

  /// @param models by the name a caller asks for: its targets, `provider/model`
  /// @param providers of models, by id
  /// @param services by id
  /// @param rooms providers of rooms, by id
  record Things(
      Map<String, List<String>> models,
      List<String> providers,
      List<String> services,
      List<String> rooms) {}

  Things of(String organizationId);
}
