package dev.gatewright.telemetry.trace;

import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The trace of the request that a thread works for, as far as the request's own thread goes: what
/// it asks others for carries it on. Immutable.
///
/// @param parent `traceparent` as it was handed over; null = none
/// @param state `tracestate` likewise
public record CarriedTrace(Trace trace, @Nullable String parent, @Nullable String state) {
  private static final CarriedTrace NOTHING = new CarriedTrace(Trace.NONE, null, null);
  private static final ScopedValue<CarriedTrace> CURRENT = ScopedValue.newInstance();

  /// A request that the edge hands over.
  public static CarriedTrace of(Tracing tracing, @Nullable String parent, @Nullable String state) {
    if (parent == null) {
      return NOTHING;
    }
    return new CarriedTrace(
        tracing.join(parent, state == null ? List.of() : List.of(state)), parent, state);
  }

  /// Of the request this thread works for; of none where it works for nobody.
  public static CarriedTrace current() {
    return CURRENT.isBound() ? CURRENT.get() : NOTHING;
  }

  /// Works for the request.
  public <R, X extends Throwable> R call(ScopedValue.CallableOp<R, X> work) throws X {
    return ScopedValue.where(CURRENT, this).call(work);
  }

  /// What says it to somebody who is asked.
  ///
  /// @param span that asks; counts where the gate takes part
  public void write(long span, BiConsumer<String, String> headers) {
    boolean takesPart = trace.takesPart();
    String said = takesPart ? trace.parentText(span) : parent;
    String with = takesPart ? trace.state() : state;
    if (said != null) {
      headers.accept("traceparent", said);
      if (with != null && !with.isEmpty()) {
        headers.accept("tracestate", with);
      }
    }
  }
}
