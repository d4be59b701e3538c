package dev.gatewright.web;

import dev.gatewright.handoff.HandoffHeaders;
import dev.gatewright.secret.Secret;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Lets in only what the edge handed off in this start. Everybody on the machine can reach the
/// portal's port; without the secret they get 403 without a body and a closed connection.
final class HandoffGuard extends Handler.Wrapper {
  private final Secret secret;

  HandoffGuard(Secret secret) {
    this.secret = secret;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String presented = request.getHeaders().get(HandoffHeaders.SECRET);
    if (presented != null && secret.equals(Secret.of(presented))) {
      return super.handle(request, response, callback);
    }
    response.setStatus(403);
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    response.write(true, null, callback);
    return true;
  }
}
