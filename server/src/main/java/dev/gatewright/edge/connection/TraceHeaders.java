package dev.gatewright.edge.connection;

import dev.gatewright.telemetry.trace.Trace;
import dev.gatewright.telemetry.trace.Tracing;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.List;

/// Reads what a caller says of its trace. Most say nothing, and that costs one look.
final class TraceHeaders {
  private static final AsciiString PARENT = AsciiString.cached("traceparent");
  private static final AsciiString STATE = AsciiString.cached("tracestate");

  private TraceHeaders() {}

  static Trace begin(Tracing tracing, HttpHeaders headers) {
    if (!headers.contains(PARENT)) {
      return tracing.begin(null, List::of);
    }
    Iterator<? extends CharSequence> parents = headers.valueCharSequenceIterator(PARENT);
    CharSequence parent = parents.next();
    // Of two nobody knows which.
    boolean one = !parents.hasNext();
    return tracing.begin(one ? parent : null, () -> states(headers));
  }

  private static List<String> states(HttpHeaders headers) {
    return headers.getAll(STATE);
  }
}
