package dev.gatewright.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Callers on keep-alive connections. Closed loop: each sends its next call when the last is
/// answered. Open loop: calls leave by the clock, and latency counts from when a call was due, so a
/// stall is not hidden by the callers waiting for it.
final class Load {
  /// What came of one run.
  ///
  /// @param done complete answers with status 200
  /// @param failed other statuses and broken connections
  record Result(long done, long failed, double seconds, Histogram whole, Histogram first) {
    double perSecond() {
      return done / seconds;
    }
  }

  private final EventLoopGroup group;
  private final List<Integer> ports;
  private final List<ByteBuf> requests;
  private final LongAdder done = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final Histogram whole = new Histogram();
  private final Histogram first = new Histogram();
  private volatile boolean running = true;

  private Load(EventLoopGroup group, List<Integer> ports, List<byte[]> requests) {
    this.group = group;
    this.ports = ports;
    this.requests =
        requests.stream()
            .map(bytes ->
                Unpooled.unreleasableBuffer(Unpooled.directBuffer(bytes.length).writeBytes(bytes)))
            .toList();
  }

  /// @param ports taken in turns by the connections
  /// @param requests what is sent to each port
  /// @param callers connections, one call at a time on each
  static Result closed(
      EventLoopGroup group, List<Integer> ports, List<byte[]> requests, int callers, double seconds)
      throws InterruptedException {
    Load load = new Load(group, ports, requests);
    List<Channel> channels = load.connect(callers, true);
    return load.finish(channels, seconds);
  }

  /// @param callsPerSecond sent by the clock, spread over the event loops' threads
  static Result open(
      EventLoopGroup group,
      List<Integer> ports,
      List<byte[]> requests,
      int callsPerSecond,
      double seconds)
      throws InterruptedException {
    Load load = new Load(group, ports, requests);
    List<Channel> channels = load.connect(64, false);
    long gapNanos = TimeUnit.SECONDS.toNanos(1) * channels.size() / callsPerSecond;
    for (int i = 0; i < channels.size(); i++) {
      Channel channel = channels.get(i);
      Caller caller = channel.pipeline().get(Caller.class);
      long offset = gapNanos * i / channels.size();
      channel.eventLoop().scheduleAtFixedRate(caller::due, offset, gapNanos, TimeUnit.NANOSECONDS);
    }
    return load.finish(channels, seconds);
  }

  private List<Channel> connect(int callers, boolean loop) {
    List<Channel> channels = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      int which = i % ports.size();
      channels.add(
          Loops.client(group)
              .handler(
                  new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      channel.pipeline().addLast(new Caller(loop, requests.get(which)));
                    }
                  })
              .connect("127.0.0.1", ports.get(which))
              .syncUninterruptibly()
              .channel());
    }
    return channels;
  }

  private Result finish(List<Channel> channels, double seconds) throws InterruptedException {
    long start = System.nanoTime();
    Thread.sleep((long) (seconds * 1000));
    running = false;
    double took = (System.nanoTime() - start) / 1e9;
    Result result = new Result(done.sum(), failed.sum(), took, whole, first);
    for (Channel channel : channels) {
      channel.close().syncUninterruptibly();
    }
    return result;
  }

  private final class Caller extends ChannelInboundHandlerAdapter {
    private final boolean loop;
    private final ByteBuf request;
    private final AnswerParser parser = new AnswerParser();
    private final Queue<Long> waiting = new ArrayDeque<>();
    private ChannelHandlerContext context;
    private long started;
    private boolean busy;
    private boolean firstSeen;

    @SuppressWarnings("NullAway.Init") // Set when the handler is added, before any other call.
    Caller(boolean loop, ByteBuf request) {
      this.loop = loop;
      this.request = request;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      this.context = context;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      if (loop) {
        send(System.nanoTime());
      }
    }

    /// A call is due by the clock; one connection carries one call at a time, the rest wait.
    void due() {
      if (!running) {
        return;
      }
      if (busy) {
        waiting.add(System.nanoTime());
      } else {
        send(System.nanoTime());
      }
    }

    private void send(long dueNanos) {
      busy = true;
      firstSeen = false;
      started = dueNanos;
      parser.reset();
      context.writeAndFlush(request.duplicate(), context.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf in = (ByteBuf) message;
      boolean complete = parser.feed(in);
      in.release();
      if (!firstSeen && parser.started()) {
        firstSeen = true;
        first.add(System.nanoTime() - started);
      }
      if (complete) {
        answered();
      }
    }

    private void answered() {
      busy = false;
      if (!running) {
        return;
      }
      long now = System.nanoTime();
      if (parser.status() == 200) {
        done.increment();
        whole.add(now - started);
      } else {
        failed.increment();
      }
      if (loop) {
        send(now);
      } else if (!waiting.isEmpty()) {
        send(waiting.remove());
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (running) {
        failed.increment();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
