package dev.gatewright.service.body;

import dev.gatewright.admission.Caller;
import dev.gatewright.edge.Exchange;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.config.Paid;
import dev.gatewright.service.preset.ServiceEndpoint;
import io.netty.handler.codec.http.HttpHeaderNames;

/// A call of an allowed endpoint, before its body has been looked at.
///
/// @param caller allowed to use the service
/// @param backendPath the backend's path, raw, without query
/// @param paid whose credential it goes out with
public record ServiceRequest(
    Exchange exchange,
    Caller caller,
    Service service,
    ServiceEndpoint endpoint,
    String backendPath,
    Paid paid) {
  /// The longest body this call may have.
  public long bodyBytesMax() {
    long own = endpoint.bodyBytesMax();
    return own > 0 ? own : service.config().uploadBytesMax();
  }

  /// By its head the caller expects a stream of events.
  public boolean acceptsEvents() {
    String accept = exchange.request().headers().get(HttpHeaderNames.ACCEPT, "");
    return accept.contains("text/event-stream");
  }

  /// The key was made with `--manage` for this service: it is not bound by what others may ask.
  boolean manages() {
    return caller.manages(service.id());
  }
}
