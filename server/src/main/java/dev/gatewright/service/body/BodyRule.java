package dev.gatewright.service.body;

import dev.gatewright.call.Body;
import dev.gatewright.call.tap.Measure;
import dev.gatewright.edge.Refusal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How a call's request body is looked at before the call is queued: not at all, held and read, or
/// read until the model is known. Stateless, thread-safe.
@FunctionalInterface
public interface BodyRule {
  /// Looks at one body, on the exchange's event loop. `then` runs there exactly once, before this
  /// returns or later, unless the caller leaves first: until `then` runs, the exchange's body and
  /// its `onEnded` are the rule's, and it lets go of everything itself.
  void look(ServiceRequest request, Consumer<Look> then);

  /// What a look came to.
  sealed interface Look {
    /// The body cannot be had, or says what may not be said; the rule has let go of it.
    record Refused(Refusal refusal) implements Look {}

    /// @param model the model it names; null = it names none, or nobody looked
    /// @param body passes to the call, which releases it
    /// @param measure what the call is counted in
    /// @param stream the caller asks for a stream
    /// @param asks how much is asked for
    record Ready(@Nullable String model, Body body, Measure measure, boolean stream, BodyAsks asks)
        implements Look {
      /// Of a body that nobody looked into for that.
      public Ready(@Nullable String model, Body body, Measure measure, boolean stream) {
        this(model, body, measure, stream, BodyAsks.UNSEEN);
      }
    }
  }
}
