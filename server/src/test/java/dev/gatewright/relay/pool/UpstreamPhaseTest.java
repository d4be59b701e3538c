package dev.gatewright.relay.pool;

import static dev.gatewright.relay.pool.RelayBench.HASTY;
import static dev.gatewright.relay.pool.RelayBench.PATIENT;
import static dev.gatewright.relay.pool.RelayBench.bytes;
import static dev.gatewright.relay.pool.RelayBench.get;
import static dev.gatewright.relay.pool.RelayBench.streamed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.relay.Origin;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamFailure.Phase;
import dev.gatewright.relay.dial.DialRules;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamPhaseTest {
  private final RelayBench bench = new RelayBench();

  @AfterEach
  void close() {
    bench.close();
  }

  private static void assertTimeout(UpstreamFailure failure, Phase phase) {
    assertThat(failure.phase()).isEqualTo(phase);
    assertThat(failure.timeout()).isTrue();
    assertThat(failure.retryOnFresh()).isFalse();
    assertThat(failure.message()).contains("200 ms");
  }

  @Test
  void refused_connection_is_a_connect_failure() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Upstream upstream =
        bench.upstreams.open(new Origin(false, "127.0.0.1", port), DialRules.ALLOW_PRIVATE, 8);
    UpstreamFailure failure = bench.failure(upstream, get("/"));
    assertThat(failure.phase()).isEqualTo(Phase.CONNECT);
    assertThat(failure.timeout()).isFalse();
    assertThat(failure.message()).contains("refused");
  }

  @Test
  void listener_that_accepts_nobody_is_a_connect_timeout() throws Exception {
    List<Socket> fillers = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < 4; i++) {
        Socket filler = new Socket();
        fillers.add(filler);
        try {
          filler.connect(full.getLocalSocketAddress(), 200);
        } catch (java.net.SocketTimeoutException _) {
          break;
        }
      }
      Upstream upstream =
          bench.upstreams.open(
              new Origin(false, "127.0.0.1", full.getLocalPort()), DialRules.ALLOW_PRIVATE, 8);
      UpstreamFailure failure = bench.failure(upstream, get("/", HASTY));
      assertThat(failure.phase()).isEqualTo(Phase.CONNECT);
    } finally {
      for (Socket filler : fillers) {
        filler.close();
      }
    }
  }

  @Test
  void upstream_that_takes_nothing_is_a_send_timeout() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      CallRecorder recorder = new CallRecorder();
      UpstreamCall call = bench.call(bench.open(raw), streamed("/", 1L << 30, HASTY), recorder);
      raw.peer();
      // As whoever streams a body does: no more than the connection takes, until it takes nothing.
      for (int turn = 0; turn < 1000 && !recorder.failure.isDone(); turn++) {
        bench.run(() -> {
          for (int i = 0; i < 16 && call.isWritable(); i++) {
            call.write(bytes("x".repeat(16 * 1024)));
          }
        });
        bench.loop.schedule(() -> {}, 5, java.util.concurrent.TimeUnit.MILLISECONDS).get();
      }
      assertTimeout(recorder.awaitFailure(), Phase.SEND);
    }
  }

  @Test
  void caller_who_is_slow_with_the_body_is_no_send_timeout() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      CallRecorder recorder = new CallRecorder();
      UpstreamCall call = bench.call(bench.open(raw), streamed("/", 4, HASTY), recorder);
      RawPeer peer = raw.peer();
      peer.until("\r\n\r\n");
      // Long past the deadline, counted by the loop that would have enforced it.
      bench.loop.schedule(() -> {}, 500, java.util.concurrent.TimeUnit.MILLISECONDS).get();
      bench.run(() -> {
        call.write(bytes("body"));
        call.endBody();
      });
      peer.until("body");
      peer.answer("fine");
      assertThat(recorder.await()).isEqualTo("fine");
    }
  }

  @Test
  void silence_after_the_request_is_a_first_byte_timeout() throws Exception {
    try (RawUpstream raw = RawUpstream.serving(RawUpstreamScripts::silent)) {
      assertTimeout(bench.failure(bench.open(raw), get("/", HASTY)), Phase.FIRST_BYTE);
    }
  }

  @Test
  void interim_answers_do_not_feed_the_first_byte_deadline() throws Exception {
    try (RawUpstream raw =
        RawUpstream.serving(peer -> {
          peer.request();
          peer.send("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n");
          peer.awaitClosed();
        })) {
      assertTimeout(bench.failure(bench.open(raw), get("/", HASTY)), Phase.FIRST_BYTE);
    }
  }

  @Test
  void silence_within_the_body_is_an_idle_timeout() throws Exception {
    try (RawUpstream raw =
        RawUpstream.serving(peer -> {
          peer.request();
          peer.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
          peer.awaitClosed();
        })) {
      assertTimeout(bench.failure(bench.open(raw), get("/", HASTY)), Phase.IDLE);
    }
  }

  @Test
  void paused_reader_is_not_the_upstreams_silence() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      CallRecorder recorder = new CallRecorder();
      UpstreamCall call = bench.call(bench.open(raw), get("/", HASTY), recorder);
      RawPeer peer = raw.peer();
      peer.request();
      peer.send("HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nhalf");
      recorder.awaitPart();
      bench.run(call::pauseReading);
      bench.loop.schedule(() -> {}, 500, java.util.concurrent.TimeUnit.MILLISECONDS).get();
      peer.send("whol");
      assertThat(recorder.failure).isNotDone();
      bench.run(call::resumeReading);
      assertThat(recorder.await()).isEqualTo("halfwhol");
    }
  }

  @Test
  void short_body_is_an_idle_failure() throws Exception {
    try (RawUpstream raw =
        RawUpstream.serving(peer -> {
          peer.request();
          peer.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
          peer.close();
        })) {
      UpstreamFailure failure = bench.failure(bench.open(raw), get("/", PATIENT));
      assertThat(failure.phase()).isEqualTo(Phase.IDLE);
      assertThat(failure.timeout()).isFalse();
      assertThat(failure.retryOnFresh()).isFalse();
    }
  }

  @Test
  void unfinished_chunked_body_is_an_idle_failure() throws Exception {
    try (RawUpstream raw =
        RawUpstream.serving(peer -> {
          peer.request();
          peer.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n");
          peer.close();
        })) {
      assertThat(bench.failure(bench.open(raw), get("/")).phase()).isEqualTo(Phase.IDLE);
    }
  }

  @Test
  void close_before_the_answer_is_a_first_byte_failure() throws Exception {
    try (RawUpstream raw =
        RawUpstream.serving(peer -> {
          peer.request();
          peer.close();
        })) {
      UpstreamFailure failure = bench.failure(bench.open(raw), get("/"));
      assertThat(failure.phase()).isEqualTo(Phase.FIRST_BYTE);
      assertThat(failure.retryOnFresh()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.6\r\n",
        "\u0016\u0003\u0001",
        "<html>",
        "\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n",
        "HTTP/1.1 600 OK\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.1 200 OK\ncontent-length: 0\n\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 0\n\r\n",
        "HTTP/1.1 200 OK\r\na: b\r\n c\r\n\r\n",
        "HTTP/1.1 200 OK\r\na : b\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: b\r\n\r\n",
        "HTTP/1.1 200 OK\r\na\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\ra: b\r\n\r\n",
        "HTTP/1.1 200 OK\r\na: b\rc\r\n\r\n",
        "HTTP/1.1 200 OK\r\na: b\u0000c\r\n\r\n",
        "HTTP/1.1 200 OK\r\na\u0000: b\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\nx",
        "HTTP/1.1 200 OK\r\ncontent-length: 1, 1\r\n\r\nx",
        "HTTP/1.1 200 OK\r\ncontent-length: +1\r\n\r\nx",
        "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\nx",
        "HTTP/1.1 200 OK\r\ncontent-length:\r\n\r\nx",
        "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\nx",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
      })
  void answer_that_is_not_plain_http_is_a_first_byte_failure(String answer) throws Exception {
    try (RawUpstream raw =
        RawUpstream.serving(peer -> {
          peer.request();
          peer.send(answer);
          peer.awaitClosed();
        })) {
      UpstreamFailure failure = bench.failure(bench.open(raw), get("/"));
      assertThat(failure.phase()).isEqualTo(Phase.FIRST_BYTE);
      assertThat(failure.message()).contains("the answer");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x\r\n",
        "\r\n",
        " 5\r\nhello\r\n",
        "+5\r\nhello\r\n",
        "5\nhello\r\n",
        "5 \r\nhello\r\n",
        "5\r\nhello!\r\n",
        "5\r\nhello\n",
        "ffffffffffffffff\r\n",
        "5;a\u0001\r\nhello\r\n",
        "0\r\na: b\u0000\r\n\r\n",
        "0\r\na: b\n\r\n",
        "0\r\n\rx",
        "0x5\r\nhello\r\n"
      })
  void malformed_chunk_is_an_idle_failure(String chunk) throws Exception {
    try (RawUpstream raw =
        RawUpstream.serving(peer -> {
          peer.request();
          peer.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + chunk);
          peer.awaitClosed();
        })) {
      assertThat(bench.failure(bench.open(raw), get("/")).phase()).isEqualTo(Phase.IDLE);
    }
  }

  @Test
  void endless_head_is_refused() throws Exception {
    try (RawUpstream raw =
        RawUpstream.serving(peer -> {
          peer.request();
          peer.send("HTTP/1.1 200 OK\r\n");
          while (true) {
            peer.send("x: " + "y".repeat(1000) + "\r\n");
          }
        })) {
      UpstreamFailure failure = bench.failure(bench.open(raw), get("/"));
      assertThat(failure.phase()).isEqualTo(Phase.FIRST_BYTE);
      assertThat(failure.message()).contains("64 KiB");
    }
  }

  @Test
  void body_that_breaks_its_announced_length_is_never_completed() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      Upstream upstream = bench.open(raw);
      CallRecorder tooMuch = new CallRecorder();
      UpstreamCall first = bench.call(upstream, streamed("/", 3, PATIENT), tooMuch);
      bench.run(() -> first.write(bytes("four")));
      assertThat(tooMuch.awaitFailure().phase()).isEqualTo(Phase.SEND);
      CallRecorder tooLittle = new CallRecorder();
      UpstreamCall second = bench.call(upstream, streamed("/", 5, PATIENT), tooLittle);
      bench.run(() -> {
        second.write(bytes("four"));
        second.endBody();
      });
      assertThat(tooLittle.awaitFailure().phase()).isEqualTo(Phase.SEND);
    }
  }
}
