package dev.gatewright.relay.dial;

import dev.gatewright.relay.Origin;
import dev.gatewright.relay.UpstreamFailure.Phase;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.ConnectException;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One dialling under way: resolve, check, connect (each address in turn), TLS. Confined to its
/// event loop.
public final class Dial {
  /// Hears how it went, exactly once, unless cancelled.
  public interface Outcome {
    /// An open channel, TLS finished, `autoRead` off; ownership passes.
    void dialled(Channel channel);

    void notDialled(Phase phase, String message);
  }

  private static final Logger log = LoggerFactory.getLogger(Dial.class);
  private static final int ATTEMPT_MILLIS_MIN = 250;

  private final Dialer dialer;
  private final EventLoop loop;
  private final Origin origin;
  private final DialRules rules;
  private final int timeoutMillis;
  private final Outcome outcome;
  private List<InetAddress> addresses = List.of();
  private @Nullable Channel channel;
  private boolean done;

  Dial(
      Dialer dialer,
      EventLoop loop,
      Origin origin,
      DialRules rules,
      int timeoutMillis,
      Outcome outcome) {
    this.dialer = dialer;
    this.loop = loop;
    this.origin = origin;
    this.rules = rules;
    this.timeoutMillis = timeoutMillis;
    this.outcome = outcome;
  }

  void start() {
    switch (DialHost.of(origin.host())) {
      case DialHost.Address(InetAddress address) -> check(List.of(address));
      case DialHost.Unusable(String reason) -> fail(Phase.ADDRESS, "the upstream's host " + reason);
      case DialHost.Name(String name) ->
          dialer.resolver(loop).resolve(loop, name).addListener(this::resolved);
    }
  }

  /// Stops at once, whatever is under way; the outcome hears nothing.
  public void cancel() {
    done = true;
    if (channel != null) {
      channel.close();
    }
  }

  private void resolved(Future<? super List<InetAddress>> found) {
    if (done) {
      return;
    }
    if (!found.isSuccess()) {
      log.debug("{} does not resolve", origin, found.cause());
      fail(Phase.CONNECT, "the upstream's name does not resolve");
      return;
    }
    @SuppressWarnings("unchecked")
    List<InetAddress> all = (List<InetAddress>) found.getNow();
    check(all);
  }

  /// One address that may not be dialled condemns the name: a mixed answer is how rebinding looks.
  private void check(List<InetAddress> found) {
    for (InetAddress address : found) {
      String reason = rules.refusal(address);
      if (reason != null) {
        fail(Phase.ADDRESS, "the upstream's address " + reason);
        return;
      }
    }
    addresses = found;
    connect(0);
  }

  private void connect(int index) {
    int left = addresses.size() - index;
    int attemptMillis =
        left == 1 ? timeoutMillis : Math.max(ATTEMPT_MILLIS_MIN, timeoutMillis / (left + 1));
    ChannelFuture connecting =
        dialer.connect(loop, addresses.get(index), origin.port(), attemptMillis);
    channel = connecting.channel();
    connecting.addListener(_ -> connected(connecting, index));
  }

  private void connected(ChannelFuture connecting, int index) {
    if (done) {
      connecting.channel().close();
    } else if (connecting.isSuccess()) {
      secure(connecting.channel());
    } else if (index + 1 < addresses.size()) {
      connect(index + 1);
    } else {
      log.debug("{} does not accept a connection", origin, connecting.cause());
      fail(Phase.CONNECT, "no connection to the upstream: " + words(connecting.cause()));
    }
  }

  private static String words(Throwable cause) {
    return switch (cause) {
      case ConnectTimeoutException _ -> "no answer";
      case ConnectException _ -> "refused or not reachable";
      default -> "not reachable";
    };
  }

  private void secure(Channel connected) {
    if (!origin.tls()) {
      succeed(connected);
      return;
    }
    SslHandler tls = dialer.tlsHandler(connected, origin);
    connected.pipeline().addLast(tls);
    tls.handshakeFuture().addListener(handshake -> secured(connected, handshake));
    connected.read();
  }

  private void secured(Channel connected, Future<?> handshake) {
    if (done) {
      connected.close();
    } else if (handshake.isSuccess()) {
      succeed(connected);
    } else {
      connected.close();
      log.debug("{} does not complete the TLS handshake", origin, handshake.cause());
      fail(Phase.CONNECT, "the TLS handshake with the upstream failed");
    }
  }

  private void succeed(Channel connected) {
    done = true;
    outcome.dialled(connected);
  }

  private void fail(Phase phase, String message) {
    done = true;
    outcome.notDialled(phase, message);
  }
}
