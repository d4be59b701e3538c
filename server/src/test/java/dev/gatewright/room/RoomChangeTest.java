package dev.gatewright.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.room.RoomWorld.Answer;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.EventLogStore;
import dev.gatewright.testbed.EachDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Changes of a room: none is lost, and what is reported is what the provider then holds.
class RoomChangeTest {
  /// Each turns one thing of a conversation, and shows in one of Daily's properties.
  private static final Map<String, String> TURNS =
      Map.ofEntries(
          Map.entry("'media':{'screenshare_capable':false}", "enable_screenshare=false"),
          Map.entry("'media':{'video':false}", "start_video_off=true"),
          Map.entry("'media':{'audio':false}", "start_audio_off=true"),
          Map.entry("'capabilities':{'chat':false}", "enable_chat=false"),
          Map.entry("'capabilities':{'recording':true}", "enable_recording=cloud"),
          Map.entry("'capabilities':{'transcription':true}", "enable_transcription_storage=true"),
          Map.entry("'capabilities':{'live_captions':true}", "enable_live_captions_ui=true"),
          Map.entry("'capabilities':{'breakout_rooms':true}", "enable_breakout_rooms=true"),
          Map.entry("'interaction':{'prejoin':false}", "enable_prejoin_ui=false"),
          Map.entry("'interaction':{'broadcast_mode':true}", "owner_only_broadcast=true"),
          Map.entry("'interaction':{'knocking':true}", "enable_knocking=true"),
          Map.entry("'access':{'max_participants':9}", "max_participants=9"),
          Map.entry("'lifespan':{'eject_at_expiry':true}", "eject_at_room_exp=true"),
          Map.entry("'localization':{'lang':'de'}", "lang=de"));

  @EachDatabase
  void of_changes_at_once_on_two_replicas_none_is_lost(Database database)
      throws InterruptedException, ExecutionException {
    try (RoomWorld world = new RoomWorld(database);
        RoomWorld replica = world.replica(database);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      String key = world.key();
      assertThat(keyed(world, "POST", "/v1/rooms", "{'name':'busy'}", key).status()).isEqualTo(201);
      List<Future<Answer>> answers = new ArrayList<>();
      for (String turn : TURNS.keySet()) {
        RoomWorld there = replica == null || answers.size() % 2 == 0 ? world : replica;
        String body = "{'overrides':{" + turn + "}}";
        answers.add(callers.submit(() -> keyed(there, "PATCH", "/v1/rooms/busy", body, key)));
      }
      for (Future<Answer> answer : answers) {
        assertThat(answer.get().status()).as(answer.get().text()).isEqualTo(200);
      }
      JsonNode config = Objects.requireNonNull(world.daily.rooms.get("busy")).path("config");
      TURNS.forEach((turn, shown) -> {
        String[] property = shown.split("=");
        assertThat(config.path(property[0]).asText()).as(turn).isEqualTo(property[1]);
      });
    }
  }

