package dev.gatewright.limit;

import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.limit.term.Demand;
import dev.gatewright.limit.term.Hold;
import dev.gatewright.limit.term.Limit;
import dev.gatewright.limit.term.Standing;
import dev.gatewright.limit.term.Used;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Where calls are held to their limits. Thread-safe; blocks no event loop.
public interface LimitGate {
  /// How long a thread waits for a decision.
  long BLOCKING_SECONDS_MAX = 30;

  /// Nobody can say how limits stand.
  Limited UNAVAILABLE =
      new Limited.Refused(
          Refusal.overloaded("Limits cannot be looked up right now; try again.", 1),
          0,
          Standing.NONE);

  /// Limits nothing.
  LimitGate NONE =
      new LimitGate() {
        @Override
        public boolean any(String organizationId) {
          return false;
        }

        @Override
        public void take(Whose whose, Demand demand, Executor executor, Consumer<Limited> then) {
          then.accept(new Limited.Passed(Hold.NONE));
        }

        @Override
        public void look(Whose whose, Executor executor, Consumer<List<Shown>> then) {
          then.accept(List.of());
        }

        @Override
        public long costNano(Opening opening, Outcome.Usage usage) {
          return 0;
        }
      };

  /// Whether an organization has limits at all: where not, nothing needs to be asked.
  boolean any(String organizationId);

  /// Takes what a call asks for of every limit that stands behind it, or nothing of any. `then`
  /// runs once: before this returns where memory can decide, else on `executor`.
  void take(Whose whose, Demand demand, Executor executor, Consumer<Limited> then);

  /// The same for virtual threads. Blocks.
  default Limited take(Whose whose, Demand demand) {
    CompletableFuture<Limited> decided = new CompletableFuture<>();
    take(
        whose,
        demand,
        Runnable::run,
        limited -> {
          if (!decided.complete(limited)) {
            // Nobody waits for it any more.
            limited.hold().settle(Used.NOTHING);
          }
        });
    return decided.completeOnTimeout(UNAVAILABLE, BLOCKING_SECONDS_MAX, TimeUnit.SECONDS).join();
  }

  /// A limit and how it stands.
  ///
  /// @param left what may still be taken
  /// @param resetNanos until all of it is there again
  record Shown(Limit limit, long left, long resetNanos) {}

  /// How the limits behind a caller stand, for the caller itself. `then` runs as in [#take].
  void look(Whose whose, Executor executor, Consumer<List<Shown>> then);

  /// What something costs by the list price; 0 where it has none.
  ///
  /// @return nano-USD
  long costNano(Opening opening, Outcome.Usage usage);
}
