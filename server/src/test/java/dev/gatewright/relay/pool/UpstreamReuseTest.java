package dev.gatewright.relay.pool;

import static dev.gatewright.relay.pool.RelayBench.PATIENT;
import static dev.gatewright.relay.pool.RelayBench.bytes;
import static dev.gatewright.relay.pool.RelayBench.fresh;
import static dev.gatewright.relay.pool.RelayBench.get;
import static dev.gatewright.relay.pool.RelayBench.post;
import static dev.gatewright.relay.pool.RelayBench.streamed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.Transport;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamFailure.Phase;
import dev.gatewright.relay.UpstreamRequest;
import dev.gatewright.telemetry.Time;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// When a used connection may carry another call, and what happens when it has died meanwhile.
class UpstreamReuseTest {
  private final AtomicLong ahead = new AtomicLong();
  private final RelayBench bench =
      new RelayBench(
          Transport.best(),
          new Upstreams(new Time(InstantSource.system(), () -> System.nanoTime() + ahead.get())));

  @AfterEach
  void close() {
    bench.close();
  }

  /// A connection that has carried one call and lies in the pool.
  private RawPeer used(RelayBench on, RawUpstream raw, Upstream upstream) throws Exception {
    CallRecorder recorder = new CallRecorder();
    on.call(upstream, get("/first"), recorder);
    RawPeer peer = raw.peer();
    peer.request();
    peer.answer("first");
    recorder.await();
    // The connection goes home at the end of the read that ended the answer: one turn later it is
    // there.
    on.run(() -> {});
    return peer;
  }

  /// Holds the loop still while `work` happens outside and then, in the same turn, starts a call:
  /// whatever `work` did to the socket was there before the request.
  private CallRecorder callAfter(
      RelayBench on, Upstream upstream, UpstreamRequest request, RawWork work) throws Exception {
    CallRecorder recorder = new CallRecorder();
    CountDownLatch done = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(1);
    on.loop.execute(() -> {
      held.countDown();
      awaitQuietly(done);
      upstream.call(on.loop, request, recorder);
    });
    held.await();
    work.run();
    done.countDown();
    return recorder;
  }

  private interface RawWork {
    void run() throws Exception;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      if (!latch.await(5, TimeUnit.SECONDS)) {
        throw new AssertionError("not released within 5 s");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void connection_closed_while_idle_is_not_used(Transport transport) throws Exception {
    try (RelayBench on = new RelayBench(transport, new Upstreams(Time.system()));
        RawUpstream raw = RawUpstream.played()) {
      Upstream upstream = on.open(raw);
      RawPeer peer = used(on, raw, upstream);
      UpstreamPool pool = (UpstreamPool) upstream;
      peer.close();
      awaitConnections(on, pool, 0);
      CallRecorder recorder = new CallRecorder();
      on.call(upstream, get("/second"), recorder);
      RawPeer second = raw.peer();
      second.request();
      second.answer("second");
      assertThat(recorder.await()).isEqualTo("second");
    }
  }

  private static void awaitConnections(RelayBench on, UpstreamPool pool, int expected)
      throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (pool.connections() != expected) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      on.run(() -> {});
    }
  }

