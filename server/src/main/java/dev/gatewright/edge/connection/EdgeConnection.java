package dev.gatewright.edge.connection;

import dev.gatewright.edge.Forwarded;
import dev.gatewright.edge.RequestHead;
import dev.gatewright.edge.head.ParsedHead;
import dev.gatewright.edge.head.Rejection;
import dev.gatewright.id.Ids;
import dev.gatewright.net.IpLiteral;
import dev.gatewright.share.Holder;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// One caller's connection, whatever the protocol on it: who is at its other end, and what the loop
/// does with all of its connections alike. Confined to the loop.
public abstract class EdgeConnection extends ChannelInboundHandlerAdapter {
  // The list of the loop's connections is strung through these.
  @Nullable EdgeConnection next;
  @Nullable EdgeConnection previous;

  private final EdgeLoop loop;
  private final SocketChannel channel;
  private final InetAddress peer;
  private final String peerText;
  private final Holder holder;
  private final @Nullable SslHandler tls;

  /// @param peer the other end, as the PROXY protocol says where that is in use
  /// @param holder whose share of what waits unread it is
  protected EdgeConnection(EdgeLoop loop, SocketChannel channel, InetAddress peer, Holder holder) {
    this.loop = loop;
    this.channel = channel;
    this.peer = peer;
    this.peerText = IpLiteral.format(peer);
    this.holder = holder;
    this.tls = channel.pipeline().get(SslHandler.class);
  }

  public final EdgeLoop loop() {
    return loop;
  }

  public final SocketChannel channel() {
    return channel;
  }

  public final InetAddress peer() {
    return peer;
  }

  public final Holder holder() {
    return holder;
  }

  /// Null without TLS.
  public final @Nullable SslHandler tls() {
    return tls;
  }

  /// What is complete of a head, as handlers see it.
  public final RequestHead requestHead(ParsedHead head) {
    EdgeCore core = loop.core();
    long millis = core.time().millis();
    boolean trusted = core.forwarded().trusts(peer);
    String host = head.host == null ? "-" : head.host;
    String asked = trusted ? Forwarded.host(head.forwardedHost, host) : host;
    String scheme = tls == null ? "http" : "https";
    return new RequestHead(
        Ids.request(millis),
        head.method.isEmpty() ? "-" : head.method,
        head.path.isEmpty() ? "/" : head.path,
        head.query,
        head.headers,
        trusted ? Forwarded.scheme(head.forwardedProto, scheme) : scheme,
        asked,
        core.sites().of(asked),
        trusted ? core.forwarded().client(peer, head.headers, head.forwardedFor) : peer,
        head.bodyLength(),
        core.time().nanos(),
        millis,
        core.secrets().proves(head.edgeSecret),
        trusted);
  }

  /// A head is complete, and this is its exchange.
  ///
  /// @param rejection why no handler may see it
  public final void begin(EdgeExchange started, @Nullable Rejection rejection) {
    loop.core().drain().entered();
    if (rejection == null) {
      loop.core().dispatch().dispatch(started);
    } else {
      started.distrust();
      loop.core().dispatch().reject(started, rejection);
    }
  }

  /// The caller's address, as the log shows it.
  public final String clientText(RequestHead head) {
    return head.client().equals(peer) ? peerText : IpLiteral.format(head.client());
  }

  /// Closes our half, so that the caller can read to its end.
  public final void shutdownOutput() {
    SslHandler handler = tls;
    if (handler == null) {
      channel.shutdownOutput();
    } else {
      // Without TLS's own end what was sent would look cut.
      handler.closeOutbound().addListener(_ -> channel.shutdownOutput());
    }
  }

  /// Looks after deadlines.
  public abstract void sweep(long nowNanos);

  /// Ends whatever goes on, hard; the caller counts as gone.
  public abstract void abort(String reason);

  /// The drain's grace is over: what runs is told.
  public abstract void expire();

  /// What has not ended a moment after that ends now.
  public abstract void breakRunning();

  /// The process is about to end: a quiet connection just closes, a running exchange breaks.
  public abstract void shutdown();
}
