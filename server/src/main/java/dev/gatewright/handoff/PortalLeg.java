package dev.gatewright.handoff;

import dev.gatewright.call.BlindTap;
import dev.gatewright.call.Ending;
import dev.gatewright.call.Leg;
import dev.gatewright.call.Sink;
import dev.gatewright.call.Verdict;
import dev.gatewright.call.sink.PassSink;
import dev.gatewright.call.sink.Words;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RequestHead;
import dev.gatewright.ledger.Opening;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamRequest;
import dev.gatewright.secret.Secret;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The portal, asked for one exchange. It leaves no row, and its answer passes as it comes.
/// Confined to the exchange's event loop.
///
/// @param repeated a connection had gone stale
record PortalLeg(Exchange exchange, Upstream upstream, Secret secret, boolean repeated)
    implements Leg, Words {
  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(120), Duration.ofSeconds(120));

  @Override
  public @Nullable Opening opening(int ordinal) {
    return null;
  }

  @Override
  public UpstreamRequest request(@Nullable ByteBuf whole) {
    RequestHead request = exchange.request();
    ByteBuf bytes = whole == null ? Unpooled.EMPTY_BUFFER : whole;
    return new UpstreamRequest(
        request.method(),
        request.pathAndQuery(),
        HandoffHeaders.toPortal(request, secret),
        bytes,
        bytes.readableBytes(),
        TIMEOUTS,
        repeated);
  }

  @Override
  public Sink answered(int status, HttpHeaders headers, long bodyLength) {
    return new PassSink(
        exchange,
        status,
        HandoffHeaders.fromPortal(headers),
        () -> bodyLength,
        new BlindTap(),
        this);
  }

  @Override
  public @Nullable Refusal instead(Ending ending) {
    return null;
  }

  /// What the portal sends has no place for a word of the edge's: it breaks off.
  @Override
  public @Nullable ByteBuf last(Refusal why) {
    return null;
  }

  @Override
  public void over(Verdict verdict) {
    boolean broken = exchange.headSent() && exchange.access().reason() == null;
    if (broken && verdict instanceof Verdict.Failed(var failure)) {
      exchange.access().reason("portal_" + failure.phase().code());
    }
  }
}
