package dev.gatewright.relay;

import dev.gatewright.edge.BodyReceiver;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RequestHead;
import dev.gatewright.secret.Secret;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One exchange on its way through the portal: bytes both ways as they come, each side slowed to
/// what the other takes. Confined to the exchange's event loop.
final class HandedOff implements UpstreamListener {
  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(120), Duration.ofSeconds(120));
  private static final int RETRY_AFTER_SECONDS = 1;

  private final Exchange exchange;
  private final Upstream portal;
  private final Secret secret;
  private final long bodyBytesMax;
  private @Nullable UpstreamCall call;
  private boolean repeated;

  HandedOff(Exchange exchange, Upstream portal, Secret secret, long bodyBytesMax) {
    this.exchange = exchange;
    this.portal = portal;
    this.secret = secret;
    this.bodyBytesMax = bodyBytesMax;
  }

  void begin() {
    exchange.onGone(this::callerLeft);
    exchange.onWritability(this::callerTakes);
    send(false);
    if (exchange.request().hasBody() && !exchange.ended()) {
      exchange.receive(new Body(), bodyBytesMax);
    }
  }

  private void send(boolean fresh) {
    RequestHead request = exchange.request();
    call =
        portal.call(
            exchange.eventLoop(),
            new UpstreamRequest(
                request.method(),
                request.pathAndQuery(),
                HandoffHeaders.toPortal(request, secret),
                Unpooled.EMPTY_BUFFER,
                request.bodyLength(),
                TIMEOUTS,
                fresh),
            this);
  }

  private void callerLeft() {
    if (call != null) {
      call.cancel();
    }
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
    exchange.finish();
  }

  @Override
  public void writable() {
    exchange.resumeBody();
  }

  @Override
  public void failed(UpstreamFailure failure) {
    if (exchange.ended()) {
      return;
    }
    if (exchange.headSent()) {
      exchange.reset("portal_" + failure.phase().code());
    } else if (failure.retryOnFresh() && !repeated && !exchange.request().hasBody()) {
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

  /// The request's body on its way in.
  private final class Body implements BodyReceiver {
    @Override
    public void data(ByteBuf part) {
      if (call == null) {
        part.release();
        return;
      }
      call.write(part);
      if (!call.isWritable()) {
        exchange.pauseBody();
      }
    }

    @Override
    public void end() {
      if (call != null) {
        call.endBody();
      }
    }

    @Override
    public void refused(Refusal refusal) {
      callerLeft();
      if (exchange.headSent()) {
        exchange.reset(refusal.code());
      } else {
        EdgeReply.refuse(exchange, refusal);
      }
    }
  }
}
