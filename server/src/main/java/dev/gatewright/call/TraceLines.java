package dev.gatewright.call;

import dev.gatewright.telemetry.trace.Trace;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/// What a try carries of its call's trace.
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
}