  @EachDatabase
  void daily_keeps_the_stream_s_address_when_a_change_names_none(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      world.daily(
          "POST",
          "/v1/rooms",
          "{'name':'live','profile':'live_stream','overrides':{'capabilities':"
              + "{'rtmp_url':'rtmp://live.example/app/key'}}}");
      Answer chat = patch(world, "{'overrides':{'capabilities':{'chat':false}}}");
      assertThat(chat.at("/capabilities/rtmp_streaming/outcome")).isEqualTo("approximated");
      assertThat(endpoints(world)).isTrue();

      Answer back = patch(world, "{'overrides':{'capabilities':{'rtmp_url':null}}}");
      assertThat(back.at("/capabilities/rtmp_streaming/outcome")).isEqualTo("unsupported");
      assertThat(endpoints(world)).isFalse();
      Answer again = patch(world, "{'overrides':{'capabilities':{'chat':true}}}");
      assertThat(again.at("/capabilities/rtmp_streaming/outcome")).isEqualTo("unsupported");

      Answer anew =
          patch(world, "{'overrides':{'capabilities':{'rtmp_url':'rtmps://other.example/x'}}}");
      assertThat(anew.at("/capabilities/rtmp_streaming/outcome")).isEqualTo("approximated");
      Answer off = patch(world, "{'overrides':{'capabilities':{'rtmp_streaming':false}}}");
      assertThat(off.at("/capabilities/rtmp_streaming/outcome")).isEqualTo("applied");
      assertThat(endpoints(world)).isFalse();
    }
  }

  @EachDatabase
  void livekit_says_of_its_limit_what_it_holds(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      String key = world.key();
      world.livekit(
          "POST", "/v1/rooms", "{'name':'r','overrides':{'access':{'max_participants':5}}}", key);
      Answer free =
          world.livekit(
              "PATCH", "/v1/rooms/r", "{'overrides':{'access':{'max_participants':null}}}", key);
      assertThat(free.at("/capabilities/max_participants/outcome")).isEqualTo("unsupported");
      Answer later =
          world.livekit("PATCH", "/v1/rooms/r", "{'overrides':{'media':{'video':false}}}", key);
      assertThat(later.at("/capabilities/max_participants/outcome")).isEqualTo("unsupported");
      assertThat(later.at("/capabilities/video/outcome")).isEqualTo("approximated");
      Answer as =
          world.livekit(
              "PATCH", "/v1/rooms/r", "{'overrides':{'access':{'max_participants':5}}}", key);
      assertThat(as.at("/capabilities/max_participants/outcome")).isEqualTo("applied");
      assertThat(Objects.requireNonNull(world.livekit.rooms.get("r")).path("metadata").asText())
          .contains("\"video\":false");
      Answer strict =
          world.livekit(
              "PATCH",
              "/v1/rooms/r",
              "{'strict':true,'overrides':{'access':{'max_participants':7}}}",
              key);
      assertThat(strict.status()).isEqualTo(422);
    }
  }

  @EachDatabase
  void a_room_gone_from_an_old_livekit_is_not_there(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      String key = world.key();
      world.livekit("POST", "/v1/rooms", "{'name':'r'}", key);
      world.livekit.rooms.clear();
      world.livekit.next(500, "{'code':'internal','msg':'could not find node'}".replace('\'', '"'));
      assertThat(world.livekit("DELETE", "/v1/rooms/r", null, key).status()).isEqualTo(204);

      world.livekit("POST", "/v1/rooms", "{'name':'there'}", key);
      world.livekit.next(500, "{'code':'internal','msg':'really broken'}".replace('\'', '"'));
      assertThat(world.livekit("DELETE", "/v1/rooms/there", null, key).status()).isEqualTo(502);
    }
  }

  private static boolean endpoints(RoomWorld world) {
    return Objects.requireNonNull(world.daily.rooms.get("live"))
        .path("config")
        .has("streaming_endpoints");
  }

  private static Answer patch(RoomWorld world, String body) {
    return world.daily("PATCH", "/v1/rooms/live", body);
  }

  @EachDatabase
  void what_becomes_of_a_room_is_told_to_who_reads_along(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      String key = world.key();
      assertThat(keyed(world, "POST", "/v1/rooms", "{'name':'told'}", key).status()).isEqualTo(201);
      String body = "{'overrides':{'media':{'video':false}}}";
      assertThat(keyed(world, "PATCH", "/v1/rooms/told", body, key).status()).isEqualTo(200);
      assertThat(keyed(world, "DELETE", "/v1/rooms/told", "", key).status()).isLessThan(300);
      List<EventLogStore.Numbered> told =
          database.read(handle -> {
            String organization =
                handle
                    .createQuery("SELECT organization_id FROM event_head")
                    .mapTo(String.class)
                    .one();
            return EventLogStore.after(handle, organization, 0, Long.MAX_VALUE, 10);
          });
      assertThat(told).allMatch(each -> each.entry().objectId().startsWith("room_"));
      assertThat(told)
          .filteredOn(each -> each.type().equals("room"))
          .extracting(each -> each.entry().action())
          .containsExactly("create", "edit", "delete");
    }
  }

  private static Answer keyed(
      RoomWorld world, String method, String path, String body, String key) {
    return world.daily(method, path, body, "authorization", "Bearer " + key);
  }
}
