package dev.gatewright.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.RoomWorld.Answer;
import dev.gatewright.room.provider.livekit.LivekitStub;
import dev.gatewright.room.wire.RoomJson;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/// A row stands for one room at its provider, not for whatever bears the name later.
class RoomIdentityTest {
  private static final Map<String, Map<String, Secret>> OPERATOR =
      Map.of(
          "livekit",
          Map.of(
              "api_key", Secret.of(LivekitStub.KEY), "api_secret", Secret.of(LivekitStub.SECRET)));
  private static final String MINUTE =
      "{'name':'r','overrides':{'lifespan':{'expires_in':60,'eject_at_expiry':true}}}";
  private static final Duration TWO_MINUTES = Duration.ofMinutes(2);

  @EachDatabase
  void a_held_credential_does_not_end_a_room_made_again_elsewhere(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      String key = world.key();
      assertThat(world.livekit("POST", "/v1/rooms", MINUTE, key).status()).isEqualTo(201);
      assertThat(world.livekit("POST", "/v1/rooms", MINUTE.replace("'r'", "'s'"), key).status())
          .isEqualTo(201);
      world.livekit.rooms.put("r", LivekitStub.made("r", RoomJson.object()));

      passesAndEnds(world, key, "s");
      assertThat(world.livekit.rooms).containsKey("r");
    }
  }

  @EachDatabase
  void a_room_deleted_on_another_replica_is_not_ended_under_its_name(Database database) {
    try (RoomWorld world = new RoomWorld(database);
        RoomWorld replica = world.replica(database)) {
      RoomWorld other = replica == null ? world : replica;
      String key = world.key();
      assertThat(world.livekit("POST", "/v1/rooms", MINUTE, key).status()).isEqualTo(201);
      assertThat(world.livekit("POST", "/v1/rooms", MINUTE.replace("'r'", "'s'"), key).status())
          .isEqualTo(201);
      assertThat(other.livekit("DELETE", "/v1/rooms/r", null, key).status()).isEqualTo(204);
      assertThat(other.livekit("POST", "/v1/rooms", "{'name':'r'}", key).status()).isEqualTo(201);

      passesAndEnds(world, key, "s");
      assertThat(world.livekit.rooms).containsKey("r");
      assertThat(other.livekit("GET", "/v1/rooms/r", null, key).at("/status")).isEqualTo("active");
    }
  }

  @EachDatabase
  void the_operator_s_credential_ends_only_what_it_made(Database database) {
    try (RoomWorld world = new RoomWorld(database, OPERATOR)) {
      String[] own = {"x-provider", "livekit", "authorization", "Bearer " + world.key()};
      assertThat(world.call("POST", "/v1/rooms", MINUTE, own).status()).isEqualTo(201);
      world.livekit.rooms.put("r", LivekitStub.made("r", RoomJson.object()));

      assertThat(world.call("GET", "/v1/rooms/r", null, own).at("/status")).isEqualTo("lost");
      assertThat(world.call("PATCH", "/v1/rooms/r", "{}", own).status()).isEqualTo(404);
      assertThat(world.call("POST", "/v1/rooms/r/tokens", "{'role':'owner'}", own).status())
          .isEqualTo(404);
      world.keys.pass(TWO_MINUTES);
      Await.until(
          () -> world.call("GET", "/v1/rooms/r", null, own).at("/status").equals("expired"));
      assertThat(world.call("DELETE", "/v1/rooms/r", null, own).status()).isEqualTo(204);
      assertThat(world.livekit.rooms).containsKey("r");
    }
  }

  @EachDatabase
  void a_room_that_comes_back_because_somebody_joins_it_is_still_ours(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      String key = world.key();
      world.livekit("POST", "/v1/rooms", MINUTE, key);
      ObjectNode made = Objects.requireNonNull(world.livekit.rooms.remove("r"));
      assertThat(world.livekit("GET", "/v1/rooms/r", null, key).at("/status")).isEqualTo("lost");
      // As LiveKit makes it from the join token's roomConfig.
      ObjectNode config = RoomJson.object();
      config.set("metadata", made.get("metadata"));
      world.livekit.rooms.put("r", LivekitStub.made("r", config));

      Answer back = world.livekit("GET", "/v1/rooms/r", null, key);
      assertThat(back.at("/status")).isEqualTo("active");
      assertThat(back.at("/provider_room_id")).isNotEqualTo(made.path("sid").asText());
      passesAndEnds(world, key, "r");
    }
  }

  private static void passesAndEnds(RoomWorld world, String key, String name) {
    world.keys.pass(TWO_MINUTES);
    Await.until(() -> !world.livekit.rooms.containsKey(name));
    Await.until(
        () -> world.livekit("GET", "/v1/rooms/" + name, null, key).at("/status").equals("expired"));
  }
}
