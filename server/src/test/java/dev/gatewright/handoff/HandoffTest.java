package dev.gatewright.handoff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.admission.LiveCalls;
import dev.gatewright.call.Outward;
import dev.gatewright.edge.EdgeConfig;
import dev.gatewright.edge.EdgeServer;
import dev.gatewright.edge.HeldBodies;
import dev.gatewright.edge.RouteTable;
import dev.gatewright.edge.log.AccessLog;
import dev.gatewright.ledger.Attempt;
import dev.gatewright.ledger.Attempts;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.relay.Origin;
import dev.gatewright.relay.pool.RawPeer;
import dev.gatewright.relay.pool.RawUpstream;
import dev.gatewright.relay.pool.RawUpstreamScripts;
import dev.gatewright.relay.pool.Upstreams;
import dev.gatewright.secret.Secret;
import dev.gatewright.share.Holder;
import dev.gatewright.share.ShareLimits;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.Await;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The whole way: a raw caller, the real edge, the hand-off, a raw portal.
class HandoffTest {
  private static final HandoffTerms TERMS =
      HandoffTerms.of(
          ShareLimits.DEFAULT,
          new HeldBodies(64 << 20),
          (method, path) -> path.equals("/api/large") ? 2 << 20 : HandoffTerms.BodySizes.DEFAULT,
          head -> Holder.address(head.client()));

  /// No key is known of a hand-off, and it leaves no row.
  private static final LiveCalls NO_KEYS =
      (caller, _, _) -> {
        throw new AssertionError("entered by a key: " + caller);
      };

  private static final Attempts NO_ROWS =
      new Attempts() {
        @Override
        public boolean accepting() {
          return false;
        }

        @Override
        public Attempt open(
            Opening opening, EventExecutor executor, Consumer<@Nullable Throwable> whenDurable) {
          throw new AssertionError("opened: " + opening);
        }

        @Override
        public void close(Attempt attempt, Outcome outcome) {
          throw new AssertionError("closed: " + outcome);
        }
      };

  private final Upstreams upstreams = new Upstreams(Time.system());
  private final CompletableFuture<Origin> portal = new CompletableFuture<>();
  private final EdgeServer edge = edge(Duration.ofSeconds(30));

