package dev.gatewright.handoff;

import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.HeldBody;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RequestHead;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamListener;
import dev.gatewright.relay.UpstreamRequest;
import dev.gatewright.secret.Secret;
import dev.gatewright.share.Holder;
import dev.gatewright.share.Shares.Taken;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One exchange on its way through the portal; reads downwards: whose share → the body, whole → a
/// place → the portal → the answer, as it comes and slowed to what the caller takes. Confined to
/// the exchange's event loop.
final class HandedOff implements UpstreamListener, HeldBody.Receiver {
  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(120), Duration.ofSeconds(120));
  private static final int RETRY_AFTER_SECONDS = 1;

  private final Exchange exchange;
  private final Upstream portal;
  private final Secret secret;
  private final HandoffTerms terms;
  private final Holder holder;
  private final HeldBody body;
  private long placed;
  private long portalBytes;
  private @Nullable UpstreamCall call;
  private boolean repeated;

  HandedOff(Exchange exchange, Upstream portal, Secret secret, HandoffTerms terms) {
    this.exchange = exchange;
    this.portal = portal;
    this.secret = secret;
    this.terms = terms;
    this.holder = terms.holder().apply(exchange.request());
    this.body = new HeldBody(terms.bodies(), holder, exchange.request().bodyLength(), this);
  }

  void begin() {
    RequestHead request = exchange.request();
    exchange.onEnded(_ -> over());
    exchange.onWritability(this::callerTakes);
    if (request.hasBody()) {
      exchange.receive(body, terms.sizes().bodyBytesMax(request.method(), request.path()));
    } else {
      received(body);
    }
  }

  @Override
  public void refused(Refusal refusal) {
    EdgeReply.refuse(exchange, refusal);
  }

  /// The request is complete: only now does it cost the portal anything.
  @Override
  public void received(HeldBody whole) {
    if (exchange.ended()) {
      return;
    }
    long bytes = whole.bytes().readableBytes();
    Taken taken = terms.places().take(holder, 1);
    if (taken == Taken.YES) {
      placed = 1;
      taken = terms.portalBytes().take(holder, bytes);
      portalBytes = taken == Taken.YES ? bytes : 0;
    }
    if (taken == Taken.YES) {
      send(false);
    } else {
      EdgeReply.refuse(exchange, full(taken));
    }
  }

  private static Refusal full(Taken why) {
    return why == Taken.SHARE_FULL
        ? Refusal.tooMany(
            "The control plane answers as many calls of this caller as it may at once.",
            RETRY_AFTER_SECONDS)
        : Refusal.overloaded("The control plane takes no more calls now.", RETRY_AFTER_SECONDS);
  }

  private void send(boolean fresh) {
    RequestHead request = exchange.request();
    ByteBuf bytes = request.hasBody() ? body.bytes().retainedDuplicate() : Unpooled.EMPTY_BUFFER;
    call =
        portal.call(
            exchange.eventLoop(),
            new UpstreamRequest(
                request.method(),
                request.pathAndQuery(),
                HandoffHeaders.toPortal(request, secret),
                bytes,
                bytes.readableBytes(),
                TIMEOUTS,
                fresh),
            this);
  }

  /// Whatever ended the exchange: gives back all that was taken for it, once.
  private void over() {
    UpstreamCall running = call;
    call = null;
    if (running != null) {
      running.cancel();
    }
    body.abandon();
    terms.places().give(holder, placed);
    terms.portalBytes().give(holder, portalBytes);
  }

  private void callerTakes() {
    if (call == null) {
      return;
    }
    if (exchange.isWritable()) {
      call.resumeReading();
    } else {
      call.pauseReading();
    }
  }

  @Override
  public void head(int status, HttpHeaders headers, long bodyLength) {
    body.release();
    exchange.head(status, HandoffHeaders.fromPortal(headers), bodyLength);
  }

  @Override
  public void data(ByteBuf part) {
    exchange.write(part);
    if (call != null && !exchange.isWritable()) {
      call.pauseReading();
    }
  }

  @Override
  public void readComplete() {
    exchange.flush();
  }

  @Override
  public void end() {
    call = null;
    exchange.finish();
  }

  @Override
  public void failed(UpstreamFailure failure) {
    call = null;
    if (exchange.ended()) {
      return;
    }
    if (exchange.headSent()) {
      exchange.reset("portal_" + failure.phase().code());
    } else if (failure.retryOnFresh() && !repeated) {
      repeated = true;
      send(true);
    } else {
      EdgeReply.refuse(exchange, refusal(failure));
    }
  }

  private static Refusal refusal(UpstreamFailure failure) {
    if (failure.timeout()) {
      return Refusal.timeout(failure.phase().code(), "The control plane did not answer in time.");
    }
    return switch (failure.phase()) {
      case POOL, CONNECT ->
          Refusal.overloaded("The control plane takes no more calls now.", RETRY_AFTER_SECONDS);
      case ADDRESS, SEND, FIRST_BYTE, IDLE ->
          Refusal.upstream("The control plane did not give a whole answer.");
    };
  }
}
