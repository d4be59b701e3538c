package dev.gatewright.handoff;

import dev.gatewright.call.Outward;
import dev.gatewright.edge.EdgeHandler;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.relay.Origin;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.pool.Upstreams;
import dev.gatewright.secret.Secret;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Hands exchanges of the control plane to the portal on 127.0.0.1, the request whole and the
/// answer as it comes, and says who called: the portal believes the `x-gatewright-*` headers
/// because the secret of this start comes with them. While the portal is still starting an exchange
/// waits for it. Thread-safe.
public final class Handoff implements EdgeHandler {
  /// How long an exchange waits for a portal that is starting.
  public static final Duration WAIT = Duration.ofSeconds(30);

  private static final int RETRY_AFTER_SECONDS = 5;

  private final Outward outward;
  private final CompletableFuture<Upstream> upstream;
  private final Secret secret;
  private final HandoffTerms terms;
  private final Duration wait;

  /// @param portal where the portal listens, once it does; failed when it could not start
  /// @param secret of this start
  public Handoff(
      Outward outward,
      Upstreams upstreams,
      CompletableFuture<Origin> portal,
      Secret secret,
      HandoffTerms terms) {
    this(outward, upstreams, portal, secret, terms, WAIT);
  }

  Handoff(
      Outward outward,
      Upstreams upstreams,
      CompletableFuture<Origin> portal,
      Secret secret,
      HandoffTerms terms,
      Duration wait) {
    this.outward = outward;
    this.upstream =
        portal.thenApply(origin ->
            upstreams.open(origin, DialRules.ALLOW_PRIVATE, HandoffTerms.connectionsMax()));
    this.secret = secret;
    this.terms = terms;
    this.wait = wait;
  }

  @Override
  public void handle(Exchange exchange) {
    if (upstream.isDone()) {
      forward(exchange);
    } else {
      await(exchange);
    }
  }

  @Override
  public boolean traced() {
    return true;
  }

  private void await(Exchange exchange) {
    ScheduledFuture<?> patience =
        exchange
            .eventLoop()
            .schedule(() -> notUp(exchange), wait.toMillis(), TimeUnit.MILLISECONDS);
    exchange.onEnded(_ -> patience.cancel(false));
    upstream.whenComplete((_, _) ->
        exchange
            .eventLoop()
            .execute(() -> {
              if (patience.cancel(false) && !exchange.ended()) {
                forward(exchange);
              }
            }));
  }

  private void forward(Exchange exchange) {
    if (upstream.isCompletedExceptionally()) {
      notUp(exchange);
    } else {
      new HandedOff(outward, exchange, upstream.join(), secret, terms).begin();
    }
  }

  private static void notUp(Exchange exchange) {
    if (!exchange.ended()) {
      EdgeReply.refuse(
          exchange, Refusal.overloaded("The control plane is not up yet.", RETRY_AFTER_SECONDS));
    }
  }
}
