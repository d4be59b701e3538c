package dev.gatewright.telemetry.trace;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Whether this process records spans. Thread-safe; asked on event loops.
public interface Tracing {
  /// It does not: what came goes on as it came.
  Tracing OFF =
      new Tracing() {
        @Override
        public Trace begin(
            @Nullable CharSequence parent, Supplier<? extends List<? extends CharSequence>> state) {
          TraceParent came = parent == null ? null : TraceParent.read(parent);
          return came == null ? Trace.NONE : Trace.passed(came);
        }

        @Override
        public Trace join(CharSequence parent, List<? extends CharSequence> state) {
          return begin(parent, () -> state);
        }

        @Override
        public void tell(Span span, boolean known) {}
      };

  /// A request has come.
  ///
  /// @param parent its `traceparent`; null = none, or more than one
  /// @param state its `tracestate`, asked for where it counts
  Trace begin(
      @Nullable CharSequence parent, Supplier<? extends List<? extends CharSequence>> state);

  /// A request that the edge hands over: the span it names is the gate's own.
  Trace join(CharSequence parent, List<? extends CharSequence> state);

  /// A recorded span is over.
  void tell(Span span, boolean known);
}
