package dev.gatewright.admission;

import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.limit.LimitGate;
import dev.gatewright.policy.Denial;
import dev.gatewright.policy.ListedPrice;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The way in, as the edges see it: authenticate → authorize → limit → reserve. `KeyAdmission` is
/// the one real implementation, where that order can be read. Thread-safe.
public interface Admission {
  /// Decides who calls, on the exchange's event loop: `then` runs there, before this returns when
  /// the key is in memory, later otherwise. On a refusal the access entry already says why; the
  /// handler answers in its dialect (every 401 carries `WWW-Authenticate: Bearer`).
  void admit(Exchange exchange, Consumer<Admitted> then);

  /// The same for virtual threads: blocks when the key is not in memory.
  ///
  /// @param headers all values of a header by its lower-case name, empty when absent
  /// @param client the caller's address as the edge has found it
  Admitted admit(Function<String, List<String>> headers, InetAddress client);

  /// May the caller use this model on this target? Null = yes; else a 403 naming the rule. Pure and
  /// cheap; asked for every target alone.
  ///
  /// @param asked the name in the request
  /// @param target `provider/model`, or null where no target is known yet
  @Nullable Refusal allowsModel(Caller caller, String asked, @Nullable String target);

  /// May the caller use what costs so much? Null = yes; else a 403 naming the rule. Pure and cheap;
  /// asked for every target alone.
  ///
  /// @param target `provider/model`
  /// @param price by list price now; asked only where a rule limits prices; null in it = none
  default @Nullable Refusal allowsPrice(
      Caller caller, String asked, String target, Supplier<@Nullable ListedPrice> price) {
    return null;
  }

  /// May the caller use this service, or its manage paths? Null = yes; else a 403 naming the rule,
  /// the missing scope, or the kind of key: only live keys reach services. Pure and cheap.
  ///
  /// @param service its id
  /// @param manage true for a path that changes the service, which no rule implies
  @Nullable Refusal allowsService(Caller caller, String service, boolean manage);

  /// May the caller use this model of a service it may use? Null = yes; else a 403 naming the rule.
  /// Pure and cheap.
  @Nullable Refusal allowsServiceModel(Caller caller, String service, String asked);

  /// May the caller use this room provider? Null = yes; else a 403 naming the rule. Pure.
  @Nullable Refusal allowsRoom(Caller caller, String provider);

  /// May the caller come from there? Null = yes; else a 403 naming the rule. Pure.
  @Nullable Refusal allowsAddress(Caller caller, InetAddress client);

  /// What of which rule made a refusal that one of the questions above gave this caller; null for
  /// one that no rule made.
  @Nullable Denial behind(Caller caller, Refusal refusal);

  LiveCalls liveCalls();

  /// What limits the calls of those who were let in.
  default LimitGate limits() {
    return LimitGate.NONE;
  }
}
