package dev.gatewright.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.RoomWorld.Answer;
import dev.gatewright.room.provider.livekit.LivekitStub;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/// Rooms end at their time where the provider does not end them, and are made to the end when their
/// caller leaves.
class RoomReaperTest {
  private static final Map<String, Map<String, Secret>> OPERATOR =
      Map.of(
          "livekit",
          Map.of(
              "api_key", Secret.of(LivekitStub.KEY), "api_secret", Secret.of(LivekitStub.SECRET)));
  private static final String MINUTE =
      "{'name':'r','overrides':{'lifespan':{'expires_in':60,'eject_at_expiry':true}}}";

  @EachDatabase
  void a_room_of_the_operator_s_credential_ends_at_its_time(Database database) {
    try (RoomWorld world = new RoomWorld(database, OPERATOR)) {
      String key = world.key();
      Answer made = own(world, "POST", "/v1/rooms", MINUTE, key);
      assertThat(made.at("/capabilities/expires_in/outcome")).isEqualTo("applied");
      assertThat(world.livekit.rooms).containsKey("r");

      world.keys.pass(Duration.ofSeconds(61));
      Await.until(() -> !world.livekit.rooms.containsKey("r"));
      Await.until(
          () -> own(world, "GET", "/v1/rooms/r", null, key).at("/status").equals("expired"));
      assertThat(own(world, "POST", "/v1/rooms", MINUTE, key).status()).isEqualTo(201);
    }
  }

  @EachDatabase
  void its_end_survives_a_restart_of_the_gate(Database database) {
    ObjectNode room;
    try (RoomWorld world = new RoomWorld(database, OPERATOR)) {
      assertThat(own(world, "POST", "/v1/rooms", MINUTE, world.key()).status()).isEqualTo(201);
      room = Objects.requireNonNull(world.livekit.rooms.get("r"));
    }
    try (RoomWorld world = new RoomWorld(database, OPERATOR)) {
      world.livekit.rooms.put("r", room);
      world.keys.pass(Duration.ofSeconds(61));
      Await.until(() -> !world.livekit.rooms.containsKey("r"));
    }
  }

  @EachDatabase
  void a_request_s_credential_is_held_in_memory_to_end_its_room(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      String key = world.key();
      Answer made = world.livekit("POST", "/v1/rooms", MINUTE, key);
      assertThat(made.at("/capabilities/expires_in/outcome")).isEqualTo("approximated");
      assertThat(made.at("/expires_at")).isNotEmpty();

      world.keys.pass(Duration.ofSeconds(61));
      Await.until(() -> !world.livekit.rooms.containsKey("r"));
      Answer tooLong =
          world.livekit(
              "POST", "/v1/rooms", "{'overrides':{'lifespan':{'expires_in':691200}}}", key);
      assertThat(tooLong.at("/capabilities/expires_in/outcome")).isEqualTo("unsupported");
      assertThat(tooLong.json().path("expires_at").isNull()).isTrue();
    }
  }

  @EachDatabase
  void people_in_a_room_that_ejects_nobody_stay_until_they_leave(Database database) {
    try (RoomWorld world = new RoomWorld(database, OPERATOR)) {
      String key = world.key();
      own(
          world,
          "POST",
          "/v1/rooms",
          "{'name':'busy','overrides':{'lifespan':{'expires_in':60}}}",
          key);
      ObjectNode room = Objects.requireNonNull(world.livekit.rooms.get("busy"));
      room.put("num_participants", 2);
      world.livekit.seen.clear();
      world.keys.pass(Duration.ofSeconds(61));
      Await.until(() -> !world.livekit.seen.isEmpty());
      assertThat(world.livekit.rooms).containsKey("busy");
      assertThat(own(world, "POST", "/v1/rooms/busy/tokens", "{'role':'speaker'}", key).status())
          .isEqualTo(404);

      room.put("num_participants", 0);
      world.keys.pass(Duration.ofSeconds(5));
      Await.until(() -> !world.livekit.rooms.containsKey("busy"));
    }
  }

  @EachDatabase
  void a_caller_who_leaves_mid_create_leaves_no_orphan(Database database) throws IOException {
    try (RoomWorld world = new RoomWorld(database)) {
      CountDownLatch answer = new CountDownLatch(1);
      world.daily.nextWaits(answer);
      try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), world.port())) {
        String body = "{\"name\":\"left-alone\"}";
        String request =
            "POST /v1/rooms HTTP/1.1\r\nhost: x\r\nx-gatewright-handoff-secret: handoff\r\n"
                + "x-gatewright-client: 192.0.2.7\r\nx-gatewright-request-id: req_left\r\n"
                + "x-provider-auth: "
                + dev.gatewright.room.provider.daily.DailyStub.KEY
                + "\r\ncontent-type: application/json\r\ncontent-length: "
                + body.length()
                + "\r\n\r\n"
                + body;
        caller.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        Await.until(() -> !world.daily.seen.isEmpty());
      }
      answer.countDown();
      Await.until(
          () -> world.daily("GET", "/v1/rooms", null).at("/data/0/status").equals("active"));
      assertThat(world.daily.rooms).containsKey("left-alone");
    }
  }

  private static Answer own(
      RoomWorld world,
      String method,
      String path,
      @org.jspecify.annotations.Nullable String body,
      String key) {
    return world.call(
        method, path, body, "x-provider", "livekit", "authorization", "Bearer " + key);
  }
}
