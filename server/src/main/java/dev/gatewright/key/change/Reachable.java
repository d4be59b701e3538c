package dev.gatewright.key.change;

import dev.gatewright.policy.ListedPrice;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What there is to be reached by an organization's keys at this moment. Thread-safe.
@FunctionalInterface
public interface Reachable {
  /// Nothing is set up.
  Reachable NOTHING = _ -> new Things(Map.of(), List.of(), List.of(), List.of());

  /// @param models by the name a caller asks for: its targets, `provider/model`
  /// @param providers of models, by id
  /// @param services by id
  /// @param rooms providers of rooms, by id
  /// @param prices for rules that limit them
  record Things(
      Map<String, List<String>> models,
      List<String> providers,
      List<String> services,
      List<String> rooms,
      Prices prices) {
    /// Where nothing has a price.
    public Things(
        Map<String, List<String>> models,
        List<String> providers,
        List<String> services,
        List<String> rooms) {
      this(models, providers, services, rooms, _ -> null);
    }
  }

  /// What targets cost now.
  interface Prices {
    /// @param target `provider/model`
    @Nullable ListedPrice of(String target);
  }

  Things of(String organizationId);
}
