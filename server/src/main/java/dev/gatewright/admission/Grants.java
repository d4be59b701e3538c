package dev.gatewright.admission;

import dev.gatewright.edge.Refusal;
import dev.gatewright.policy.Denial;
import dev.gatewright.policy.ListedPrice;
import dev.gatewright.policy.Policy;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What one call was allowed, so that it can be asked again when the caller or a rule has changed.
/// Bounded: a call that asked for more, such as one that lists every model, cannot be asked again.
/// Confined to the call's thread: its event loop, or its virtual thread.
final class Grants {
  private static final int GRANTS_MAX = 64;

  private final List<Grant> granted = new ArrayList<>(2);
  private @Nullable InetAddress address;
  private boolean beyond;

  /// What it was refused; most calls are refused nothing.
  private List<Denied> denied = List.of();

  /// One thing that was allowed.
  sealed interface Grant {
    record Model(String asked, @Nullable String target) implements Grant {}

    record Price(String target, Supplier<@Nullable ListedPrice> price) implements Grant {}

    record Service(String id, boolean manage) implements Grant {}

    record ServiceModel(String service, String asked) implements Grant {}

    /// Whether it would be allowed now, too.
    default boolean stillFits(Caller caller) {
      Policy policy = caller.policy();
      return switch (this) {
        case Model(String asked, @Nullable String target) ->
            KeyAdmission.denial(policy, asked, target) == null;
        case Price(String target, Supplier<@Nullable ListedPrice> price) ->
            !policy.limitsPrices() || policy.price(target, price.get()) == null;
        case Service(String id, boolean manage) ->
            policy.service(id) == null && (!manage || caller.manages(id));
        case ServiceModel(String service, String asked) ->
            policy.model(asked, service + "/" + asked) == null;
      };
    }
  }

  private record Denied(Refusal refusal, Denial denial) {}

  void denied(Refusal refusal, Denial denial) {
    if (denied.isEmpty()) {
      denied = new ArrayList<>(1);
    }
    if (denied.size() < GRANTS_MAX) {
      denied.add(new Denied(refusal, denial));
    }
  }

  /// What of which rule made a refusal; null when no rule did.
  @Nullable Denial behind(Refusal refusal) {
    for (Denied each : denied) {
      if (each.refusal.equals(refusal)) {
        return each.denial;
      }
    }
    return null;
  }

  void address(InetAddress from) {
    address = from;
  }

  void add(Grant grant) {
    beyond |= granted.size() >= GRANTS_MAX;
    if (!beyond) {
      granted.add(grant);
    }
  }

  /// Whether all of it would be allowed now, too. A call may still use any target it was granted,
  /// so each counts.
  ///
  /// @param now the caller as it stands now
  boolean stillFit(Caller now) {
    if (beyond || (address != null && now.policy().address(address) != null)) {
      return false;
    }
    for (Grant grant : granted) {
      if (!grant.stillFits(now)) {
        return false;
      }
    }
    return true;
  }
}
