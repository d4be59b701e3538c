package dev.gatewright.edge.connection;

import dev.gatewright.edge.EdgeLimits;
import dev.gatewright.edge.head.HeadParser;
import dev.gatewright.edge.log.AccessLines;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the connections of one event loop share: scratch bytes, parsers, the log's batch, and one
/// ticking sweep that looks after everybody's deadlines, because arming and disarming a timer for
/// each request would cost more than looking. Confined to its loop.
public final class EdgeLoop {
  private static final Logger LOGGER = LoggerFactory.getLogger(EdgeLoop.class);
  private static final long TICK_MILLIS_MAX = 250;
  private static final long TICK_MILLIS_MIN = 10;

  /// What handlers have for the error event of their dialect once the drain's grace is over.
  private static final long LAST_WORDS_MILLIS = 1500;

  private final EdgeCore core;
  private final EventLoop eventLoop;
  private final byte[] scratch;
  private final HeadParser parser;
  private final HeadWriter writer = new HeadWriter();
  private final StreamHeadWriter streamHeads = new StreamHeadWriter();
  private final AccessLines log;
  private final Future<?> ticking;
  private final LoopChoice choice;
  private final Function<EventLoop, EdgeLoop> others;
  private @Nullable EdgeConnection first;
  private long reportedNanos;
  private long reportedCpuNanos;
  private LoopChoice.@Nullable Give giving;

  /// Counts what was to be given away; a connection decides once for each.
  private int round;

  private boolean stays;

  public EdgeLoop(
      EdgeCore core, EventLoop eventLoop, LoopChoice choice, Function<EventLoop, EdgeLoop> others) {
    this.core = core;
    this.eventLoop = eventLoop;
    this.choice = choice;
    this.others = others;
    this.scratch = new byte[core.limits().headerBytes()];
    this.parser = new HeadParser(core.targets(), core.keysInPath());
    this.log = new AccessLines(core.log());
    long tick = tickMillis(core.limits());
    this.ticking = eventLoop.scheduleWithFixedDelay(this::tick, tick, tick, TimeUnit.MILLISECONDS);
  }

  /// A fifth of the shortest limit, so that none is overdrawn by more than that.
  private static long tickMillis(EdgeLimits limits) {
    Duration shortest = limits.headerTimeout();
    for (Duration other : new Duration[] {limits.writeStall(), limits.bodyIdle()}) {
      shortest = shortest.compareTo(other) <= 0 ? shortest : other;
    }
    return Math.clamp(shortest.toMillis() / 5, TICK_MILLIS_MIN, TICK_MILLIS_MAX);
  }

  public EdgeCore core() {
    return core;
  }

  public EventLoop eventLoop() {
    return eventLoop;
  }

  public byte[] scratch() {
    return scratch;
  }

  public HeadParser parser() {
    return parser;
  }

  public HeadWriter writer() {
    return writer;
  }

  public StreamHeadWriter streamHeads() {
    return streamHeads;
  }

  public AccessLines log() {
    return log;
  }

  public void add(EdgeConnection connection) {
    EdgeConnection head = first;
    connection.next = head;
    if (head != null) {
      head.previous = connection;
    }
    first = connection;
  }

  @SuppressWarnings("ReferenceEquality") // a link of the list, not its value
  public void remove(EdgeConnection connection) {
    EdgeConnection next = connection.next;
    EdgeConnection previous = connection.previous;
    if (next != null) {
      next.previous = previous;
    }
    if (previous != null) {
      previous.next = next;
    } else if (first == connection) {
      first = next;
    }
    connection.next = null;
    connection.previous = null;
  }

  /// The action may remove the connection it is given.
  private void each(Consumer<EdgeConnection> action) {
    for (EdgeConnection at = first; at != null; ) {
      EdgeConnection next = at.next;
      action.accept(at);
      at = next;
    }
  }

  private void tick() {
    try {
      long now = core.time().nanos();
      each(at -> guarded(at, now));
      log.flush();
      report(now);
    } catch (RuntimeException e) {
      LOGGER.error("the sweep over the connections of this loop failed; it goes on", e);
    }
  }

  private void report(long now) {
    long cpu = choice.cpuNanos();
    long took = now - reportedNanos;
    boolean first = reportedNanos == 0;
    reportedNanos = now;
    long used = cpu - reportedCpuNanos;
    reportedCpuNanos = cpu;
    if (first || took <= 0) {
      return;
    }
    giving = choice.report(eventLoop, Math.clamp(used * 1000 / took, 0, 1000));
    round++;
  }

  /// Where a connection that rests between two requests is to go on; null = here. To be asked once
  /// a [#round()] by each.
  public @Nullable EventLoop destination() {
    LoopChoice.Give give = giving;
    if (give == null) {
      return null;
    }
    stays = give.half() && !stays;
    return stays ? null : (EventLoop) give.to();
  }

  public int round() {
    return round;
  }

  /// The same of another event loop.
  public EdgeLoop other(EventLoop loop) {
    return others.apply(loop);
  }

  /// A bug that shows in one connection ends that connection, not everybody's time-outs: a task
  /// that throws is never run again.
  private static void guarded(EdgeConnection connection, long now) {
    try {
      connection.sweep(now);
    } catch (RuntimeException e) {
      LOGGER.error("a connection could not be looked after; it is closed", e);
      connection.abort("internal");
    }
  }

  /// The drain's grace is over.
  public void expire() {
    each(EdgeConnection::expire);
    eventLoop.schedule(this::breakRunning, LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void breakRunning() {
    each(EdgeConnection::breakRunning);
  }

  /// Breaks every connection and stops ticking.
  public void close() {
    each(EdgeConnection::shutdown);
    ticking.cancel(false);
    log.flush();
  }
}
