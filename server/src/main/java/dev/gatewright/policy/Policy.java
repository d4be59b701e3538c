package dev.gatewright.policy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a caller may do: each owner's rules are evaluated alone and all must pass (DESIGN §4
/// Policy). Holds references to the owners' views, so one costs next to nothing to put together.
/// Immutable; pure functions, made for the event loop.
///
/// Each question is of one type of rule; a type that does not apply to a call is simply not asked.
public final class Policy {
  /// No rules: everything passes.
  public static final Policy OPEN = new Policy(new PolicyView[0]);

  private final PolicyView[] views;

  private Policy(PolicyView[] views) {
    this.views = views;
  }

  /// @param views outermost first: organization, project, member, key
  public static Policy of(PolicyView... views) {
    return of(List.of(views));
  }

  /// The same; owners without rules leave nothing behind.
  public static Policy of(List<PolicyView> views) {
    List<PolicyView> ruling = new ArrayList<>(views.size());
    for (PolicyView view : views) {
      if (!view.open()) {
        ruling.add(view);
      }
    }
    return ruling.isEmpty() ? OPEN : new Policy(ruling.toArray(PolicyView[]::new));
  }

  /// A key's own rules alone.
  public static Policy ofKey(String keyId, List<Rule> rules) {
    return of(new PolicyView(Layer.KEY, keyId, rules));
  }

  /// May this model be used? A rule matches when it names what was asked for or the target.
  ///
  /// @param asked the name in the request
  /// @param target `provider/model`; null where no target is known yet
  public @Nullable Denial model(String asked, @Nullable String target) {
    for (PolicyView view : views) {
      Denial denial = view.model(asked, target);
      if (denial != null) {
        return denial;
      }
    }
    return null;
  }

  public @Nullable Denial provider(String id) {
    for (PolicyView view : views) {
      Denial denial = view.provider(id);
      if (denial != null) {
        return denial;
      }
    }
    return null;
  }

  /// May a model of this price be used? One without a price is refused by every rule about prices.
  ///
  /// @param target `provider/model`
  /// @param price null = it has none
  public @Nullable Denial price(String target, @Nullable ListedPrice price) {
    for (PolicyView view : views) {
      Denial denial = view.price(target, price);
      if (denial != null) {
        return denial;
      }
    }
    return null;
  }

  /// Whether [#price] can be answered by no.
  public boolean limitsPrices() {
    for (PolicyView view : views) {
      if (view.limitsPrices()) {
        return true;
      }
    }
    return false;
  }

  public @Nullable Denial service(String id) {
    for (PolicyView view : views) {
      Denial denial = view.service(id);
      if (denial != null) {
        return denial;
      }
    }
    return null;
  }

  /// @param id the room provider's id
  public @Nullable Denial room(String id) {
    for (PolicyView view : views) {
      Denial denial = view.room(id);
      if (denial != null) {
        return denial;
      }
    }
    return null;
  }

  public @Nullable Denial address(InetAddress client) {
    for (PolicyView view : views) {
      Denial denial = view.address(client);
      if (denial != null) {
        return denial;
      }
    }
    return null;
  }

  /// True when no rule can deny a model or provider, for a caller that lists all of them.
  public boolean allowsEveryModel() {
    for (PolicyView view : views) {
      if (!view.allowsEveryModel()) {
        return false;
      }
    }
    return true;
  }
}
