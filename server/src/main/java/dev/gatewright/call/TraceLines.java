package dev.gatewright.call;

import dev.gatewright.edge.RequestHead;
import dev.gatewright.telemetry.trace.Trace;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.concurrent.TimeUnit;

/// What a try carries of its call's trace, and when things were.
final class TraceLines {
  private static final AsciiString PARENT = AsciiString.cached("traceparent");
  private static final AsciiString STATE = AsciiString.cached("tracestate");

  private TraceLines() {}

  /// Says whose span asks, in place of what the caller said; nothing where the gate takes no part.
  ///
  /// @param span that asks; 0 = the gate's own
  static void write(Trace trace, long span, HttpHeaders headers) {
    if (!trace.takesPart()) {
      return;
    }
    headers.set(PARENT, trace.parentText(span));
    if (trace.state().isEmpty()) {
      headers.remove(STATE);
    } else {
      headers.set(STATE, trace.state());
    }
  }

  /// A moment of the steady counter, as nanoseconds since 1970: all of a call's by one look at the
  /// calendar, so that no span begins before the one it is a part of.
  static long epochNanos(RequestHead head, long nanos) {
    return TimeUnit.MILLISECONDS.toNanos(head.receivedMillis()) + nanos - head.receivedNanos();
  }
}
