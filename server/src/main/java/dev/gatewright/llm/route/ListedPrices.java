package dev.gatewright.llm.route;

import dev.gatewright.llm.provider.Target;
import dev.gatewright.policy.ListedPrice;
import org.jspecify.annotations.Nullable;

/// What targets cost at this moment. From memory, for event loops.
@FunctionalInterface
public interface ListedPrices {
  /// Nothing has a price.
  ListedPrices NONE = _ -> null;

  @Nullable ListedPrice of(Target target);
}
