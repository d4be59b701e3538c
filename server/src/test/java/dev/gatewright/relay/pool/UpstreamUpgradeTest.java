package dev.gatewright.relay.pool;

import static dev.gatewright.relay.pool.RelayBench.bytes;
import static dev.gatewright.relay.pool.RelayBench.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.Transport;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamListener;
import dev.gatewright.telemetry.Time;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// An upstream connection that becomes a tunnel.
class UpstreamUpgradeTest {
  private static final String SWITCH =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nx-a: b\r\n";

  private final RelayBench bench = new RelayBench();

  @AfterEach
  void close() {
    bench.close();
  }

  private static final class Recorder extends CallRecorder {
    final CompletableFuture<HttpHeaders> switched = new CompletableFuture<>();

    @Override
    public void upgraded(HttpHeaders answerHeaders) {
      events.add("upgraded");
      switched.complete(answerHeaders);
    }
  }

  private static UpstreamCall ask(RelayBench on, Upstream upstream, UpstreamListener listener)
      throws Exception {
    return on.on(() -> upstream.upgrade(on.loop, get("/ws?x=1"), listener));
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void passes_bytes_both_ways_after_101(Transport transport) throws Exception {
    try (RawUpstream raw = RawUpstream.played();
        RelayBench own = new RelayBench(transport, new Upstreams(Time.system()))) {
      Recorder recorder = new Recorder();
      UpstreamCall call = ask(own, own.open(raw), recorder);
      RawPeer peer = raw.peer();
      assertThat(peer.request())
          .isEqualTo(
              """
              GET /ws?x=1 HTTP/1.1\r
              host: 127.0.0.1:%d\r
              connection: upgrade\r
              upgrade: websocket\r
              \r
              """
                  .formatted(raw.origin().port()));
      peer.send(SWITCH + "\r\nhello");
      HttpHeaders headers = recorder.switched.get(5, TimeUnit.SECONDS);
      assertThat(headers.get("x-a")).isEqualTo("b");
      assertThat(headers.contains("upgrade")).isFalse();
      recorder.awaitPart();
      own.run(() -> call.write(bytes("up\u0000\u00ff")));
      assertThat(peer.until("\u00ff")).isEqualTo("up\u0000\u00ff");
      peer.close();
      assertThat(recorder.await()).isEqualTo("hello");
      assertThat(recorder.events).startsWith("upgraded", "data").endsWith("end");
    }
  }

  @Test
  void end_of_body_closes_behind_what_was_written() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      Recorder recorder = new Recorder();
      UpstreamCall call = ask(bench, bench.open(raw), recorder);
      RawPeer peer = raw.peer();
      peer.request();
      peer.send(SWITCH + "\r\n");
      recorder.switched.get(5, TimeUnit.SECONDS);
      bench.run(() -> {
        call.write(bytes("goodbye"));
        call.endBody();
      });
      assertThat(peer.until("goodbye")).isEqualTo("goodbye");
      assertThat(peer.read()).isEqualTo(-1);
      recorder.await();
    }
  }

  @Test
  void cancel_closes_the_tunnel() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      Recorder recorder = new Recorder();
      UpstreamCall call = ask(bench, bench.open(raw), recorder);
      RawPeer peer = raw.peer();
      peer.request();
      peer.send(SWITCH + "\r\n");
      recorder.switched.get(5, TimeUnit.SECONDS);
      bench.run(call::cancel);
      peer.awaitClosed();
      assertThat(recorder.events).doesNotContain("end", "failed");
    }
  }

  @Test
  void a_refusal_comes_as_an_ordinary_answer_and_its_connection_is_pooled() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      Recorder recorder = new Recorder();
      Upstream upstream = bench.open(raw);
      ask(bench, upstream, recorder);
      RawPeer peer = raw.peer();
      peer.request();
      peer.send("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno");
      assertThat(recorder.await()).isEqualTo("no");
      assertThat(recorder.awaitStatus()).isEqualTo(403);
    }
  }

  @Test
  void a_reset_is_a_failure() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      Recorder recorder = new Recorder();
      ask(bench, bench.open(raw), recorder);
      RawPeer peer = raw.peer();
      peer.request();
      peer.send(SWITCH + "\r\n");
      recorder.switched.get(5, TimeUnit.SECONDS);
      peer.reset();
      recorder.awaitFailure();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Upgrade: h2c\r\nConnection: upgrade\r\n",
        "Connection: upgrade\r\n",
        "Upgrade: websocket\r\n",
        "Upgrade: websocket\r\nUpgrade: websocket\r\nConnection: upgrade\r\n",
        "Upgrade: websocket\r\nConnection: upgrade\r\nContent-Length: 0\r\n",
        "Upgrade: websocket\r\nConnection: upgrade\r\nTransfer-Encoding: chunked\r\n",
      })
  void a_doubtful_switch_is_a_failure(String headers) throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      Recorder recorder = new Recorder();
      ask(bench, bench.open(raw), recorder);
      RawPeer peer = raw.peer();
      peer.request();
      peer.send("HTTP/1.1 101 Switching Protocols\r\n" + headers + "\r\n");
      assertThat(recorder.awaitFailure().message()).contains("switches protocols");
      peer.awaitClosed();
    }
  }

  @Test
  void a_switch_nobody_asked_for_is_a_failure() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      CallRecorder recorder = new CallRecorder();
      bench.call(bench.open(raw), get("/"), recorder);
      RawPeer peer = raw.peer();
      peer.request();
      peer.send(SWITCH + "\r\n");
      assertThat(recorder.awaitFailure().message()).contains("was not asked for");
    }
  }
}
