package dev.gatewright.relay.pool;

import static dev.gatewright.relay.pool.RelayBench.get;
import static dev.gatewright.relay.pool.RelayBench.headers;
import static dev.gatewright.relay.pool.RelayBench.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.Transport;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamFailure.Phase;
import dev.gatewright.relay.UpstreamRequest;
import dev.gatewright.telemetry.Time;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamTest {
  private final RelayBench bench = new RelayBench();

  @AfterEach
  void close() {
    bench.close();
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void sends_and_answers_on_every_transport(Transport transport) throws Exception {
    try (RawUpstream raw = RawUpstream.serving(RawUpstreamScripts::echo);
        RelayBench own = new RelayBench(transport, new Upstreams(Time.system()))) {
      Upstream upstream = own.open(raw);
      assertThat(own.fetch(upstream, post("/v1/x?y=1", "{\"a\":1}")))
          .isEqualTo(
              """
              POST /v1/x?y=1 HTTP/1.1\r
              host: 127.0.0.1:%d\r
              content-type: application/json\r
              content-length: 7\r
              \r
              {"a":1}\
              """
                  .formatted(raw.origin().port()));
      assertThat(own.fetch(upstream, get("/again"))).startsWith("GET /again HTTP/1.1\r\nhost: ");
      assertThat(raw.accepted()).isEqualTo(1);
    }
  }

  @Test
  void second_call_reuses_the_connection_and_says_so() throws Exception {
    try (RawUpstream raw = RawUpstream.serving(RawUpstreamScripts::echo)) {
      Upstream upstream = bench.open(raw);
      CallRecorder first = new CallRecorder();
      UpstreamCall fresh = bench.call(upstream, get("/1"), first);
      first.await();
      CallRecorder second = new CallRecorder();
      UpstreamCall reused = bench.call(upstream, get("/2"), second);
      second.await();
      assertThat(fresh.reused()).isFalse();
      assertThat(reused.reused()).isTrue();
      assertThat(raw.accepted()).isEqualTo(1);
    }
  }

  @Test
  void large_body_arrives_whole() throws Exception {
    String body = "x".repeat(3_000_000);
    try (RawUpstream raw = RawUpstream.serving(RawUpstreamScripts::echo)) {
      String seen = bench.fetch(bench.open(raw), post("/big", body));
      assertThat(seen).endsWith("\r\n\r\n" + body);
    }
  }

  @Test
  void events_come_in_order_and_each_read_is_told() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      CallRecorder recorder = new CallRecorder();
      bench.call(bench.open(raw), get("/"), recorder);
      RawPeer peer = raw.peer();
      peer.request();
      peer.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n \r\n");
      recorder.awaitPart();
      peer.send("5\r\nworld\r\n0\r\n\r\n");
      assertThat(recorder.await()).isEqualTo("hello world");
      assertThat(recorder.events).containsExactly("head", "data", "readComplete", "data", "end");
      assertThat(recorder.bodyLength).isEqualTo(-1);
    }
  }

  @Test
  void strips_hop_by_hop_and_framing_headers_from_the_answer() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      CallRecorder recorder = new CallRecorder();
      bench.call(bench.open(raw), get("/"), recorder);
      RawPeer peer = raw.peer();
      peer.request();
      peer.send(
          """
          HTTP/1.1 200 OK\r
          Content-Type: text/plain\r
          Connection: keep-alive, x-hop\r
          Keep-Alive: timeout=5\r
          X-Hop: 1\r
          X-Stays: \t a b \t\r
          Upgrade: h2c\r
          Proxy-Authenticate: x\r
          Content-Length: 2\r
          \r
          ok\
          """);
      recorder.await();
      assertThat(recorder.headers.names()).containsExactlyInAnyOrder("Content-Type", "X-Stays");
      assertThat(recorder.headers.get("x-stays")).isEqualTo("a b");
      assertThat(recorder.bodyLength).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok",
        "HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok!",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nHTTP/1.1",
        "HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\n",
      })
  void closes_instead_of_pooling(String answer) throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      Upstream upstream = bench.open(raw);
      CallRecorder first = new CallRecorder();
      bench.call(upstream, get("/1"), first);
      RawPeer peer = raw.peer();
      peer.request();
      peer.send(answer);
      first.await();
      peer.awaitClosed();
      CallRecorder second = new CallRecorder();
      bench.call(upstream, get("/2"), second);
      RawPeer next = raw.peer();
      next.request();
      next.answer("second");
      assertThat(second.await()).isEqualTo("second");
    }
  }

  @Test
  void answer_may_end_with_the_connection() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      CallRecorder recorder = new CallRecorder();
      bench.call(bench.open(raw), get("/"), recorder);
      RawPeer peer = raw.peer();
      peer.request();
      peer.send("HTTP/1.0 200 OK\r\n\r\nall there is");
      recorder.awaitPart();
      peer.close();
      assertThat(recorder.await()).isEqualTo("all there is");
    }
  }

  @Test
  void reset_is_no_end_of_an_answer() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      CallRecorder recorder = new CallRecorder();
      bench.call(bench.open(raw), get("/"), recorder);
      RawPeer peer = raw.peer();
      peer.request();
      peer.send("HTTP/1.1 200 OK\r\n\r\nhalf");
      recorder.awaitPart();
      peer.reset();
      assertThat(recorder.awaitFailure().phase()).isEqualTo(Phase.IDLE);
    }
  }

  @Test
  void head_request_and_bodiless_statuses_end_at_the_head() throws Exception {
    try (RawUpstream raw =
        RawUpstream.serving(peer -> {
          peer.request();
          peer.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n");
          peer.request();
          peer.send("HTTP/1.1 204 No Content\r\n\r\n");
          peer.request();
          peer.send("HTTP/1.1 304 Not Modified\r\ncontent-length: 10\r\n\r\n");
        })) {
      Upstream upstream = bench.open(raw);
      UpstreamRequest head =
          new UpstreamRequest(
              "HEAD", "/", headers(), Unpooled.EMPTY_BUFFER, 0, RelayBench.PATIENT, false);
      assertThat(bench.fetch(upstream, head)).isEmpty();
      assertThat(bench.fetch(upstream, get("/"))).isEmpty();
      assertThat(bench.fetch(upstream, get("/"))).isEmpty();
      assertThat(raw.accepted()).isEqualTo(1);
    }
  }

  @Test
  void refuses_to_send_a_head_that_could_end_early() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      Upstream upstream = bench.open(raw);
      for (int c = 0; c < 0x120; c++) {
        boolean allowed = c == '\t' || (c >= ' ' && c != 0x7f && c <= 0xff);
        if (!allowed) {
          UpstreamRequest request =
              new UpstreamRequest(
                  "GET",
                  "/",
                  headers("x", "a" + (char) c + "b"),
                  RelayBench.bytes("body"),
                  4,
                  RelayBench.PATIENT,
                  false);
          assertThat(bench.failure(upstream, request).phase()).isEqualTo(Phase.SEND);
        }
      }
      assertThat(bench.failure(upstream, get("/a b")).phase()).isEqualTo(Phase.SEND);
      assertThat(bench.failure(upstream, get("x")).phase()).isEqualTo(Phase.SEND);
      assertThat(raw.accepted()).isZero();
    }
  }
}
