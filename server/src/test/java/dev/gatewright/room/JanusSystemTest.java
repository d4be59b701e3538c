package dev.gatewright.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.room.RoomWorld.Answer;
import dev.gatewright.room.provider.janus.JanusJoin;
import dev.gatewright.room.provider.janus.JanusServer;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.TestStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rooms on a real Janus (`apt-get install -y janus`).
@Tag("system")
class JanusSystemTest {
  private static final String EXPIRING =
      "{'name':'brief','overrides':{'lifespan':{'expires_in':60,'eject_at_expiry':true}}}";

  @TempDir private Path folder;
  private JanusServer janus;
  private TestStore store;
  private RoomWorld world;
  private String key;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    janus = new JanusServer(folder);
    store = TestStore.fresh(Database.Kind.SQLITE);
    world = new RoomWorld(store.database(), Map.of("janus", janus.credential()));
    key = world.key();
  }

  @AfterEach
  void stop() throws InterruptedException {
    world.close();
    store.close();
    janus.close();
  }

  @Test
  void a_room_s_life() {
    Answer made = call("POST", "/v1/rooms", "{'name':'team-1','profile':'audio_room'}");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    assertThat(made.at("/provider_room_id")).isEqualTo("team-1");
    assertThat(made.at("/url")).isEqualTo(janus.url());
    assertThat(made.at("/capabilities/privacy/outcome")).isEqualTo("approximated");

    assertThat(call("GET", "/v1/rooms/team-1", null).at("/status")).isEqualTo("active");
    assertThat(call("GET", "/v1/rooms", null).at("/data/0/name")).isEqualTo("team-1");
    assertThat(call("POST", "/v1/rooms", "{'name':'team-1'}").status()).isEqualTo(409);
    Answer changed =
        call("PATCH", "/v1/rooms/team-1", "{'overrides':{'access':{'max_participants':7}}}");
    assertThat(changed.status()).as(changed.text()).isEqualTo(200);

    assertThat(call("DELETE", "/v1/rooms/team-1", null).status()).isEqualTo(204);
    assertThat(call("GET", "/v1/rooms/team-1", null).status()).isEqualTo(404);
  }

  @Test
  void a_name_that_janus_shows_taken_is_409() throws IOException, InterruptedException {
    JanusJoin.createDirectly(janus, "theirs");

    Answer refused = call("POST", "/v1/rooms", "{'name':'theirs'}");
    assertThat(refused.status()).as(refused.text()).isEqualTo(409);
    assertThat(refused.at("/error/provider_code")).isEqualTo("427");
  }

  @Test
  void the_token_lets_in_and_without_it_nobody_gets_in() throws IOException, InterruptedException {
    call("POST", "/v1/rooms", "{'name':'signed','overrides':{'access':{'privacy':'private'}}}");
    Answer token = call("POST", "/v1/rooms/signed/tokens", "{'role':'speaker','user':'Ada'}");
    assertThat(token.status()).as(token.text()).isEqualTo(201);
    assertThat(token.at("/role_outcome/outcome")).isEqualTo("approximated");

    JsonNode joined =
        JanusJoin.join(janus, "signed", token.at("/session_token"), token.at("/token"));
    JsonNode refused = JanusJoin.join(janus, "signed", token.at("/session_token"), null);

    assertThat(joined.path("videoroom").asText()).as(joined.toString()).isEqualTo("joined");
    assertThat(refused.path("error_code").asInt()).as(refused.toString()).isEqualTo(433);
    assertThat(JanusJoin.opensSession(janus, token.at("/session_token"))).isTrue();
    assertThat(JanusJoin.opensSession(janus, token.at("/token"))).isFalse();
  }

  @Test
  void a_token_s_time_bounds_the_entrance_and_not_the_call()
      throws IOException, InterruptedException {
    Answer made =
        call("POST", "/v1/rooms", "{'name':'long','overrides':{'lifespan':{'expires_in':3600}}}");
    Answer token = call("POST", "/v1/rooms/long/tokens", "{'role':'speaker','ttl':2}");
    assertThat(token.at("/session_expires_at")).isEqualTo(made.at("/expires_at"));
    String session = token.at("/session_token");
    String room = token.at("/token");
    assertThat(JanusJoin.join(janus, "long", session, room).path("videoroom").asText())
        .isEqualTo("joined");

    Await.until(
        "the token's time is over",
        Duration.ofSeconds(20),
        () -> JanusJoin.join(janus, "long", session, room).path("error_code").asInt() == 433);
    assertThat(JanusJoin.opensSession(janus, session)).isTrue();
    assertThat(participants("long")).isNotZero();
  }

  @Test
  void a_change_reaches_what_janus_holds() throws IOException, InterruptedException {
    call("POST", "/v1/rooms", "{'name':'changing'}");
    Answer changed =
        call(
            "PATCH",
            "/v1/rooms/changing",
            "{'overrides':{'capabilities':{'recording':true},'media':{'video':false},"
                + "'access':{'max_participants':4}}}");
    assertThat(changed.status()).as(changed.text()).isEqualTo(200);
    assertThat(changed.at("/capabilities/recording/outcome")).isEqualTo("approximated");
    JsonNode held = call("GET", "/api/rooms/get/changing", null).json().path("config");
    assertThat(held.path("record").asBoolean()).as(held.toString()).isTrue();
    assertThat(held.path("bitrate").asInt()).isEqualTo(64_000);
    assertThat(held.path("max_publishers").asInt()).isEqualTo(4);

    call(
        "PATCH",
        "/v1/rooms/changing",
        "{'overrides':{'capabilities':{'recording':false},'media':{'video':true}}}");
    held = call("GET", "/api/rooms/get/changing", null).json().path("config");
    assertThat(held.path("record").asBoolean(true)).as(held.toString()).isFalse();
    assertThat(held.path("bitrate").asInt()).isZero();
  }

  @Test
  void a_room_made_again_elsewhere_is_not_ours() throws IOException, InterruptedException {
    assertThat(call("POST", "/v1/rooms", EXPIRING).status()).isEqualTo(201);
    janus.restart();
    JanusJoin.createDirectly(janus, "brief");

    world.keys.pass(Duration.ofSeconds(61));
    Await.until(() -> call("GET", "/v1/rooms/brief", null).at("/status").equals("expired"));
    assertThat(call("DELETE", "/v1/rooms/brief", null).status()).isEqualTo(204);
    assertThat(participants("brief")).as("Janus still has it").isZero();
  }

  private int participants(String room) throws IOException, InterruptedException {
    return JanusJoin.listed(janus, room).path("num_participants").asInt(-1);
  }

  @Test
  void the_reaper_ends_a_room_after_a_restart_of_the_gate() {
    assertThat(call("POST", "/v1/rooms", EXPIRING).status()).isEqualTo(201);
    restartGate();

    world.keys.pass(Duration.ofSeconds(61));
    Await.until(() -> call("GET", "/v1/rooms/brief", null).at("/status").equals("expired"));
    // Expired by the clock at once; Janus has the name back when the reaper has been there.
    Await.until(() -> call("POST", "/v1/rooms", EXPIRING).status() == 201);
  }

  @Test
  void a_room_janus_forgot_reads_lost_and_is_reaped_without_a_fuss()
      throws IOException, InterruptedException {
    call("POST", "/v1/rooms", EXPIRING);
    call("POST", "/v1/rooms", "{'name':'forgotten'}");
    janus.restart();
    restartGate();

    assertThat(call("GET", "/v1/rooms/forgotten", null).at("/status")).isEqualTo("lost");
    assertThat(call("POST", "/v1/rooms", "{'name':'forgotten'}").status()).isEqualTo(201);
    world.keys.pass(Duration.ofSeconds(61));
    Await.until(() -> call("GET", "/v1/rooms/brief", null).at("/status").equals("expired"));
  }

  @Test
  void the_session_api_alone_is_enough() {
    Map<String, Secret> fields = janus.credential();
    fields.remove("admin_url");
    fields.remove("admin_secret");
    String header = JanusServer.header(fields);

    Answer made = byHeader("POST", "/v1/rooms", "{'name':'by-session'}", header);
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    assertThat(byHeader("GET", "/v1/rooms/by-session", null, header).at("/status"))
        .isEqualTo("active");
    assertThat(byHeader("DELETE", "/v1/rooms/by-session", null, header).status()).isEqualTo(204);
    fields.remove("api_secret");
    String token = JanusServer.header(fields);
    assertThat(byHeader("POST", "/v1/rooms", "{'name':'by-token'}", token).status()).isEqualTo(201);
  }

  @Test
  void wrong_secrets_keep_their_meaning() {
    Map<String, Secret> fields = janus.credential();
    fields.put("admin_secret", Secret.of("wrong"));
    Answer refused = byHeader("POST", "/v1/rooms", "{}", JanusServer.header(fields));
    assertThat(refused.status()).as(refused.text()).isEqualTo(401);
    assertThat(refused.at("/error/provider_code")).isEqualTo("403");

    fields.put("admin_secret", Secret.of(JanusServer.ADMIN_SECRET));
    fields.put("admin_key", Secret.of("wrong"));
    Answer forbidden = byHeader("POST", "/v1/rooms", "{}", JanusServer.header(fields));
    assertThat(forbidden.status()).as(forbidden.text()).isEqualTo(403);
  }

  private void restartGate() {
    world.close();
    world = new RoomWorld(store.database(), Map.of("janus", janus.credential()));
  }

  private Answer call(String method, String path, @Nullable String body) {
    return world.call(method, path, body, "x-provider", "janus", "authorization", "Bearer " + key);
  }

  private Answer byHeader(String method, String path, @Nullable String body, String header) {
    return world.call(
        method,
        path,
        body,
        "x-provider",
        "janus",
        "x-provider-auth",
        header,
        "authorization",
        "Bearer " + key);
  }
}
