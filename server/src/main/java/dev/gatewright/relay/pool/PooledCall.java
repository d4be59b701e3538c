package dev.gatewright.relay.pool;

import dev.gatewright.relay.RequestWriter;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamFailure.Phase;
import dev.gatewright.relay.UpstreamListener;
import dev.gatewright.relay.UpstreamRequest;
import dev.gatewright.relay.dial.Dial;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One call, from the wait for a connection to the answer's end. It reads downwards: place in the
/// pool, dial, send, first byte, body. Confined to its event loop.
final class PooledCall implements UpstreamCall, Dial.Outcome {
  /// Neighbours in the [LoopWatch]'s list.
  @Nullable PooledCall next;

  @Nullable PooledCall previous;

  private final LoopPool pool;
  private final UpstreamRequest request;
  private final UpstreamListener listener;
  private final boolean asksUpgrade;
  private @Nullable RequestSender sender;
  private @Nullable Dial dial;
  private @Nullable UpstreamConnection connection;
  private Phase phase = Phase.POOL;
  private long sinceNanos;
  private int startTurn;
  private boolean reused;
  private boolean paused;
  private boolean headSeen;
  private boolean tunnel;
  private boolean delivered;
  private boolean ended;

  PooledCall(
      LoopPool pool, UpstreamRequest request, UpstreamListener listener, boolean asksUpgrade) {
    this.pool = pool;
    this.request = request;
    this.listener = listener;
    this.asksUpgrade = asksUpgrade;
  }

  EventLoop loop() {
    return pool.watch().loop();
  }

  ByteBufAllocator allocator() {
    return ByteBufAllocator.DEFAULT;
  }

  boolean hasEnded() {
    return ended;
  }

  boolean wantsFresh() {
    return request.fresh() || asksUpgrade;
  }

  void begin() {
    enter(Phase.POOL);
    pool.watch().add(this);
    ByteBuf head = RequestWriter.head(allocator(), request, pool.pool().hostLine(), asksUpgrade);
    if (head == null) {
      request.body().release();
      fail(Phase.SEND, false, "the request's head holds a character that may not be sent", false);
      return;
    }
    sender = new RequestSender(this, request, head);
    UpstreamConnection idle = wantsFresh() ? null : pool.take();
    if (idle != null) {
      start(idle);
    } else {
      place();
    }
  }

  private void place() {
    UpstreamPool all = pool.pool();
    if (all.tryPermit()) {
      dial();
      return;
    }
    if (pool.hasIdle()) {
      // Only a call that wants a fresh connection comes here: an idle one makes room for it.
      pool.evictOldest();
    }
    if (!all.await(this)) {
      fail(Phase.POOL, false, allInUse(), false);
    }
  }

  /// A place in the pool's count has come free for this call, which waited for it.
  void permitted() {
    if (ended || phase != Phase.POOL) {
      pool.pool().releasePermit();
    } else {
      dial();
    }
  }

  private void dial() {
    enter(Phase.CONNECT);
    int millis = Math.clamp(request.timeouts().connect().toMillis(), 1, Integer.MAX_VALUE);
    UpstreamPool all = pool.pool();
    dial = all.dialer().dial(loop(), all.origin(), all.rules(), millis, this);
  }

  @Override
  public void dialled(Channel channel) {
    start(new UpstreamConnection(channel, pool));
  }

  @Override
  public void notDialled(Phase where, String message) {
    fail(where, false, message, false);
  }

  /// Sends the request over `ready`, which is this call's alone from now on.
  void start(UpstreamConnection ready) {
    dial = null;
    connection = ready;
    reused = ready.usedBefore();
    ready.carry(this, request.method().equals("HEAD"), asksUpgrade);
    enter(Phase.SEND);
    startTurn = pool.watch().markTurn();
    ready.reading(!paused);
    if (sender != null) {
      sender.start(ready.channel());
    }
  }

  /// The kernel has all of the request.
  void sent() {
    if (!ended && phase == Phase.SEND) {
      enter(Phase.FIRST_BYTE);
    }
  }

  void writableAgain() {
    if (!ended) {
      listener.writable();
    }
  }

  /// False for bytes that were there before this call's request was: they answer something else.
  boolean mayAnswer() {
    return !closeWasThere();
  }

  void surplusBefore() {
    fail(phase, false, "the upstream sent bytes that answer nothing", true);
  }

  /// True while nothing the socket shows can be an effect of this call's request.
  private boolean closeWasThere() {
    return reused
        && startTurn == pool.watch().turn()
        && connection != null
        && !connection.answerBegan();
  }

  /// Bytes came from the upstream.
  void heard() {
    if (headSeen) {
      sinceNanos = pool.watch().nanos();
    }
  }

  void head(int status, HttpHeaders headers, long bodyLength) {
    headSeen = true;
    delivered = true;
    enter(Phase.IDLE);
    listener.head(status, headers, bodyLength);
  }

