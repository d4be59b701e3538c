package dev.gatewright.llm.route;

import dev.gatewright.admission.Admission;
import dev.gatewright.admission.Caller;
import dev.gatewright.credential.Payer;
import dev.gatewright.edge.Refusal;
import dev.gatewright.llm.dialect.Endpoint;
import dev.gatewright.llm.provider.Target;
import dev.gatewright.relay.circuit.Circuit;
import dev.gatewright.relay.circuit.Circuits;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/// Chooses the first target of a model that the caller may use, that speaks the endpoint's dialect,
/// that somebody pays for, and whose circuit is closed. Thread-safe; follows the latest routing.
public final class Router {
  private final Admission admission;
  private final Circuits circuits;
  private final ListedPrices prices;
  private volatile Routing routing;

  /// @param prices for rules that limit them
  public Router(Admission admission, Circuits circuits, ListedPrices prices, Routing routing) {
    this.admission = admission;
    this.circuits = circuits;
    this.prices = prices;
    this.routing = routing;
  }

  public Routing routing() {
    return routing;
  }

  /// Calls already under way keep the targets they were given.
  public void routing(Routing newRouting) {
    routing = newRouting;
  }

  /// @param own what the caller's organization has defined for itself
  /// @param payment what the call may be paid with
  /// @param tried those of its targets that are out of the question
  public Choice choose(
      Caller caller,
      OwnRoutes own,
      String asked,
      Endpoint endpoint,
      Payment payment,
      List<Target> tried) {
    return choose(caller, own, asked, endpoint, payment, tried, Circuit::tryAcquire);
  }

  /// Where a call would go now: the same choice, for which nothing is acquired.
  public Choice foresee(
      Caller caller, OwnRoutes own, String asked, Endpoint endpoint, Payment payment) {
    return choose(
        caller,
        own,
        asked,
        endpoint,
        payment,
        List.of(),
        (circuit, key) -> circuit.retryAfterSeconds(key) == 0);
  }

  private Choice choose(
      Caller caller,
      OwnRoutes own,
      String asked,
      Endpoint endpoint,
      Payment payment,
      List<Target> tried,
      BiPredicate<Circuit, String> lets) {
    List<Target> targets = routing.find(own, asked);
    if (targets.isEmpty()) {
      return new Choice.Refused(unknown(asked));
    }
    Refusal misfit = payment.misfit(asked, targets);
    if (misfit != null) {
      return new Choice.Refused(misfit);
    }
    Refusal denied = null;
    Refusal unpaid = null;
    Target foreign = null;
    int retryAfter = Integer.MAX_VALUE;
    String key = caller.id();
    for (Target target : targets) {
      if (tried.contains(target) || !payment.follows(targets, target)) {
        continue;
      }
      Refusal refusal = allows(caller, asked, target);
      if (refusal != null) {
        denied = denied == null ? refusal : denied;
      } else if (!target.provider().serves(endpoint)) {
        foreign = foreign == null ? target : foreign;
      } else {
        switch (payment.payer(target.provider())) {
          case Payer.Refused(Refusal why) -> unpaid = unpaid == null ? why : unpaid;
          case Payer.Found payer -> {
            Circuit circuit = circuits.of(target.provider().key(), target.model());
            if (lets.test(circuit, key)) {
              return new Choice.Chosen(target, circuit, payer);
            }
            retryAfter = Math.min(retryAfter, Math.max(1, circuit.retryAfterSeconds(key)));
          }
        }
      }
    }
    return new Choice.Refused(
        retryAfter < Integer.MAX_VALUE
            ? open(asked, retryAfter)
            : unpaid != null
                ? unpaid
                : foreign != null
                    ? foreign(asked, foreign, endpoint)
                    : denied != null ? denied : unknown(asked));
  }

  /// Each target is asked alone: its name, its provider, its price.
  private @Nullable Refusal allows(Caller caller, String asked, Target target) {
    Refusal refusal = admission.allowsModel(caller, asked, target.name());
    return refusal == null
        ? admission.allowsPrice(caller, asked, target.name(), () -> prices.of(target))
        : refusal;
  }

  /// May a test key use this name? What it names need not exist: the simulator answers.
  public @Nullable Refusal allowsTest(Caller caller, OwnRoutes own, String asked) {
    List<Target> targets = routing.find(own, asked);
    if (targets.isEmpty()) {
      return admission.allowsModel(caller, asked, null);
    }
    return denied(caller, asked, targets);
  }

  /// A test key's call: a name that leads somewhere is as strict about the dialect as for a live
  /// key.
  public @Nullable Refusal allowsTest(
      Caller caller, OwnRoutes own, String asked, Endpoint endpoint) {
    Refusal denied = allowsTest(caller, own, asked);
    List<Target> targets = routing.find(own, asked);
    boolean speaks =
        targets.isEmpty()
            || targets.stream().anyMatch(target -> target.provider().serves(endpoint));
    return denied != null || speaks ? denied : foreign(asked, targets.getFirst(), endpoint);
  }

  /// Null when at least one of the targets is allowed.
  private @Nullable Refusal denied(Caller caller, String asked, List<Target> targets) {
    Refusal first = null;
    for (Target target : targets) {
      Refusal refusal = allows(caller, asked, target);
      if (refusal == null) {
        return null;
      }
      first = first == null ? refusal : first;
    }
    return first;
  }

  /// The provider a live key would reach by this name; null when it may not or there is none.
  public @Nullable Target firstAllowed(Caller caller, OwnRoutes own, String asked) {
    for (Target target : routing.find(own, asked)) {
      if (allows(caller, asked, target) == null) {
        return target;
      }
    }
    return null;
  }

  public static Refusal unknown(String asked) {
    return Refusal.modelNotFound(
        "The model `%s` does not exist here (expected: an id of GET /v1/models, or provider/model)."
            .formatted(asked));
  }

  private static Refusal open(String asked, int retryAfter) {
    return Refusal.overloaded(
        "The circuit of every target of `%s` is open: its provider has failed several times in a row. It is tried again in %d s."
            .formatted(asked, retryAfter),
        retryAfter);
  }

  private static Refusal foreign(String asked, Target target, Endpoint endpoint) {
    String dialect = target.provider().dialect().id();
    if (target.provider().dialect() == endpoint.dialect()) {
      return Refusal.invalid(
          "The provider `%s` of the model `%s` does not serve %s."
              .formatted(target.provider().id(), asked, endpoint.path()),
          "model");
    }
    return Refusal.invalid(
        "The model `%s` is served in the dialect `%s`, and %s speaks `%s`; dialects are not translated yet."
            .formatted(asked, dialect, endpoint.path(), endpoint.dialect().id()),
        "model");
  }
}
