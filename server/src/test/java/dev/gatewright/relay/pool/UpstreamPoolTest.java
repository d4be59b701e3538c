package dev.gatewright.relay.pool;

import static dev.gatewright.relay.pool.RelayBench.get;
import static dev.gatewright.relay.pool.RelayBench.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.Transport;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamFailure.Phase;
import dev.gatewright.telemetry.Time;
import io.netty.channel.EventLoop;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpstreamPoolTest {
  private final AtomicLong ahead = new AtomicLong();
  private final Time time = new Time(InstantSource.system(), () -> System.nanoTime() + ahead.get());
  private final RelayBench bench = new RelayBench(Transport.best(), new Upstreams(time));

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void full_pool_fails_after_a_short_wait() throws Exception {
    try (RawUpstream raw = RawUpstream.serving(RawUpstreamScripts::silent)) {
      UpstreamPool pool = (UpstreamPool) bench.open(raw, 2);
      bench.call(pool, get("/1"), new CallRecorder());
      bench.call(pool, get("/2"), new CallRecorder());
      CallRecorder third = new CallRecorder();
      bench.call(pool, get("/3"), third);
      CallRecorder fourth = new CallRecorder();
      bench.call(pool, get("/4"), fourth);
      CallRecorder fifth = new CallRecorder();
      bench.call(pool, get("/5"), fifth);
      // As many may wait as there are connections; the next one is told at once.
      assertThat(fifth.failure).isDone();
      assertThat(third.failure).isNotDone();
      assertThat(third.awaitFailure().phase()).isEqualTo(Phase.POOL);
      assertThat(fourth.awaitFailure().timeout()).isFalse();
      assertThat(raw.accepted()).isEqualTo(2);
      assertThat(pool.connections()).isEqualTo(2);
    }
  }

  @Test
  void waiting_call_gets_the_connection_that_comes_free() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      Upstream upstream = bench.open(raw, 1);
      CallRecorder first = new CallRecorder();
      bench.call(upstream, get("/1"), first);
      CallRecorder second = new CallRecorder();
      bench.call(upstream, get("/2"), second);
      RawPeer peer = raw.peer();
      peer.request();
      peer.answer("first");
      assertThat(peer.request()).startsWith("GET /2 ");
      peer.answer("second");
      assertThat(first.await() + second.await()).isEqualTo("firstsecond");
      assertThat(raw.accepted()).isEqualTo(1);
    }
  }

  @Test
  void idle_connection_of_another_loop_makes_room() throws Exception {
    try (RawUpstream raw = RawUpstream.serving(RawUpstreamScripts::echo)) {
      UpstreamPool pool = (UpstreamPool) bench.open(raw, 1);
      bench.fetch(pool, get("/1"));
      EventLoop other = bench.loops.next();
      assertThat(other).isNotSameAs(bench.loop);
      CallRecorder second = new CallRecorder();
      other.submit(() -> pool.call(other, get("/2"), second)).get(5, TimeUnit.SECONDS);
      assertThat(second.await()).startsWith("GET /2 ");
      assertThat(raw.accepted()).isEqualTo(2);
      assertThat(pool.connections()).isEqualTo(1);
    }
  }

  @Test
  void bound_holds_over_all_loops_under_load() throws Exception {
    AtomicInteger open = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (RawUpstream raw =
        RawUpstream.serving(peer -> {
          most.accumulateAndGet(open.incrementAndGet(), Math::max);
          try {
            RawUpstreamScripts.echo(peer);
          } finally {
            peer.close();
            open.decrementAndGet();
          }
        })) {
      UpstreamPool pool = (UpstreamPool) bench.open(raw, 8);
      List<CallRecorder> recorders = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        recorders.add(start(pool, "/" + i));
      }
      for (CallRecorder recorder : recorders) {
        recorder.await();
      }
      assertThat(pool.connections()).isLessThanOrEqualTo(8);
      assertThat(most.get()).isBetween(1, 16);
    }
  }

  private CallRecorder start(UpstreamPool pool, String target) {
    CallRecorder recorder = new CallRecorder();
    EventLoop loop = bench.loops.next();
    loop.execute(() -> pool.call(loop, get(target), recorder));
    return recorder;
  }

  @Test
  void idle_connection_is_closed_after_55_seconds() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      UpstreamPool pool = (UpstreamPool) bench.open(raw);
      CallRecorder recorder = new CallRecorder();
      bench.call(pool, get("/"), recorder);
      RawPeer peer = raw.peer();
      peer.request();
      peer.answer("x");
      recorder.await();
      // It goes home at the end of the read that ended the answer: one turn later it is there.
      bench.run(() -> {});
      ahead.set(TimeUnit.SECONDS.toNanos(56));
      peer.awaitClosed();
      while (pool.connections() > 0) {
        bench.run(() -> {});
      }
    }
  }

  @Test
  void retired_pool_keeps_no_connection_but_serves_late_calls() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      UpstreamPool pool = (UpstreamPool) bench.open(raw);
      CallRecorder recorder = new CallRecorder();
      bench.call(pool, get("/"), recorder);
      RawPeer peer = raw.peer();
      peer.request();
      pool.close();
      peer.answer("still whole");
      assertThat(recorder.await()).isEqualTo("still whole");
      peer.awaitClosed();
      CallRecorder late = new CallRecorder();
      bench.call(pool, get("/late"), late);
      RawPeer other = raw.peer();
      other.request();
      other.answer("late");
      assertThat(late.await()).isEqualTo("late");
      other.awaitClosed();
    }
  }

  /// Unique ids over few connections, with callers who leave at random moments and upstreams that
  /// answer in pieces: each answer belongs to its request.
  @Test
  void answers_never_cross() throws Exception {
    long seed = System.nanoTime();
    System.out.println("answers_never_cross seed " + seed);
    try (RawUpstream raw =
        RawUpstream.serving(peer -> {
          Random random = new Random(seed);
          while (true) {
            String id = peer.request().split(" ")[1];
            if (random.nextInt(4) == 0) {
              peer.send("HTTP/1.1 103 Early Hints\r\nx: " + id + "\r\n\r\n");
            }
            int at = random.nextInt(id.length());
            peer.send("HTTP/1.1 200 OK\r\ncontent-length: " + id.length() + "\r\n\r\n");
            peer.send(id.substring(0, at));
            peer.send(id.substring(at));
          }
        })) {
      UpstreamPool pool = (UpstreamPool) bench.open(raw, 64);
      List<CompletableFuture<Void>> chains = new ArrayList<>();
      for (int chain = 0; chain < 32; chain++) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        chains.add(done);
        EventLoop loop = bench.loops.next();
        Chain started = new Chain(pool, loop, new Random(seed + chain), chain * 1000, done);
        loop.execute(started::next);
      }
      for (CompletableFuture<Void> chain : chains) {
        chain.get(20, TimeUnit.SECONDS);
      }
    }
  }

  /// Two hundred calls one after another, a few of them abandoned.
  private static final class Chain {
    private final UpstreamPool pool;
    private final EventLoop loop;
    private final Random random;
    private final CompletableFuture<Void> done;
    private final int last;
    private int id;

    Chain(UpstreamPool pool, EventLoop loop, Random random, int id, CompletableFuture<Void> done) {
      this.pool = pool;
      this.loop = loop;
      this.random = random;
      this.id = id;
      this.last = id + 200;
      this.done = done;
    }

    void next() {
      if (id == last) {
        done.complete(null);
        return;
      }
      String path = "/" + id++ + "x".repeat(random.nextInt(50));
      boolean leaves = random.nextInt(10) == 0;
      CallRecorder recorder =
          new CallRecorder() {
            @Override
            public void end() {
              super.end();
              if (!leaves) {
                check(path, body.toString());
              }
            }

            @Override
            public void failed(UpstreamFailure reason) {
              done.completeExceptionally(new AssertionError(reason.toString()));
            }
          };
      UpstreamCall call = pool.call(loop, post(path, "body of " + path), recorder);
      if (leaves) {
        loop.schedule(
            () -> {
              call.cancel();
              next();
            },
            random.nextInt(2_000_000),
            TimeUnit.NANOSECONDS);
      }
    }

    private void check(String path, String body) {
      if (body.equals(path)) {
        next();
      } else {
        done.completeExceptionally(new AssertionError(path + " was answered " + body));
      }
    }
  }
}