  void upgraded(HttpHeaders headers) {
    headSeen = true;
    tunnel = true;
    delivered = true;
    enter(Phase.IDLE);
    listener.upgraded(headers);
  }

  void data(ByteBuf part) {
    delivered = true;
    listener.data(part);
  }

  void readComplete() {
    if (delivered) {
      delivered = false;
      listener.readComplete();
    }
  }

  void answered(boolean reusable, UpstreamConnection over) {
    boolean keep = reusable && sender != null && sender.isSent();
    end();
    if (keep) {
      over.returnHome();
    } else {
      over.close();
    }
    listener.end();
  }

  void malformed(String fault) {
    fail(headSeen ? Phase.IDLE : Phase.FIRST_BYTE, false, fault, false);
  }

  void connectionLost() {
    if (headSeen) {
      fail(Phase.IDLE, false, "the upstream closed the connection within the answer", false);
    } else if (phase == Phase.SEND) {
      boolean untouched = reused && connection != null && !connection.answerBegan();
      fail(phase, false, "the upstream closed the connection within the request", untouched);
    } else {
      fail(phase, false, "the upstream closed the connection before the answer", closeWasThere());
    }
  }

  /// True when the deadline of the phase has passed.
  boolean isLate(long now) {
    if (connection != null && sender != null && !sender.isSent() && sender.progressed()) {
      sinceNanos = now;
    }
    // A tunnel may rest; whoever asked for it knows for how long.
    boolean waitsForUs = tunnel || (paused && phase != Phase.POOL && phase != Phase.CONNECT);
    return !ended && !waitsForUs && now - sinceNanos > limit().toNanos();
  }

  private Duration limit() {
    Timeouts timeouts = request.timeouts();
    return switch (phase) {
      case POOL -> Duration.ofMillis(UpstreamPool.WAIT_MILLIS_MAX);
      case CONNECT, ADDRESS -> timeouts.connect();
      case FIRST_BYTE -> timeouts.firstByte();
      case SEND, IDLE -> timeouts.idle();
    };
  }

  void expire() {
    String limit = " within " + text(limit());
    switch (phase) {
      case POOL -> fail(phase, false, allInUse(), false);
      case CONNECT, ADDRESS -> fail(phase, true, "no connection to the upstream" + limit, false);
      case SEND -> fail(phase, true, "the upstream took nothing of the request" + limit, false);
      case FIRST_BYTE -> fail(phase, true, "the upstream did not answer" + limit, false);
      case IDLE -> fail(phase, true, "the upstream sent nothing more" + limit, false);
    }
  }

  private static String text(Duration limit) {
    return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
  }

  private String allInUse() {
    return "all %d connections to the upstream are in use".formatted(pool.pool().connectionsMax());
  }

  private void enter(Phase entered) {
    phase = entered;
    sinceNanos = pool.watch().nanos();
  }

  private void fail(Phase where, boolean timeout, String message, boolean retryOnFresh) {
    if (!ended) {
      cancel();
      listener.failed(new UpstreamFailure(where, timeout, message, retryOnFresh));
    }
  }

  @Override
  public void cancel() {
    if (ended) {
      return;
    }
    UpstreamConnection inUse = connection;
    Dial dialling = dial;
    end();
    if (inUse != null) {
      inUse.abandon(sender == null || sender.isSent());
    } else if (phase == Phase.POOL) {
      pool.pool().stopWaiting(this);
    } else if (phase == Phase.CONNECT) {
      if (dialling != null) {
        dialling.cancel();
      }
      pool.pool().releasePermit();
    }
  }

  private void end() {
    ended = true;
    pool.watch().remove(this);
    if (connection != null) {
      connection.detach();
    }
    if (sender != null) {
      sender.release();
    }
  }

  @Override
  public void pauseReading() {
    if (!paused && !ended) {
      paused = true;
      if (connection != null) {
        connection.reading(false);
      }
    }
  }

  @Override
  public void resumeReading() {
    if (paused && !ended) {
      paused = false;
      sinceNanos = pool.watch().nanos();
      if (connection != null) {
        connection.reading(true);
      }
    }
  }

  @Override
  public void write(ByteBuf part) {
    if (ended || sender == null) {
      part.release();
    } else if (sender.isOverfull()) {
      part.release();
      fail(Phase.SEND, false, "the upstream does not take the request as fast as it comes", false);
    } else if (tunnel) {
      sender.pass(part);
    } else if (!sender.write(part)) {
      fail(Phase.SEND, false, "the request's body is longer than announced", false);
    }
  }

  @Override
  public void endBody() {
    if (tunnel && !ended && connection != null) {
      connection.closeAfterWrites();
    } else if (!ended && sender != null && !sender.endBody()) {
      fail(Phase.SEND, false, "the request's body is shorter than announced", false);
    }
  }

  @Override
  public boolean isWritable() {
    return !ended && sender != null && sender.isWritable();
  }

  @Override
  public boolean isSent() {
    return sender != null && sender.isSent();
  }

  @Override
  public boolean reused() {
    return reused;
  }
}
