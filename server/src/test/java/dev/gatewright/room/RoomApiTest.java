package dev.gatewright.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.key.ApiKey;
import dev.gatewright.policy.Rule;
import dev.gatewright.room.RoomWorld.Answer;
import dev.gatewright.room.access.AnonymousLimit;
import dev.gatewright.room.provider.daily.DailyStub;
import dev.gatewright.room.settings.Capability;
import dev.gatewright.room.wire.RoomJson;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// `/v1/rooms` on both databases.
class RoomApiTest {
  private static final Map<String, Map<String, Secret>> OPERATOR =
      Map.of("daily", Map.of("api_key", Secret.of(DailyStub.KEY)));

  @EachDatabase
  void a_room_s_life(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      Answer made =
          world.daily(
              "POST",
              "/v1/rooms",
              "{'name':'team-1','profile':'workshop','overrides':{'lifespan':{'expires_in':600}}}");

      assertThat(made.status()).as(made.text()).isEqualTo(201);
      assertThat(made.json().fieldNames())
          .toIterable()
          .containsExactly(
              "name",
              "provider",
              "provider_room_id",
              "url",
              "status",
              "profile",
              "created_at",
              "expires_at",
              "capabilities");
      assertThat(made.at("/name")).isEqualTo("team-1");
      assertThat(made.at("/status")).isEqualTo("active");
      assertThat(made.at("/expires_at")).endsWith("Z");
      assertThat(made.at("/capabilities/breakout_rooms/outcome")).isEqualTo("approximated");
      assertThat(made.at("/capabilities/expires_in/outcome")).isEqualTo("applied");
      assertThat(made.json().at("/capabilities")).hasSize(Capability.values().length);

      assertThat(world.daily("GET", "/v1/rooms/team-1", null).json()).isEqualTo(made.json());
      Answer list = world.daily("GET", "/v1/rooms", null);
      assertThat(list.json().path("data")).hasSize(1);
      assertThat(list.at("/data/0/status")).isEqualTo("active");

      Answer changed =
          world.daily(
              "PATCH",
              "/v1/rooms/team-1",
              "{'overrides':{'capabilities':{'recording':false},'access':{'max_participants':9}}}");
      assertThat(changed.status()).as(changed.text()).isEqualTo(200);
      assertThat(changed.at("/expires_at")).isEqualTo(made.at("/expires_at"));
      JsonNode config = Objects.requireNonNull(world.daily.rooms.get("team-1")).path("config");
      assertThat(config.has("enable_recording")).isFalse();
      assertThat(config.path("max_participants").intValue()).isEqualTo(9);

      assertThat(world.daily("DELETE", "/v1/rooms/team-1", null).status()).isEqualTo(204);
      assertThat(world.daily("GET", "/v1/rooms/team-1", null).status()).isEqualTo(404);
      assertThat(world.daily("GET", "/v1/rooms", null).json().path("data")).isEmpty();
    }
  }

  @EachDatabase
  void a_name_is_taken_once_and_given_up_when_the_room_is_lost(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      assertThat(world.daily("POST", "/v1/rooms", "{'name':'one'}").status()).isEqualTo(201);
      Answer again = world.daily("POST", "/v1/rooms", "{'name':'one'}");
      assertThat(again.status()).isEqualTo(409);
      assertThat(again.at("/error/code")).isEqualTo("room_exists");

      world.daily.rooms.clear();
      assertThat(world.daily("GET", "/v1/rooms/one", null).at("/status")).isEqualTo("lost");
      assertThat(world.daily("GET", "/v1/rooms", null).at("/data/0/status")).isEqualTo("lost");
      assertThat(world.daily("GET", "/api/rooms/get/one", null).status()).isEqualTo(404);
      assertThat(world.daily("POST", "/v1/rooms/one/tokens", "{'role':'viewer'}").status())
          .isEqualTo(404);
      assertThat(world.daily("POST", "/v1/rooms", "{'name':'one'}").status()).isEqualTo(201);
      assertThat(world.daily("GET", "/v1/rooms/one", null).at("/status")).isEqualTo("active");
    }
  }

  @EachDatabase
  void livekit_refuses_a_name_that_was_taken_elsewhere(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      String key = world.key();
      world.livekit.rooms.put("theirs", RoomJson.object().put("name", "theirs").put("sid", "RM_1"));

      assertThat(world.livekit("POST", "/v1/rooms", "{'name':'theirs'}", key).status())
          .isEqualTo(409);
      assertThat(world.livekit.rooms.get("theirs").has("metadata")).isFalse();
    }
  }

  @EachDatabase
  void tenants_and_credentials_do_not_see_each_other_s_rooms(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      String key = world.key();
      world.daily("POST", "/v1/rooms", "{'name':'anonymous-room'}");
      world.daily("POST", "/v1/rooms", "{'name':'keyed-room'}", "authorization", "Bearer " + key);

      assertThat(names(world.daily("GET", "/v1/rooms", null))).containsExactly("anonymous-room");
      assertThat(names(world.daily("GET", "/v1/rooms", null, "authorization", "Bearer " + key)))
          .containsExactly("keyed-room");
    }
  }

  @EachDatabase
  void with_the_operator_s_credential_only_one_s_own_rooms_are_there(Database database) {
    try (RoomWorld world = new RoomWorld(database, OPERATOR)) {
      String[] key = {"authorization", "Bearer " + world.key()};
      world.daily.rooms.put("another-tenant-s", room());

      assertThat(world.call("GET", "/v1/rooms/another-tenant-s", null, key).status())
          .isEqualTo(404);
      assertThat(world.call("DELETE", "/v1/rooms/another-tenant-s", null, key).status())
          .isEqualTo(404);
      assertThat(
              world
                  .call("POST", "/v1/rooms/another-tenant-s/tokens", "{'role':'owner'}", key)
                  .status())
          .isEqualTo(404);
      assertThat(world.daily.rooms).containsKey("another-tenant-s");
      assertThat(world.call("POST", "/v1/rooms", "{'name':'mine'}", key).status()).isEqualTo(201);
      assertThat(world.call("GET", "/v1/rooms/mine", null, key).status()).isEqualTo(200);
      assertThat(world.call("POST", "/v1/rooms", "{}").status()).isEqualTo(422);
    }
  }

  @EachDatabase
  void a_refused_operator_s_credential_is_not_the_caller_s_fault(Database database) {
    try (RoomWorld world =
        new RoomWorld(database, Map.of("daily", Map.of("api_key", Secret.of("outdated"))))) {
      Answer refused =
          world.call("POST", "/v1/rooms", "{}", "authorization", "Bearer " + world.key());

      assertThat(refused.status()).isEqualTo(502);
      assertThat(refused.at("/error/code")).isEqualTo("upstream_auth");
      assertThat(refused.at("/error/provider_status")).isEqualTo("401");
    }
  }

  @EachDatabase
  void wrong_bodies_are_422_with_a_pointer(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      Map<String, String> wrong =
          Map.ofEntries(
              Map.entry("{'name':'-x'}", "/name"),
              Map.entry("{'name':'a/b'}", "/name"),
              Map.entry("{'name':'" + "x".repeat(64) + "'}", "/name"),
              Map.entry("{'profile':'webinar'}", "/profile"),
              Map.entry("{'strict':1}", "/strict"),
              Map.entry("{'wow/such~field':1}", "/wow~1such~0field"),
              Map.entry("{'overrides':{'media':{'video':'no'}}}", "/overrides/media/video"),
              Map.entry("{'overrides':{'medium':{}}}", "/overrides/medium"));
      wrong.forEach((body, pointer) -> {
        Answer refused = world.daily("POST", "/v1/rooms", body);
        assertThat(refused.status()).as(body).isEqualTo(422);
        assertThat(refused.at("/error/param")).isEqualTo(pointer);
        assertThat(refused.at("/detail")).isEqualTo(refused.at("/error/message"));
      });
      assertThat(world.daily("POST", "/v1/rooms", "{'name'").status()).isEqualTo(400);
      assertThat(world.daily("POST", "/v1/rooms", "[]").status()).isEqualTo(422);
      assertThat(world.daily.seen).isEmpty();
    }
  }

  @EachDatabase
  void what_callers_send_does_not_decide_how_long_the_answer_is(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      StringBuilder names = new StringBuilder("{'overrides':{'capabilities':{'\u0436':0");
      for (int i = 0; i < 6_000; i++) {
        names.append(",'").append(Integer.toString(i + 46_656, 36)).append("':0");
      }
      String deep = "{'overrides':" + "{'a':".repeat(900) + "1" + "}".repeat(901);
      String wide = "{'" + "\u0436".repeat(1_000) + "':'" + "x".repeat(40_000) + "'}";
      String values =
          "{'name':'" + "y".repeat(50_000) + "','overrides':[" + "{},".repeat(900) + "1]}";
      for (String body : List.of(names.append("}}}").toString(), deep, wide, values)) {
        Answer refused = world.call("POST", "/v1/room-plans", body);
        assertThat(refused.status()).as(refused.text()).isBetween(400, 422);
        assertThat(refused.text().getBytes(java.nio.charset.StandardCharsets.UTF_8).length)
            .isLessThan(4_096);
      }
    }
  }

  @EachDatabase
  void a_change_may_ask_that_the_room_be_what_its_caller_saw(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      String made = world.daily("POST", "/v1/rooms", "{'name':'r'}").header("etag");
      String chat = "{'overrides':{'capabilities':{'chat':false}}}";
      assertThat(made).startsWith("\"");
      assertThat(world.daily("GET", "/v1/rooms/r", null).header("etag")).isEqualTo(made);
      Answer changed = world.daily("PATCH", "/v1/rooms/r", chat, "if-match", made);
      assertThat(changed.status()).as(changed.text()).isEqualTo(200);
      assertThat(changed.header("etag")).isNotEqualTo(made);

      Answer late = world.daily("PATCH", "/v1/rooms/r", "{}", "if-match", made);
      assertThat(late.status()).isEqualTo(412);
      assertThat(late.at("/error/code")).isEqualTo("precondition_failed");
      assertThat(late.at("/detail")).isEqualTo(late.at("/error/message"));
      assertThat(world.daily("DELETE", "/v1/rooms/r", null, "if-match", made).status())
          .isEqualTo(412);
      assertThat(
              world
                  .daily("DELETE", "/v1/rooms/r", null, "if-match", changed.header("etag"))
                  .status())
          .isEqualTo(204);
    }
  }

  @EachDatabase
  void a_body_beyond_64_kib_is_413(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      Answer refused = world.daily("POST", "/v1/rooms", "{'name':'" + "x".repeat(70_000) + "'}");
      assertThat(refused.status()).isEqualTo(413);
      assertThat(refused.at("/detail")).isEqualTo(refused.at("/error/message"));
      assertThat(refused.json().path("error").has("provider_status")).isTrue();
      assertThat(world.daily("GET", "/v1/rooms?name=x", null).status()).isEqualTo(422);
    }
  }

  @EachDatabase
  void a_key_is_looked_at_in_every_carrier(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      String revoked = "gw_live_0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef_000000";
      String key = world.key(new Rule(Rule.Effect.ALLOW, Rule.Type.ROOMS, List.of("daily")));
      for (String[] carrier :
          List.of(
              new String[] {"x-gatewright-path-key", ""},
              new String[] {"sec-websocket-protocol", "gatewright.key."},
              new String[] {"authorization", "Bearer "},
              new String[] {"x-goog-api-key", ""})) {
        assertThat(
                world
                    .call("GET", "/v1/room-providers", null, carrier[0], carrier[1] + revoked)
                    .status())
            .as(carrier[0])
            .isEqualTo(401);
        assertThat(
                world
                    .call("GET", "/v1/room-providers", null, carrier[0], carrier[1] + key)
                    .status())
            .as(carrier[0])
            .isEqualTo(200);
      }
    }
  }

  @EachDatabase
  void strict_refuses_what_is_not_applied_before_anything_is_made(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      Answer refused =
          world.daily(
              "POST",
              "/v1/rooms",
              "{'strict':true,'overrides':{'capabilities':{'live_captions':true}}}");

      assertThat(refused.status()).isEqualTo(422);
      assertThat(refused.at("/error/message")).contains("live_captions is approximated");
      assertThat(refused.at("/detail/0/capability")).isEqualTo("live_captions");
      assertThat(refused.at("/detail/0/reason")).contains("Daily Prebuilt");
      assertThat(world.daily.seen).isEmpty();
      assertThat(world.daily("POST", "/v1/rooms", "{'strict':true}").status()).isEqualTo(201);
    }
  }

  @EachDatabase
  void a_plan_calls_nobody_and_needs_no_credential(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      Answer plan =
          world.call("POST", "/v1/room-plans", "{'profile':'broadcast'}", "x-provider", "livekit");

      assertThat(plan.status()).as(plan.text()).isEqualTo(200);
      assertThat(plan.at("/capabilities/recording/outcome")).isEqualTo("unsupported");
      assertThat(plan.at("/settings/interaction/broadcast_mode")).isEqualTo("true");
      assertThat(plan.at("/payload/empty_timeout")).isEqualTo("86400");
      assertThat(world.livekit.seen).isEmpty();
      assertThat(world.daily("POST", "/v1/room-plans", "{}").at("/payload/privacy"))
          .isEqualTo("public");
      assertThat(world.daily.seen).isEmpty();
    }
  }

  @EachDatabase
  void providers_say_their_credential_s_parts_and_capabilities(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      Answer providers = world.call("GET", "/v1/room-providers", null);

      assertThat(providers.json().path("data").findValuesAsText("id"))
          .containsExactly("daily", "livekit", "janus");
      assertThat(providers.at("/data/1/credential/0/name")).isEqualTo("url");
      assertThat(providers.at("/data/2/roles/viewer/outcome")).isEqualTo("approximated");
      assertThat(providers.json().at("/data/0/capabilities")).isNotEmpty();
    }
  }

  @EachDatabase
  void tokens_end_with_the_room_at_the_latest(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      Answer made =
          world.daily(
              "POST", "/v1/rooms", "{'name':'short','overrides':{'lifespan':{'expires_in':60}}}");
      Answer token =
          world.daily(
              "POST", "/v1/rooms/short/tokens", "{'role':'speaker','user':'Ada','ttl':600}");

      assertThat(token.status()).as(token.text()).isEqualTo(201);
      assertThat(token.at("/role")).isEqualTo("speaker");
      assertThat(token.at("/url")).isEqualTo("https://acme.daily.co/short");
      assertThat(token.at("/expires_at")).isEqualTo(made.at("/expires_at"));
      assertThat(token.json().has("session_token")).isFalse();
      for (String wrong :
          List.of(
              "{}", "{'role':'boss'}", "{'role':'owner','ttl':0}", "{'role':'owner','user':''}")) {
        assertThat(world.daily("POST", "/v1/rooms/short/tokens", wrong).status())
            .as(wrong)
            .isEqualTo(422);
      }
    }
  }

  @EachDatabase
  void pages_follow_one_another(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      for (String name : List.of("a", "b", "c")) {
        world.daily("POST", "/v1/rooms", "{'name':'" + name + "'}");
      }
      Answer first = world.daily("GET", "/v1/rooms?limit=2", null);
      Answer second =
          world.daily("GET", "/v1/rooms?limit=2&cursor=" + first.at("/next_cursor"), null);

      assertThat(names(first)).containsExactly("a", "b");
      assertThat(names(second)).containsExactly("c");
      assertThat(second.json().path("next_cursor").isNull()).isTrue();
      assertThat(world.daily("GET", "/v1/rooms?limit=0", null).status()).isEqualTo(422);
      assertThat(world.daily("GET", "/v1/rooms?cursor=*", null).status()).isEqualTo(400);
      assertThat(
              world
                  .call(
                      "GET",
                      "/v1/rooms?cursor=" + first.at("/next_cursor"),
                      null,
                      "x-provider-auth",
                      "another")
                  .at("/error/param"))
          .isEqualTo("cursor");
    }
  }

  @EachDatabase
  void keys_of_the_wrong_kind_or_with_a_rule_against_it_are_403(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      String test = world.keys.make(ApiKey.Kind.TEST).text().expose();
      String ruled = world.key(new Rule(Rule.Effect.ALLOW, Rule.Type.ROOMS, List.of("livekit")));

      assertThat(world.daily("POST", "/v1/rooms", "{}", "authorization", "Bearer " + test).status())
          .isEqualTo(403);
      Answer refused = world.daily("POST", "/v1/rooms", "{}", "authorization", "Bearer " + ruled);
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.at("/error/code")).isEqualTo("policy_denied");
      assertThat(world.livekit("POST", "/v1/rooms", "{}", ruled).status()).isEqualTo(201);
      assertThat(
              world.daily("POST", "/v1/rooms", "{}", "authorization", "Bearer nonsense").status())
          .isEqualTo(401);
      String admin = world.keys.keys.localAdmin().text().expose();
      assertThat(
              world.daily("POST", "/v1/rooms", "{}", "authorization", "Bearer " + admin).status())
          .isEqualTo(201);
    }
  }

  @EachDatabase
  void without_a_key_an_address_calls_60_times_a_minute(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      for (int i = 0; i < AnonymousLimit.CALLS_PER_MINUTE; i++) {
        assertThat(world.call("GET", "/v1/room-providers", null).status()).isEqualTo(200);
      }
      Answer refused = world.call("GET", "/v1/room-providers", null);
      // The clock goes on while the test runs, so a call or two may have been refilled.
      while (refused.status() == 200) {
        refused = world.call("GET", "/v1/room-providers", null);
      }
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.header("retry-after")).isNotEmpty();
      String key = world.key();
      assertThat(
              world
                  .call("GET", "/v1/room-providers", null, "authorization", "Bearer " + key)
                  .status())
          .isEqualTo(200);
      world.keys.pass(Duration.ofMinutes(1));
      assertThat(world.call("GET", "/v1/room-providers", null).status()).isEqualTo(200);
    }
  }

  @EachDatabase
  void an_address_in_the_credential_needs_a_gateway_key(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      Answer refused =
          world.call(
              "POST",
              "/v1/rooms",
              "{}",
              "x-provider",
              "livekit",
              "x-provider-auth",
              world.livekit.credential());

      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.at("/error/code")).isEqualTo("gateway_key_required");
      assertThat(world.livekit.seen).isEmpty();
    }
  }

  @EachDatabase
  void keyed_calls_leave_usage_rows(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      String[] key = {"authorization", "Bearer " + world.key()};
      world.daily("POST", "/v1/rooms", "{'name':'counted'}", key);
      world.daily("GET", "/v1/rooms/nobody", null, key);
      world.daily("POST", "/v1/rooms", "{'name':'uncounted'}");
      dev.gatewright.testbed.Await.until(() -> rows(world, database) >= 2);

      assertThat(rows(world, database)).isEqualTo(2);
    }
  }

  private static long rows(RoomWorld world, Database database) {
    world.ledger.projector().projectAll();
    return database.read(handle ->
        handle
            .createQuery(
                "SELECT COUNT(*) FROM usage_attempt WHERE model = 'rooms' AND target = 'daily/rooms'")
            .mapTo(Long.class)
            .one());
  }

  private static com.fasterxml.jackson.databind.node.ObjectNode room() {
    return RoomJson.object()
        .put("id", "1")
        .put("name", "another-tenant-s")
        .put("url", "https://acme.daily.co/another-tenant-s");
  }

  private static List<String> names(Answer list) {
    return list.json().path("data").findValuesAsText("name").stream().toList();
  }
}
