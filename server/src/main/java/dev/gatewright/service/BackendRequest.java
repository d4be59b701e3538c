package dev.gatewright.service;

import dev.gatewright.edge.RequestHead;
import dev.gatewright.ledger.Opening;
import dev.gatewright.relay.UpstreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/// What goes to an instance, and what its row says of it.
final class BackendRequest {
  private final ServiceCall call;
  private final Instance instance;
  private long wholeBytes;

  BackendRequest(ServiceCall call, Instance instance) {
    this.call = call;
    this.instance = instance;
  }

  /// @param whole the whole body, taken over; null = it is streamed
  /// @param fresh demand a new connection
  UpstreamRequest build(@Nullable ByteBuf whole, boolean fresh) {
    RequestHead head = call.exchange().request();
    wholeBytes = whole == null ? 0 : whole.readableBytes();
    String path = instance.url().path() + call.request().backendPath();
    return new UpstreamRequest(
        head.method(),
        head.query() == null ? path : path + "?" + head.query(),
        ServiceHeaders.toBackend(head.headers(), call.service().config().credential()),
        whole == null ? Unpooled.EMPTY_BUFFER : whole,
        whole == null ? call.ready().body().length() : wholeBytes,
        call.service().config().phases(),
        // A body that is not kept could not follow a stale connection to another one.
        fresh || whole == null);
  }

  /// Bytes of a body sent whole.
  long wholeBytes() {
    return wholeBytes;
  }

  Opening opening(int ordinal) {
    Service service = call.service();
    String model = call.ready().model();
    return new Opening(
        call.exchange().request().id(),
        ordinal,
        ordinal == 0,
        ordinal == 0,
        call.request().caller().tenant(),
        call.request().caller().key().id(),
        model == null ? service.id() : model,
        service.id() + "/" + (model == null ? "-" : model),
        service.id(),
        "/{service}" + service.config().path().callerPath(call.request().endpoint().path()),
        false,
        false,
        call.plane().time().millis(),
        0);
  }
}