  private EdgeServer edge(Duration wait) {
    Handoff handoff =
        new Handoff(
            new Outward(NO_KEYS, NO_ROWS, Time.system()),
            upstreams,
            portal,
            Secret.of("secret-of-this-start"),
            TERMS,
            wait);
    RouteTable routes = RouteTable.builder().any("/*", handoff).build();
    try {
      return EdgeServer.start(EdgeConfig.loopback(), Time.system(), routes, AccessLog.none());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    edge.close();
    upstreams.close();
  }

  private static RawPeer caller(EdgeServer server) throws IOException {
    return new RawPeer(new Socket(InetAddress.getLoopbackAddress(), server.port()));
  }

  @Test
  void passes_the_request_on_with_who_called() throws Exception {
    try (RawUpstream raw = RawUpstream.serving(RawUpstreamScripts::echo)) {
      portal.complete(raw.origin());
      RawPeer caller = caller(edge);
      caller.send(
          """
          PUT /api/keys/key_1?x=%2F&y HTTP/1.1\r
          Host: gate.example:81\r
          Authorization: Bearer k\r
          Connection: x-named, te\r
          X-Named: 1\r
          TE: trailers\r
          Expect: 100-continue\r
          X-Gatewright-Route: r\r
          X-Gatewright-Key: key_forged\r
          X-Gatewright-User: forged\r
          X-Gatewright-Organization: forged\r
          x-gatewright-scopes: forged\r
          X-Gatewright-Client: forged\r
          Content-Length: 4\r
          \r
          body\
          """);
      String seen = caller.answerBody().toLowerCase(Locale.ROOT);
      assertThat(seen)
          .startsWith("put /api/keys/key_1?x=%2f&y http/1.1\r\n")
          .endsWith("\r\n\r\nbody")
          .contains(
              "\r\nauthorization: bearer k\r\n",
              "\r\nhost: 127.0.0.1:" + raw.origin().port() + "\r\n",
              "\r\nx-gatewright-handoff-secret: secret-of-this-start\r\n",
              "\r\nx-gatewright-client: 127.0.0.1\r\n",
              "\r\nx-gatewright-host: gate.example:81\r\n",
              "\r\nx-gatewright-scheme: http\r\n",
              "\r\nx-gatewright-request-id: req_")
          .doesNotContain("forged", "x-named", "\nte:", "\nexpect:", "\nconnection:");
    }
  }

  @Test
  void answer_streams_as_it_comes() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      portal.complete(raw.origin());
      RawPeer caller = caller(edge);
      caller.send("GET /api/events HTTP/1.1\r\nHost: x\r\n\r\n");
      RawPeer peer = raw.peer();
      peer.request();
      peer.send(
          "HTTP/1.1 200 OK\r\nserver: Jetty\r\ndate: then\r\ntransfer-encoding: chunked\r\n\r\n");
      peer.send("5\r\none\n\n\r\n");
      String head = caller.until("one\n\n").toLowerCase(Locale.ROOT);
      assertThat(head).doesNotContain("jetty", "date: then").contains("transfer-encoding: chunked");
      peer.send("5\r\ntwo\n\n\r\n0\r\n\r\n");
      assertThat(caller.until("0\r\n\r\n")).contains("two\n\n");
    }
  }

  @Test
  void large_body_of_unknown_length_arrives_whole() throws Exception {
    try (RawUpstream raw = RawUpstream.serving(peer -> peer.answer("" + peer.request().length()))) {
      portal.complete(raw.origin());
      RawPeer caller = caller(edge);
      caller.send("POST /api/large HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      String part = "x".repeat(64 * 1024);
      for (int i = 0; i < 32; i++) {
        caller.send("10000\r\n" + part + "\r\n");
      }
      caller.send("0\r\n\r\n");
      assertThat(Integer.parseInt(caller.answerBody())).isGreaterThan(32 * 64 * 1024);
    }
  }

  @Test
  void body_beyond_the_limit_is_413() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      portal.complete(raw.origin());
      RawPeer caller = caller(edge);
      caller.send("POST /api/x HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n");
      assertThat(caller.until("}}")).startsWith("HTTP/1.1 413 ").contains("body_too_large");
      assertThat(raw.accepted()).isZero();
    }
  }

  @Test
  void the_portal_hears_nothing_of_a_body_that_is_not_whole() throws Exception {
    try (RawUpstream raw = RawUpstream.serving(RawUpstreamScripts::echo)) {
      portal.complete(raw.origin());
      List<RawPeer> unfinished = new ArrayList<>();
      for (int i = 0; i < 600; i++) {
        RawPeer caller = caller(edge);
        caller.send("POST /api/x HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\nhalf");
        unfinished.add(caller);
      }
      RawPeer other = caller(edge);
      other.send("GET /api/y HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(other.answerBody()).startsWith("GET /api/y ");
      assertThat(raw.accepted()).isEqualTo(1);
      for (RawPeer caller : unfinished) {
        caller.close();
      }
      // Their leaving is felt before the loops they live on are gone.
      Await.until(() -> edge.drain().running() == 0);
    }
  }

  @Test
  void one_caller_has_its_share_of_the_portal_and_no_more() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      portal.complete(raw.origin());
      List<RawPeer> waiting = new ArrayList<>();
      for (int i = 0; i < 128; i++) {
        RawPeer caller = caller(edge);
        caller.send("GET /api/" + i + " HTTP/1.1\r\nHost: x\r\n\r\n");
        waiting.add(caller);
      }
      RawPeer last = raw.peer();
      for (int i = 1; i < 128; i++) {
        last = raw.peer();
      }
      RawPeer beyond = caller(edge);
      beyond.send("GET /api/slow HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(beyond.until("}}")).startsWith("HTTP/1.1 429 ").contains("as it may at once");
      String asked = last.request();
      last.answer("done");
      int nth = Integer.parseInt(asked.substring("GET /api/".length(), asked.indexOf(" HTTP")));
      assertThat(waiting.get(nth).answerBody()).isEqualTo("done");
      last.close();
      RawPeer next = caller(edge);
      next.send("GET /api/slow HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(raw.peer().request()).startsWith("GET /api/slow ");
      for (RawPeer caller : waiting) {
        caller.close();
      }
    }
  }

  @Test
  void a_request_with_a_body_goes_again_where_the_connection_was_stale() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      portal.complete(raw.origin());
      RawPeer first = caller(edge);
      first.send("GET /api/x HTTP/1.1\r\nHost: x\r\n\r\n");
      RawPeer used = raw.peer();
      used.request();
      used.answer("one");
      assertThat(first.answerBody()).isEqualTo("one");
      used.socket.setSoLinger(true, 0);
      RawPeer caller = caller(edge);
      used.close();
      caller.send("POST /api/x HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody");
      RawPeer fresh = raw.peer();
      assertThat(fresh.request()).endsWith("body");
      fresh.answer("two");
      assertThat(caller.answerBody()).isEqualTo("two");
    }
  }

  @Test
  void head_has_the_length_that_get_would_bring() throws Exception {
    try (RawUpstream raw =
        RawUpstream.serving(peer -> {
          peer.request();
          peer.send("HTTP/1.1 200 OK\r\ncontent-length: 1234\r\n\r\n");
        })) {
      portal.complete(raw.origin());
      RawPeer caller = caller(edge);
      caller.send("HEAD /api/x HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(caller.until("\r\n\r\n").toLowerCase(Locale.ROOT))
          .startsWith("http/1.1 200 ")
          .contains("\r\ncontent-length: 1234\r\n");
    }
  }

  @Test
  void exchange_waits_for_a_portal_that_is_starting() throws Exception {
    try (RawUpstream raw = RawUpstream.serving(RawUpstreamScripts::echo)) {
      RawPeer caller = caller(edge);
      caller.send("GET /api/x HTTP/1.1\r\nHost: x\r\n\r\n");
      edge.loops().schedule(() -> portal.complete(raw.origin()), 100, TimeUnit.MILLISECONDS);
      assertThat(caller.answerBody()).startsWith("GET /api/x ");
    }
  }

  @Test
  void portal_that_does_not_come_up_is_503_with_retry_after() throws Exception {
    try (EdgeServer hasty = edge(Duration.ofMillis(100))) {
      RawPeer caller = caller(hasty);
      caller.send("GET /api/x HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(caller.until("}}").toLowerCase(Locale.ROOT))
          .startsWith("http/1.1 503 ")
          .contains("\r\nretry-after: 5\r\n", "overloaded");
    }
  }

  @Test
  void portal_that_failed_to_start_is_503_at_once() throws Exception {
    portal.completeExceptionally(new IOException("no"));
    RawPeer caller = caller(edge);
    caller.send("GET /api/x HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(caller.until("}}")).startsWith("HTTP/1.1 503 ");
  }

  @Test
  void caller_who_leaves_is_felt_by_the_portal_at_once() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      portal.complete(raw.origin());
      RawPeer caller = caller(edge);
      caller.send("GET /api/x HTTP/1.1\r\nHost: x\r\n\r\n");
      RawPeer peer = raw.peer();
      peer.request();
      long left = System.nanoTime();
      caller.close();
      assertThat(Duration.ofNanos(peer.awaitClosed() - left)).isLessThan(Duration.ofMillis(250));
    }
  }

  @Test
  void broken_answer_is_a_broken_connection_never_a_clean_end() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      portal.complete(raw.origin());
      RawPeer caller = caller(edge);
      caller.send("GET /api/x HTTP/1.1\r\nHost: x\r\n\r\n");
      RawPeer peer = raw.peer();
      peer.request();
      peer.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n");
      caller.until("half\r\n");
      peer.close();
      assertThatThrownBy(() -> caller.until("0\r\n\r\n")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void answer_that_is_not_one_is_502() throws Exception {
    try (RawUpstream raw =
        RawUpstream.serving(peer -> {
          peer.request();
          peer.close();
        })) {
      portal.complete(raw.origin());
      RawPeer caller = caller(edge);
      caller.send("GET /api/x HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(caller.until("}}")).startsWith("HTTP/1.1 502 ").contains("upstream_error");
    }
  }

  @Test
  void slow_caller_slows_the_portal_down() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      portal.complete(raw.origin());
      RawPeer caller = caller(edge);
      caller.socket.setReceiveBufferSize(32 * 1024);
      caller.send("GET /api/x HTTP/1.1\r\nHost: x\r\n\r\n");
      RawPeer peer = raw.peer();
      peer.request();
      long whole = 64L << 20;
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(() -> {
            try {
              peer.send("HTTP/1.1 200 OK\r\ncontent-length: " + whole + "\r\n\r\n");
              byte[] part = new byte[64 * 1024];
              for (long at = 0; at < whole; at += part.length) {
                peer.send(part);
              }
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
      caller.until("\r\n\r\n");
      assertThat(caller.skip(whole)).isEqualTo(whole);
      sent.get(5, TimeUnit.SECONDS);
    }
  }
}
