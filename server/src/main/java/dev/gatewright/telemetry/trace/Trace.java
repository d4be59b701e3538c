package dev.gatewright.telemetry.trace;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// A request's place in a trace. Where spans are recorded the gate takes part: it has a span of its
/// own, below the caller's where there is one, and what it asks others for has spans below that.
/// Where they are not, what came goes on as it came, and all that is known is the trace's id.
/// Immutable.
public final class Trace {
  /// Nobody has said which, and nobody records.
  public static final Trace NONE = new Trace(null, null, 0, "");

  private final @Nullable Tracing tracing;
  private final @Nullable TraceParent place;
  private final long parent;
  private final String state;

  private Trace(@Nullable Tracing tracing, @Nullable TraceParent place, long parent, String state) {
    this.tracing = tracing;
    this.place = place;
    this.parent = parent;
    this.state = state;
  }

  /// The gate takes no part.
  static Trace passed(TraceParent came) {
    return new Trace(null, came, 0, "");
  }

  /// @param own the gate's own span
  /// @param parent the caller's; 0 = the trace begins here
  static Trace taken(Tracing tracing, TraceParent own, long parent, String state) {
    return new Trace(tracing, own, parent, state);
  }

  /// 32 hex digits; null = of none.
  public @Nullable String id() {
    return place == null ? null : place.traceId();
  }

  /// Whether the gate takes part: then it says to others whose span asks.
  public boolean takesPart() {
    return tracing != null;
  }

  /// Whether what is done here is to be recorded.
  public boolean recorded() {
    return tracing != null && place != null && place.sampled();
  }

  /// An id for a span of this trace; 0 where the gate takes no part.
  public long newSpan() {
    return tracing == null ? 0 : random();
  }

  /// The gate's own span, and where it stands.
  ///
  /// @throws IllegalStateException when there is no trace
  public TraceParent place() {
    TraceParent known = place;
    if (known == null) {
      throw new IllegalStateException("there is no trace");
    }
    return known;
  }

  /// The caller's span; 0 = the trace begins here.
  public long parent() {
    return parent;
  }

  /// What goes on as `tracestate`; empty = nothing.
  public String state() {
    return state;
  }

  /// `traceparent` for somebody who is asked.
  ///
  /// @param span that asks; 0 = the gate's own
  public String parentText(long span) {
    TraceParent own = place();
    return span == 0
        ? own.text()
        : new TraceParent(own.high(), own.low(), span, own.flags()).text();
  }

  /// A span is over.
  ///
  /// @param known who called is known: what strangers ask for takes no more than half of the room
  public void tell(Span span, boolean known) {
    Tracing to = tracing;
    if (to != null && recorded()) {
      to.tell(span, known);
    }
  }

  static long random() {
    long id;
    do {
      id = ThreadLocalRandom.current().nextLong();
    } while (id == 0);
    return id;
  }
}