  @Test
  void close_that_the_loop_has_not_seen_yet_is_found_before_the_request_is_written()
      throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      Upstream upstream = bench.open(raw);
      RawPeer peer = used(bench, raw, upstream);
      CallRecorder recorder =
          callAfter(
              bench,
              upstream,
              get("/second"),
              () -> {
                peer.close();
                // Idle for longer than the pool takes a connection on trust.
                ahead.set(TimeUnit.MILLISECONDS.toNanos(20));
              });
      RawPeer second = raw.peer();
      second.request();
      second.answer("second");
      assertThat(recorder.await()).isEqualTo("second");
    }
  }

  @Test
  void request_not_completely_written_may_be_repeated() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      Upstream upstream = bench.open(raw);
      RawPeer peer = used(bench, raw, upstream);
      CallRecorder recorder = new CallRecorder();
      UpstreamCall call = bench.call(upstream, streamed("/", 1L << 30, PATIENT), recorder);
      peer.until("\r\n\r\n");
      bench.run(() -> call.write(bytes("x".repeat(8 << 20))));
      peer.reset();
      UpstreamFailure failure = recorder.awaitFailure();
      assertThat(failure.phase()).isEqualTo(Phase.SEND);
      assertThat(failure.retryOnFresh()).isTrue();
    }
  }

  @Test
  void request_taken_completely_is_not_repeated() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      Upstream upstream = bench.open(raw);
      RawPeer peer = used(bench, raw, upstream);
      CallRecorder recorder = new CallRecorder();
      bench.call(upstream, post("/", "body"), recorder);
      peer.request();
      peer.close();
      UpstreamFailure failure = recorder.awaitFailure();
      assertThat(failure.phase()).isEqualTo(Phase.FIRST_BYTE);
      assertThat(failure.retryOnFresh()).isFalse();
    }
  }

  @Test
  void fresh_connection_is_never_a_reason_to_repeat() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      CallRecorder recorder = new CallRecorder();
      UpstreamCall call = bench.call(bench.open(raw), streamed("/", 1L << 30, PATIENT), recorder);
      RawPeer peer = raw.peer();
      peer.until("\r\n\r\n");
      bench.run(() -> call.write(bytes("x".repeat(8 << 20))));
      peer.reset();
      assertThat(recorder.awaitFailure().retryOnFresh()).isFalse();
    }
  }

  @Test
  void fresh_request_gets_a_new_connection() throws Exception {
    try (RawUpstream raw = RawUpstream.serving(RawUpstreamScripts::echo)) {
      Upstream upstream = bench.open(raw);
      bench.fetch(upstream, get("/1"));
      bench.fetch(upstream, fresh(get("/2")));
      assertThat(raw.accepted()).isEqualTo(2);
    }
  }

  @Test
  void surplus_that_comes_later_closes_the_idle_connection() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      Upstream upstream = bench.open(raw);
      RawPeer peer = used(bench, raw, upstream);
      peer.send("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged");
      peer.awaitClosed();
      CallRecorder recorder = new CallRecorder();
      bench.call(upstream, get("/second"), recorder);
      RawPeer second = raw.peer();
      second.request();
      second.answer("second");
      assertThat(recorder.await()).isEqualTo("second");
    }
  }

  /// The call starts while the loop handles what one poll brought: the readable bytes of another
  /// connection, which stand before or behind the forged ones of the reused one.
  @Test
  void bytes_that_were_there_before_the_request_never_answer_it() throws Exception {
    try (RawUpstream raw = RawUpstream.played();
        RawUpstream trigger = RawUpstream.played()) {
      int told = 0;
      for (int round = 0; round < 50; round++) {
        Upstream upstream = bench.open(raw);
        RawPeer victim = used(bench, raw, upstream);
        CallRecorder recorder = new CallRecorder();
        CountDownLatch started = new CountDownLatch(1);
        CallRecorder starter =
            new CallRecorder() {
              @Override
              public void end() {
                upstream.call(bench.loop, get("/second"), recorder);
                started.countDown();
              }
            };
        Upstream other = bench.open(trigger);
        bench.call(other, get("/"), starter);
        RawPeer peer = trigger.peer();
        peer.request();
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        bench.loop.execute(() -> {
          held.countDown();
          awaitQuietly(release);
        });
        held.await();
        peer.answer("go");
        victim.send("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged");
        release.countDown();
        started.await();
        // Either the forged bytes closed the connection first, and a new one serves the call, or
        // they were found under it, and it says that it may be repeated. Never an answer.
        if (recorder.failure.isDone() || !answersOnNew(raw, recorder)) {
          assertThat(recorder.awaitFailure().retryOnFresh()).isTrue();
          told++;
        }
        assertThat(recorder.body).doesNotContain("forged");
      }
      assertThat(told).isBetween(0, 50);
    }
  }

  private static boolean answersOnNew(RawUpstream raw, CallRecorder recorder) throws Exception {
    RawPeer second = raw.peerOrNull();
    if (second == null) {
      return false;
    }
    second.request();
    second.answer("second");
    assertThat(recorder.await()).isEqualTo("second");
    return true;
  }

  @ParameterizedTest
  @ValueSource(strings = {"100 Continue", "102 Processing", "103 Early Hints"})
  void interim_answer_neither_ends_the_exchange_nor_frees_the_connection(String interim)
      throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      Upstream upstream = bench.open(raw);
      CallRecorder first = new CallRecorder();
      bench.call(upstream, get("/first"), first);
      RawPeer peer = raw.peer();
      peer.request();
      peer.send("HTTP/1.1 " + interim + "\r\nlink: </x>\r\n\r\n");
      CallRecorder second = new CallRecorder();
      bench.call(upstream, get("/second"), second);
      RawPeer other = raw.peer();
      other.request();
      other.answer("second");
      assertThat(second.await()).isEqualTo("second");
      assertThat(first.events).isEmpty();
      peer.send(
          "HTTP/1.1 " + interim + "\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 5\r\n\r\nfirst");
      assertThat(first.await()).isEqualTo("first");
      assertThat(first.awaitStatus()).isEqualTo(201);
      assertThat(first.events.stream().filter("head"::equals)).hasSize(1);
    }
  }

  @Test
  void flood_of_interim_answers_is_cut() throws Exception {
    try (RawUpstream raw =
        RawUpstream.serving(peer -> {
          peer.request();
          while (true) {
            peer.send("HTTP/1.1 103 Early Hints\r\n\r\n");
          }
        })) {
      UpstreamFailure failure = bench.failure(bench.open(raw), get("/"));
      assertThat(failure.phase()).isEqualTo(Phase.FIRST_BYTE);
      assertThat(failure.message()).contains("interim");
    }
  }

  @Test
  void early_answer_is_given_but_its_connection_not_reused() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      Upstream upstream = bench.open(raw);
      CallRecorder recorder = new CallRecorder();
      UpstreamCall call = bench.call(upstream, streamed("/", 1000, PATIENT), recorder);
      RawPeer peer = raw.peer();
      peer.until("\r\n\r\n");
      peer.send("HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\n\r\nno");
      assertThat(recorder.await()).isEqualTo("no");
      assertThat(recorder.awaitStatus()).isEqualTo(413);
      bench.run(() -> call.write(bytes("late")));
      peer.awaitClosed();
    }
  }
}
