package dev.gatewright.edge;

import dev.gatewright.config.Settings;
import dev.gatewright.edge.connection.Dispatch;
import dev.gatewright.edge.connection.EdgeCore;
import dev.gatewright.edge.connection.EdgeLoop;
import dev.gatewright.edge.connection.LoopChoice;
import dev.gatewright.edge.log.AccessLog;
import dev.gatewright.edge.site.SiteDoor;
import dev.gatewright.edge.site.SitesConfig;
import dev.gatewright.edge.tls.TlsConfig;
import dev.gatewright.edge.tls.TlsDoor;
import dev.gatewright.edge.welcome.Welcome;
import dev.gatewright.telemetry.Time;
import dev.gatewright.telemetry.trace.Tracing;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The listener. One per process: it binds first, and everything from outside comes through it.
/// Thread-safe.
public final class EdgeServer implements AutoCloseable {
  private static final int BACKLOG = 4096;
  private static final WriteBufferWaterMark WATER_MARKS =
      new WriteBufferWaterMark(32 << 10, 64 << 10);
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final EdgeCore core;
  private final Transport transport;
  private final LoopChoice choice;
  private final EventLoopGroup group;
  private final Map<EventExecutor, EdgeLoop> loops = new ConcurrentHashMap<>();
  private final Channel listener;

  private EdgeServer(
      EdgeConfig config, EdgeCore core, Transport transport, LoopChoice choice, int threads)
      throws IOException {
    this.core = core;
    this.transport = transport;
    this.choice = choice;
    this.group = transport.loops(threads, "edge", choice);
    this.listener = bind(config);
    core.drain().onExpire(() -> loops.values().forEach(EdgeServer::expire));
  }

  /// Starts with a drain of its own and nobody exempt from the edge secret.
  ///
  /// @throws IOException when the address cannot be bound
  public static EdgeServer start(EdgeConfig config, Time time, RouteTable routes, AccessLog log)
      throws IOException {
    return start(config, time, routes, log, Tracing.OFF, new Drain(), _ -> false);
  }

  /// @param log closed by whoever opened it, after this server
  /// @param tracing whether spans are recorded
  /// @param exempt requests that need no edge secret although one is required: those of the local
  ///   command line. Asked on the event loop, only where a secret is required and missing.
  /// @throws IOException when the address cannot be bound
  /// @throws Settings.InvalidSetting when the certificate cannot be used
  public static EdgeServer start(
      EdgeConfig config,
      Time time,
      RouteTable routes,
      AccessLog log,
      Tracing tracing,
      Drain drain,
      Predicate<RequestHead> exempt)
      throws IOException {
    int processors = Runtime.getRuntime().availableProcessors();
    return start(
        config,
        time,
        routes,
        log,
        tracing,
        drain,
        exempt,
        Transport.best(),
        new LoopChoice(),
        processors);
  }

  static EdgeServer start(
      EdgeConfig config,
      Time time,
      RouteTable routes,
      AccessLog log,
      Tracing tracing,
      Drain drain,
      Predicate<RequestHead> exempt,
      Transport transport,
      LoopChoice choice,
      int threads)
      throws IOException {
    SiteDoor sites = new SiteDoor(config.sites());
    Cors cors = new Cors(config.cors(), sites);
    Dispatch dispatch = new Dispatch(routes, sites, cors, drain, config.edgeRequired(), exempt);
    TlsConfig files = config.protocols().tls();
    TlsDoor tls = files == null ? null : TlsDoor.open(files, config.protocols().http2());
    EdgeCore core =
        EdgeCore.of(
            config, time, routes.idPrefixes(), sites, dispatch, cors, drain, log, tracing, tls);
    return new EdgeServer(config, core, transport, choice, threads);
  }

  private Channel bind(EdgeConfig config) throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channel(transport.serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARKS)
            .childHandler(new Welcome(core, config.proxyProtocol(), this::loop));
    var bound = bootstrap.bind(config.host(), config.port()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      closeTls();
      group.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
      throw new IOException(
          "cannot listen on %s:%d: %s"
              .formatted(config.host(), config.port(), bound.cause().getMessage()),
          bound.cause());
    }
    return bound.channel();
  }

  private EdgeLoop loop(EventLoop eventLoop) {
    return loops.computeIfAbsent(eventLoop, _ -> new EdgeLoop(core, eventLoop, choice, this::loop));
  }

  private static void expire(EdgeLoop loop) {
    loop.eventLoop().execute(loop::expire);
  }

  /// Puts edited `cors` and `sites` in force.
  public void configure(CorsConfig cors, SitesConfig edited) {
    core.sites().configure(edited);
    core.cors().configure(cors);
  }

  /// The port bound, also where any free one was asked for.
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /// The names under which it answers.
  public SiteDoor sites() {
    return core.sites();
  }

  /// The certificate in force; null without TLS.
  public @Nullable TlsDoor tls() {
    return core.tls();
  }

  public Drain drain() {
    return core.drain();
  }

  /// The loops exchanges run on.
  public EventLoopGroup loops() {
    return group;
  }

  /// Connections open at the moment.
  public int connections() {
    return core.open().get();
  }

  /// Connections closed at once because too many were open.
  public long connectionsTurnedAway() {
    return core.turnedAway().sum();
  }

  /// Connections that ended within TLS's handshake.
  public long handshakesFailed() {
    return core.handshakesFailed().sum();
  }

  /// Stops listening and breaks what is still open; blocks for about a second at most. Ending
  /// gently is [Drain]'s part, before this.
  @Override
  public void close() {
    if (group.isShuttingDown()) {
      return;
    }
    closeTls();
    listener.close().awaitUninterruptibly(LAST_WORDS.toMillis());
    for (EdgeLoop loop : loops.values()) {
      loop.eventLoop().submit(loop::close).awaitUninterruptibly(LAST_WORDS.toMillis());
    }
    group
        .shutdownGracefully(0, LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(LAST_WORDS.toMillis());
  }

  private void closeTls() {
    TlsDoor tls = core.tls();
    if (tls != null) {
      tls.close();
    }
  }
}
