package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// One hostile key against fifty ordinary ones, on everything that is shared at once: bodies in
/// memory, places at a service, sockets, the portal. None of the fifty is refused anything, and
/// each is served within twice its quiet time.
class HostileKeyTest {
  private static final int ORDINARY = 50;

  /// Fewer than the processors of a machine that others use, too.
  private static final int AT_ONCE = 4;

  /// What a timer, a collection or another test may cost beside.
  private static final Duration SLACK = Duration.ofMillis(30);

  /// One measurement may be spoilt by somebody else; three are not.
  private static final int MEASUREMENTS = 3;

  private static final EchoBackend echo = echo();

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, fake) ->
          setup.settings(
              """
              limits: { body: 256KiB, held-bodies: 8MiB, connections: 4000 }
              services:
                - id: mill
                  preset: http
                  instances: ["http://127.0.0.1:%1$d"]
                  concurrency: 8
                  allow: [POST /grind]
                - id: echo
                  preset: http
                  instances: ["%2$s"]
                  concurrency: 256
                  sockets: { max: 64 }
                  allow: [GET /ws]
              """
                  .formatted(fake.port(), echo.url())));

  private static EchoBackend echo() {
    try {
      return EchoBackend.start();
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  @AfterAll
  static void stop() throws Exception {
    echo.close();
  }

  @Test
  void fifty_areServedWithinTwiceTheirQuietTime_whateverOneTakes() throws Exception {
    world
        .provider()
        .answer((request, wire) -> {
          if (request.header("x-hostile") != null) {
            // As slow as a backend can be.
            wire.pause(Duration.ofMinutes(2));
          }
          if (request.path().equals("/grind")) {
            wire.json(200, "{}");
          } else {
            Answers.STANDARD.answer(request, wire);
          }
        });
    List<AdminClient.Key> keys = new ArrayList<>();
    for (int i = 0; i < ORDINARY; i++) {
      keys.add(world.admin().liveKey("ordinary " + i));
    }
    AdminClient.Key hostile = world.admin().liveKey("hostile");
    round(keys);
    Duration quiet = median(round(keys));

    try (Greed greed = new Greed(world.gate().port())) {
      takeAll(greed, hostile.key());
      Duration attacked = Duration.ofDays(1);
      Duration most = quiet.multipliedBy(2).plus(SLACK);
      for (int i = 0; i < MEASUREMENTS && attacked.compareTo(most) > 0; i++) {
        greed.trickle();
        Duration now = median(round(keys));
        attacked = now.compareTo(attacked) < 0 ? now : attacked;
      }
      assertThat(attacked).as("quiet: %s", quiet).isLessThanOrEqualTo(most);
    }
  }

  private static void takeAll(Greed greed, String key) throws Exception {
    String bearer = "authorization: Bearer " + key;
    String json = "content-type: application/json";
    // More bodies than may be held, never finished.
    greed.begin(
        60,
        List.of(
            "POST /v1/chat/completions HTTP/1.1",
            "host: localhost",
            json,
            bearer,
            "content-length: 262144"),
        200_000);
    // More calls than the service has places, and than its queue is long.
    greed.begin(
        40,
        List.of(
            "POST /mill/api/grind HTTP/1.1",
            "host: localhost",
            json,
            bearer,
            "x-hostile: 1",
            "content-length: 2"),
        2);
    List<String> socket =
        new ArrayList<>(List.of("GET /echo/ws HTTP/1.1", "host: localhost", bearer));
    socket.addAll(List.of(SocketWorld.HANDSHAKE));
    greed.begin(80, socket, 0);
    greed.begin(
        300,
        List.of(
            "POST /v1/rooms HTTP/1.1", "host: localhost", json, bearer, "content-length: 60000"),
        100);
  }

  /// Each of them makes one call of each kind.
  private static List<Duration> round(List<AdminClient.Key> keys) throws Exception {
    List<Duration> took = new ArrayList<>();
    try (ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<Duration>> all = new ArrayList<>();
      for (AdminClient.Key key : keys) {
        all.add(callers.submit(() -> calls(key.key())));
      }
      for (Future<Duration> each : all) {
        took.add(each.get());
      }
    }
    return took;
  }

  private static Duration calls(String key) throws Exception {
    long began = System.nanoTime();
    try (RawClient caller = world.caller()) {
      String chat =
          "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
              .formatted("x".repeat(10_000));
      assertThat(caller.post("/v1/chat/completions", key, chat).answer().status())
          .as("a model")
          .isEqualTo(200);
      assertThat(caller.post("/mill/api/grind", key, "{}").answer().status())
          .as("a service")
          .isEqualTo(200);
      assertThat(caller.get("/v1/room-providers", key).answer().status())
          .as("the portal")
          .isEqualTo(200);
      assertThat(caller.get("/echo/ws", key, SocketWorld.HANDSHAKE).head().status())
          .as("a socket")
          .isEqualTo(101);
    }
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private static Duration median(List<Duration> all) {
    List<Duration> sorted = new ArrayList<>(all);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
