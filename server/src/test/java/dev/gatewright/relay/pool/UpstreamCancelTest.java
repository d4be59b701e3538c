package dev.gatewright.relay.pool;

import static dev.gatewright.relay.pool.RelayBench.PATIENT;
import static dev.gatewright.relay.pool.RelayBench.bytes;
import static dev.gatewright.relay.pool.RelayBench.get;
import static dev.gatewright.relay.pool.RelayBench.streamed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.Transport;
import dev.gatewright.relay.Origin;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.dial.NameResolver;
import dev.gatewright.relay.dial.UpstreamTls;
import dev.gatewright.telemetry.Time;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A cancelled call reaches the upstream at once, in whatever phase it is, and is never heard of
/// again.
class UpstreamCancelTest {
  private static final Duration AT_ONCE = Duration.ofMillis(250);

  private final RelayBench bench = new RelayBench();
  private final CallRecorder recorder = new CallRecorder();

  @AfterEach
  void close() {
    bench.close();
  }

  private void assertClosedAtOnce(RawPeer peer, UpstreamCall call) throws Exception {
    long cancelled = System.nanoTime();
    bench.run(call::cancel);
    assertThat(Duration.ofNanos(peer.awaitClosed() - cancelled)).isLessThan(AT_ONCE);
    assertUnheard(call);
  }

  private void assertUnheard(UpstreamCall call) throws Exception {
    bench.run(() -> {
      call.write(bytes("late"));
      call.endBody();
      call.pauseReading();
      call.resumeReading();
      call.cancel();
    });
    assertThat(recorder.events).doesNotContain("failed", "end");
  }

  @Test
  void while_the_name_is_resolved() throws Exception {
    CompletableFuture<Promise<List<InetAddress>>> asked = new CompletableFuture<>();
    NameResolver slow =
        (EventLoop loop, String _) -> {
          Promise<List<InetAddress>> promise = loop.newPromise();
          asked.complete(promise);
          return promise;
        };
    Upstreams upstreams =
        new Upstreams(
            Time.system(), _ -> slow, () -> UpstreamTls.build(SslContextBuilder.forClient()));
    try (RawUpstream raw = RawUpstream.played();
        RelayBench own = new RelayBench(Transport.best(), upstreams)) {
      UpstreamPool pool =
          (UpstreamPool)
              upstreams.open(
                  new Origin(false, "slow.example", raw.origin().port()),
                  DialRules.ALLOW_PRIVATE,
                  1);
      UpstreamCall call = own.call(pool, get("/"), recorder);
      own.run(call::cancel);
      assertThat(pool.connections()).isZero();
      asked.get().setSuccess(List.of(InetAddress.getLoopbackAddress()));
      own.run(() -> {});
      assertThat(raw.accepted()).isZero();
      assertThat(recorder.events).isEmpty();
    }
  }

  @Test
  void while_the_connection_is_made() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      UpstreamPool pool = (UpstreamPool) bench.open(raw, 1);
      bench.run(() -> pool.call(bench.loop, get("/"), recorder).cancel());
      assertThat(recorder.events).isEmpty();
      // The place is free again: the one connection allowed can be made.
      CallRecorder next = new CallRecorder();
      bench.call(pool, get("/next"), next);
      RawPeer peer = raw.peer();
      String first = peer.requestOrEmpty();
      RawPeer real = first.isEmpty() ? raw.peer() : peer;
      if (first.isEmpty()) {
        real.request();
      }
      real.answer("next");
      assertThat(next.await()).isEqualTo("next");
    }
  }

  @Test
  void while_the_tls_handshake_runs() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      UpstreamPool pool =
          (UpstreamPool)
              bench.upstreams.open(
                  new Origin(true, "127.0.0.1", raw.origin().port()), DialRules.ALLOW_PRIVATE, 1);
      UpstreamCall call = bench.call(pool, get("/"), recorder);
      RawPeer peer = raw.peer();
      assertThat(peer.read()).isEqualTo(0x16);
      assertClosedAtOnce(peer, call);
      assertThat(pool.connections()).isZero();
    }
  }

  @Test
  void while_the_request_is_sent() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      UpstreamCall call = bench.call(bench.open(raw), streamed("/", 1L << 30, PATIENT), recorder);
      RawPeer peer = raw.peer();
      peer.until("\r\n\r\n");
      bench.run(() -> call.write(bytes("x".repeat(8 << 20))));
      assertThat(bench.on(call::isWritable)).isFalse();
      assertClosedAtOnce(peer, call);
    }
  }

  @Test
  void while_the_answer_is_awaited() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      UpstreamCall call = bench.call(bench.open(raw), get("/"), recorder);
      RawPeer peer = raw.peer();
      peer.request();
      assertClosedAtOnce(peer, call);
    }
  }

  @Test
  void after_an_interim_answer() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      UpstreamCall call = bench.call(bench.open(raw), get("/"), recorder);
      RawPeer peer = raw.peer();
      peer.request();
      peer.send("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200");
      assertClosedAtOnce(peer, call);
    }
  }

  @Test
  void while_the_answer_streams() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      UpstreamCall call = bench.call(bench.open(raw), get("/"), recorder);
      RawPeer peer = raw.peer();
      peer.request();
      peer.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
      recorder.awaitPart();
      assertClosedAtOnce(peer, call);
    }
  }

  @Test
  void while_reading_is_paused() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      UpstreamCall call = bench.call(bench.open(raw), get("/"), recorder);
      RawPeer peer = raw.peer();
      peer.request();
      peer.send("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhello");
      recorder.awaitPart();
      bench.run(call::pauseReading);
      peer.send("more");
      assertClosedAtOnce(peer, call);
    }
  }

  @Test
  void from_within_each_callback() throws Exception {
    try (RawUpstream raw =
        RawUpstream.serving(peer -> {
          peer.request();
          peer.send("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
        })) {
      Upstream upstream = bench.open(raw);
      for (String moment : List.of("head", "data")) {
        CompletableFuture<UpstreamCall> handle = new CompletableFuture<>();
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        CallRecorder leaver =
            new CallRecorder() {
              @Override
              public void head(
                  int code, io.netty.handler.codec.http.HttpHeaders headers, long length) {
                super.head(code, headers, length);
                leave("head");
              }

              @Override
              public void data(io.netty.buffer.ByteBuf part) {
                super.data(part);
                leave("data");
              }

              private void leave(String now) {
                if (now.equals(moment)) {
                  handle.join().cancel();
                  cancelled.complete(null);
                }
              }
            };
        handle.complete(bench.call(upstream, get("/"), leaver));
        RawPeer peer = raw.peer();
        cancelled.get(5, java.util.concurrent.TimeUnit.SECONDS);
        peer.awaitClosed();
        bench.run(() -> {});
        assertThat(leaver.events).doesNotContain("end", "failed", "readComplete");
        assertThat(leaver.events).endsWith(moment);
      }
    }
  }
}
