package dev.gatewright.web;

import dev.gatewright.handoff.HandoffHeaders;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.LogIds;
import dev.gatewright.telemetry.trace.CarriedTrace;
import dev.gatewright.telemetry.trace.Tracing;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.MDC;

/// Lets in only what the edge handed off in this start. Everybody on the machine can reach the
/// portal's port; without the secret they get 403 without a body and a closed connection.
final class HandoffGuard extends Handler.Wrapper {
  private final Secret secret;
  private final Tracing tracing;

  HandoffGuard(Secret secret, Tracing tracing) {
    this.secret = secret;
    this.tracing = tracing;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String presented = request.getHeaders().get(HandoffHeaders.SECRET);
    if (presented != null && secret.equals(Secret.of(presented))) {
      return served(request, response, callback);
    }
    response.setStatus(403);
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    response.write(true, null, callback);
    return true;
  }

  /// The thread works for this request: its lines and what it asks others for say so.
  private boolean served(Request request, Response response, Callback callback) throws Exception {
    CarriedTrace carried = carried(request.getHeaders());
    String id = request.getHeaders().get(HandoffHeaders.REQUEST_ID);
    if (id != null) {
      MDC.put(LogIds.REQUEST, id);
    }
    String trace = carried.trace().id();
    if (trace != null) {
      MDC.put(LogIds.TRACE, trace);
    }
    try {
      return carried.<Boolean, Exception>call(() -> super.handle(request, response, callback));
    } finally {
      MDC.remove(LogIds.REQUEST);
      MDC.remove(LogIds.TRACE);
    }
  }

  private CarriedTrace carried(HttpFields headers) {
    List<String> parents = headers.getValuesList("traceparent");
    List<String> states = headers.getValuesList("tracestate");
    // Of two nobody knows which.
    String parent = parents.size() == 1 ? parents.getFirst() : null;
    return CarriedTrace.of(tracing, parent, states.isEmpty() ? null : String.join(",", states));
  }
}
