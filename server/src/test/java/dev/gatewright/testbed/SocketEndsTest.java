package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How a WebSocket of a service ends where neither side asked for it, and what it holds meanwhile.
class SocketEndsTest {
  private static final EchoBackend BACKEND = SocketWorld.backend();
  private static final Duration SOON = Duration.ofMillis(250);
  private static final Duration DEAD_WITHIN = Duration.ofSeconds(1);

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, _) -> setup.settings(SocketWorld.services(BACKEND)));

  @TempDir private Path temporary;

  @AfterAll
  static void stop() throws IOException {
    BACKEND.close();
  }

  private static void awaitOutcome(String requestId, String outcome) throws Exception {
    Await.until(
        "a row that is " + outcome,
        Duration.ofSeconds(20),
        () ->
            UsageRows.sqlite(world.data()).stream()
                .anyMatch(
                    row -> row.requestId().equals(requestId) && row.outcome().equals(outcome)));
  }

  @Test
  void a_revoked_key_ends_its_sockets_with_a_close_frame() throws Exception {
    AdminClient.Key key = world.admin().liveKey("to-be-revoked");
    try (SocketCaller caller = SocketCaller.open(world.gate(), "/echo/ws", key.key());
        SocketCaller other = SocketCaller.open(world.gate(), "/echo/ws", world.key())) {
      EchoBackend.Visit visit = BACKEND.visit();
      BACKEND.visit();
      assertThat(caller.say("x").next()).isEqualTo("text:x");
      assertThat(visit.frame()).isEqualTo("1:1");
      world.admin().revoke(key.id());
      long revoked = System.nanoTime();
      assertThat(caller.next()).isEqualTo("close:1008");
      assertThat(visit.frame()).isEqualTo("8:1001");
      long closed = visit.closed.get(20, TimeUnit.SECONDS);
      assertThat(Duration.ofNanos(closed - revoked)).isLessThan(DEAD_WITHIN);
      assertThat(other.say("y").next()).isEqualTo("text:y");
    }
  }

  @Test
  void no_close_frame_stands_inside_a_frame_that_does_not_end() throws Exception {
    AdminClient.Key key = world.admin().liveKey("to-be-revoked");
    try (RawClient caller = SocketWorld.ask(world.gate(), "/echo/ws", key.key())) {
      RawClient.Head head = caller.head();
      EchoBackend.Visit visit = BACKEND.visit();
      byte[] frame = EchoBackend.frame(0x82, new byte[100]);
      visit.send(Arrays.copyOf(frame, 50));
      for (int i = 0; i < 50; i++) {
        assertThat(caller.read()).isEqualTo(frame[i] & 0xff);
      }
      world.admin().revoke(key.id());
      awaitOutcome(String.valueOf(head.headers().get("x-request-id")), "cancelled");
      assertThat(restOf(caller)).isIn("closed whole", "cut");
      visit.closed.get(20, TimeUnit.SECONDS);
    }
  }

  /// What comes of a frame whose rest the backend never sends.
  private static String restOf(RawClient caller) {
    try {
      return caller.read() < 0 ? "closed whole" : "more";
    } catch (IOException reset) {
      return "cut";
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_caller_who_vanishes_frees_the_backend(boolean hard) throws Exception {
    try (RawClient caller = SocketWorld.ask(world.gate(), "/echo/ws", world.key())) {
      RawClient.Head head = caller.head();
      assertThat(head.status()).isEqualTo(101);
      EchoBackend.Visit visit = BACKEND.visit();
      caller.send(SocketWorld.frame(0x82, 10));
      assertThat(visit.frame()).isEqualTo("2:10");
      long left = caller.leave(hard);
      long closed = visit.closed.get(20, TimeUnit.SECONDS);
      assertThat(Duration.ofNanos(closed - left)).isLessThan(SOON);
      awaitOutcome(String.valueOf(head.headers().get("x-request-id")), "cancelled");
    }
  }

  @Test
  void a_caller_who_vanishes_frees_a_backend_that_hears_nothing() throws Exception {
    try (RawClient caller = SocketWorld.ask(world.gate(), "/echo/ws?deaf", world.key())) {
      assertThat(caller.head().status()).isEqualTo(101);
      EchoBackend.Visit visit = BACKEND.visit();
      caller.send(SocketWorld.frame(0x82, 10));
      caller.leave(true);
      awaitRunning("echo", 0);
      visit.hears.countDown();
      visit.closed.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void a_backend_that_breaks_off_breaks_the_callers_socket() throws Exception {
    try (SocketCaller caller = SocketCaller.open(world.gate(), "/echo/ws", world.key())) {
      EchoBackend.Visit visit = BACKEND.visit();
      visit.socket.setSoLinger(true, 0);
      visit.socket.close();
      assertThat(caller.next()).isIn("error", "close:1006");
    }
  }

  @Test
  void stopping_the_gate_closes_its_sockets() throws Exception {
    try (EchoBackend backend = EchoBackend.start()) {
      Path folder = temporary;
      LocalGate gate =
          LocalGate.start(GateSetup.in(folder).settings(SocketWorld.services(backend)));
      String key = gate.admin().liveKey("drain").key();
      try (SocketCaller caller = SocketCaller.open(gate, "/echo/ws", key)) {
        EchoBackend.Visit visit = backend.visit();
        assertThat(caller.say("x").next()).isEqualTo("text:x");
        assertThat(visit.frame()).isEqualTo("1:1");
        gate.close();
        assertThat(caller.next()).isEqualTo("close:1001");
        assertThat(visit.frame()).isEqualTo("8:1001");
        visit.closed.get(20, TimeUnit.SECONDS);
      }
      assertThat(UsageRows.sqlite(folder.resolve("data")))
          .singleElement()
          .extracting(UsageRows.Row::outcome)
          .isEqualTo("interrupted");
    }
  }

  @Test
  void an_idle_socket_ends_and_gives_its_place_to_the_next() throws Exception {
    try (SocketCaller caller = SocketCaller.open(world.gate(), "/few/ws", world.key())) {
      BACKEND.visit();
      try (RawClient second = SocketWorld.ask(world.gate(), "/few/ws", world.key())) {
        RawClient.Answer refused = second.answer();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("retry-after")).isNotNull();
      }
      assertThat(caller.next()).isEqualTo("close:1001");
    }
    try (RawClient third = SocketWorld.ask(world.gate(), "/few/ws", world.key())) {
      assertThat(third.head().status()).isEqualTo(101);
      BACKEND.visit();
    }
  }

  @Test
  void sockets_wait_in_the_services_queue() throws Exception {
    try (SocketCaller first = SocketCaller.open(world.gate(), "/one/ws", world.key());
        RawClient second = SocketWorld.ask(world.gate(), "/one/ws", world.key())) {
      BACKEND.visit();
      awaitWaiting("one", 1);
      try (RawClient third = SocketWorld.ask(world.gate(), "/one/ws", world.key())) {
        RawClient.Answer refused = third.answer();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("x-gatewright-queue-position")).isEqualTo("2");
      }
      assertThat(BACKEND.nobodyWaits()).isTrue();
      first.socket().sendClose(1000, "").get(20, TimeUnit.SECONDS);
      RawClient.Head head = second.head();
      assertThat(head.status()).isEqualTo(101);
      assertThat(head.headers()).containsEntry("x-gatewright-queue-position", "1");
      BACKEND.visit();
      RawClient waiting = SocketWorld.ask(world.gate(), "/one/ws", world.key());
      awaitWaiting("one", 1);
      waiting.leave(false);
      awaitWaiting("one", 0);
    }
    awaitRunning("one", 0);
  }

  private static void awaitWaiting(String service, int count) throws Exception {
    await(service, "/queue/waiting", count);
  }

  private static void awaitRunning(String service, int count) throws Exception {
    await(service, "/running", count);
  }

  private static void await(String service, String what, int count) throws Exception {
    Await.until(
        "%s of %s to be %d".formatted(what, service, count),
        Duration.ofSeconds(20),
        () -> {
          for (JsonNode each : world.admin().call("GET", "/api/services", "", 200).path("data")) {
            if (each.path("id").asText().equals(service)) {
              return each.at(what).asInt(-1) == count;
            }
          }
          return false;
        });
  }
}
