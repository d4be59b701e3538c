package dev.gatewright.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.room.RoomWorld.Answer;
import dev.gatewright.room.provider.daily.DailyStub;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.TestStore;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// PailKit's surface, as its clients know it.
class LegacyRoomApiTest {
  private static TestStore store;
  private static RoomWorld world;

  @BeforeAll
  static void start() {
    store = TestStore.fresh(Database.Kind.SQLITE);
    world = new RoomWorld(store.database());
  }

  @AfterAll
  static void stop() {
    world.close();
    store.close();
  }

  @Test
  void create_get_delete_answer_with_pailkit_s_fields() {
    world.keys.pass(java.time.Duration.ofMinutes(2));
    Answer made = world.daily("POST", "/api/rooms/create", "{'profile':'conversation'}");

    assertThat(made.status()).as(made.text()).isEqualTo(200);
    assertThat(made.json().fieldNames())
        .toIterable()
        .containsExactly(
            "success",
            "room_id",
            "room_name",
            "provider",
            "room_url",
            "created_at",
            "config",
            "privacy",
            "profile",
            "message",
            "capabilities");
    String name = made.at("/room_name");
    assertThat(made.at("/room_url")).isEqualTo("https://acme.daily.co/" + name);
    assertThat(made.at("/config/enable_chat")).isEqualTo("true");
    assertThat(made.at("/privacy")).isEqualTo("public");

    Answer got = world.daily("GET", "/api/rooms/get/" + name, null);
    assertThat(got.json().fieldNames())
        .toIterable()
        .containsExactly("success", "room_name", "provider", "room_url", "config", "message");

    Answer deleted = world.daily("DELETE", "/api/rooms/delete/" + name, null);
    assertThat(deleted.json().fieldNames())
        .toIterable()
        .containsExactly("success", "room_name", "provider", "message");
    assertThat(world.daily.rooms).doesNotContainKey(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer %s", "bearer %s", "BEARER  %s", "%s", "  %s  "})
  void takes_the_credential_with_and_without_its_scheme(String form) {
    world.keys.pass(java.time.Duration.ofMinutes(2));
    assertThat(
            world
                .call(
                    "POST",
                    "/api/rooms/create",
                    "{}",
                    "x-provider-auth",
                    form.formatted(DailyStub.KEY),
                    "x-provider",
                    " DAILY ")
                .status())
        .isEqualTo(200);
  }

  @Test
  void takes_the_credential_as_basic() {
    for (String pair : List.of(DailyStub.KEY + ":", ":" + DailyStub.KEY, "any:" + DailyStub.KEY)) {
      String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
      assertThat(
              world
                  .call("POST", "/api/rooms/create", "{}", "x-provider-auth", "Basic " + basic)
                  .status())
          .isEqualTo(200);
    }
  }

  @Test
  void an_absent_header_is_422_with_the_array_of_pailkit_s_framework() {
    Answer refused = world.call("POST", "/api/rooms/create", "{}");

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.at("/detail/0/type")).isEqualTo("missing");
    assertThat(refused.json().at("/detail/0/loc").toString())
        .isEqualTo("[\"header\",\"x-provider-auth\"]");
    assertThat(refused.at("/error/code")).isEqualTo("provider_credential_missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "Bearer", "bearer ", "Basic "})
  void an_empty_header_is_401(String value) {
    Answer refused = world.call("POST", "/api/rooms/create", "{}", "x-provider-auth", value);

    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.at("/detail"))
        .isEqualTo("X-Provider-Auth header is required. Provide your provider API key.");
  }

  @Test
  void an_unknown_provider_is_400_in_pailkit_s_words() {
    Answer refused = world.daily("POST", "/api/rooms/create", "{}", "x-provider", "Zoom\"<script>");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.at("/detail"))
        .isEqualTo("Unsupported provider: zoom??script?. Supported: daily, livekit, janus");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'profile':'webinar'}                                  | 400 | /profile
          {'overrides':{'capabilities':'x'}}                     | 400 | /overrides/capabilities
          {'overrides':{'lifespan':{'expires_in':'60'}}}         | 400 | /overrides/lifespan/expires_in
          {'overrides':{'nonsense':{}}}                          | 400 | /overrides/nonsense
          {'overrides':[]}                                       | 422 | /overrides
          {'profile':7}                                          | 422 | /profile
          [1]                                                    | 422 |
          {                                                      | 422 |
          {'profile':'podcast','profile':'broadcast'}            | 422 |
          """)
  void wrong_bodies(String body, int status, String param) {
    world.keys.pass(java.time.Duration.ofMinutes(2));
    Answer refused = world.daily("POST", "/api/rooms/create", body);

    assertThat(refused.status()).as(refused.text()).isEqualTo(status);
    assertThat(refused.json().has("detail")).isTrue();
    if (param != null) {
      assertThat(refused.at("/error/param")).isEqualTo(param);
    }
    assertThat(refused.at("/error/request_id")).isEqualTo("req_test");
  }

  @Test
  void extra_body_fields_are_ignored() {
    assertThat(
            world
                .daily("POST", "/api/rooms/create", "{'provider':'zoom','name':'mine','x':1}")
                .status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a%2Fb", "..%2f..", "a%5Cb", "a%3Fx", "%2E%2E", "a%20b", "a%0d%0ab", "a.b"})
  void a_name_that_could_leave_its_place_in_the_path_never_reaches_the_provider(String name) {
    world.keys.pass(java.time.Duration.ofMinutes(2));
    int before = world.daily.seen.size();
    int status = world.daily("GET", "/api/rooms/get/" + name, null).status();

    assertThat(status).isBetween(400, 404);
    assertThat(world.daily.seen).hasSize(before);
  }

  @Test
  void a_missing_room_is_404() {
    Answer missing = world.daily("GET", "/api/rooms/get/nobody-here", null);

    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.at("/error/code")).isEqualTo("not_found");
    assertThat(missing.at("/detail")).isEqualTo(missing.at("/error/message"));
    assertThat(world.daily("DELETE", "/api/rooms/delete/nobody-here", null).status())
        .isEqualTo(404);
  }
}
