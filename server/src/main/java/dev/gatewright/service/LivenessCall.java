package dev.gatewright.service;

import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamListener;
import dev.gatewright.relay.UpstreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// An instance's health route, asked for a caller. Confined to the exchange's event loop.
final class LivenessCall implements UpstreamListener {
  private static final Timeouts PHASES =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5));

  private final Exchange exchange;
  private final Service service;
  private final Instance instance;
  private @Nullable UpstreamCall call;
  private boolean fresh;

  LivenessCall(Exchange exchange, Service service, Instance instance) {
    this.exchange = exchange;
    this.service = service;
    this.instance = instance;
  }

  void start() {
    exchange.onGone(() -> {
      if (call != null) {
        call.cancel();
      }
    });
    HttpHeaders headers =
        ServiceHeaders.toBackend(EdgeReply.newHeaders(), service.config().credential());
    UpstreamRequest request =
        new UpstreamRequest(
            exchange.request().method(),
            instance.url().path() + service.preset().probe().path(),
            headers,
            Unpooled.EMPTY_BUFFER,
            0,
            PHASES,
            fresh);
    call = instance.upstream().call(exchange.eventLoop(), request, this);
  }

  @Override
  public void head(int status, HttpHeaders headers, long bodyLength) {
    instance.answered();
    exchange.head(status, ServiceHeaders.toCaller(headers), bodyLength);
  }

  @Override
  public void data(ByteBuf part) {
    exchange.write(part);
  }

  @Override
  public void readComplete() {
    exchange.flush();
  }

  @Override
  public void end() {
    exchange.finish();
  }

  @Override
  public void failed(UpstreamFailure failure) {
    if (failure.retryOnFresh() && !fresh) {
      fresh = true;
      start();
    } else if (exchange.headSent()) {
      exchange.reset("upstream_error");
    } else {
      instance.failed();
      EdgeReply.refuse(exchange, ServiceCall.refusal(failure));
    }
  }
}
