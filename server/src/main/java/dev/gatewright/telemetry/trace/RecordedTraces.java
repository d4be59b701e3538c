package dev.gatewright.telemetry.trace;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Takes part in traces: goes on with a caller's or begins one, and keeps the spans that are over
/// until somebody takes them. Thread-safe; never waits.
public final class RecordedTraces implements Tracing {
  private final Sampler sampler;
  private final SpanQueue queue;

  public RecordedTraces(Sampler sampler, SpanQueue queue) {
    this.sampler = sampler;
    this.queue = queue;
  }

  @Override
  public Trace begin(
      @Nullable CharSequence parent, Supplier<? extends List<? extends CharSequence>> state) {
    TraceParent came = parent == null ? null : TraceParent.read(parent);
    if (came == null) {
      return begun();
    }
    int sampled = sampler.records(came, came.low()) ? TraceParent.SAMPLED : 0;
    int flags = (came.flags() & TraceParent.RANDOM) | sampled;
    TraceParent own = new TraceParent(came.high(), came.low(), Trace.random(), flags);
    return Trace.taken(this, own, came.span(), TraceState.read(state.get()));
  }

  private Trace begun() {
    long high = ThreadLocalRandom.current().nextLong();
    long low = Trace.random();
    int sampled = sampler.records(null, low) ? TraceParent.SAMPLED : 0;
    TraceParent own = new TraceParent(high, low, Trace.random(), TraceParent.RANDOM | sampled);
    return Trace.taken(this, own, 0, "");
  }

  @Override
  public Trace join(CharSequence parent, List<? extends CharSequence> state) {
    TraceParent own = TraceParent.read(parent);
    return own == null ? Trace.NONE : Trace.taken(this, own, 0, TraceState.read(state));
  }

  @Override
  public void tell(Span span, boolean known) {
    queue.offer(span, known);
  }
}
