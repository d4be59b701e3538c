package dev.gatewright.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.Credentials;
import dev.gatewright.credential.CredentialKind;
import dev.gatewright.credential.Destination;
import dev.gatewright.room.provider.daily.DailyStub;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.web.TestPortal;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/// Rooms with a gateway key alone: what is stored pays.
class RoomStoredCredentialTest {
  private static Destination destination(RoomWorld world, String provider) {
    return Objects.requireNonNull(world.rooms.destinations().find("org_x", provider));
  }

  private static String store(RoomWorld world, String provider, String secret) {
    return send(
        world,
        "POST",
        "/api/credentials",
        "{\"kind\":\"room\",\"provider\":\"%s\",\"secret\":\"%s\"}".formatted(provider, secret),
        201);
  }

  private static String send(
      RoomWorld world, String method, String path, String body, int expected) {
    Credentials credentials = world.credentials;
    String admin = world.keys.keys.localAdmin().text().expose();
    Destination.Finder none = (_, _) -> null;
    try (TestPortal portal =
        new TestPortal(
            TestPortal.keysOnly(world.admission::admit),
            credentials.api(none, none, world.rooms.destinations(), world.keys.time).resource())) {
      HttpResponse<String> answer =
          portal.send(
              portal
                  .request(path)
                  .header("authorization", "Bearer " + admin)
                  .header("content-type", "application/json")
                  .method(method, BodyPublishers.ofString(body)));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(expected);
      return answer.body();
    }
  }

  private static String[] keyed(String key) {
    return new String[] {"authorization", "Bearer " + key};
  }

  @EachDatabase
  void a_gateway_key_alone_makes_and_finds_rooms(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      String key = world.key();
      assertThat(world.call("POST", "/v1/rooms", "{'name':'a'}", keyed(key)).status())
          .isEqualTo(422);
      store(world, "daily", DailyStub.KEY);
      assertThat(world.call("POST", "/v1/rooms", "{'name':'a'}", keyed(key)).status())
          .isEqualTo(201);
      assertThat(world.call("GET", "/v1/rooms/a", null, keyed(key)).status()).isEqualTo(200);
      // Without a key nobody's stored credential is there.
      assertThat(world.call("GET", "/v1/rooms/a", null).status()).isEqualTo(422);
      // The account is shared: what others made there is not this key's.
      assertThat(world.call("GET", "/v1/rooms/elsewhere", null, keyed(key)).status())
          .isEqualTo(404);
    }
  }

  @EachDatabase
  void rooms_of_the_header_stay_when_their_key_is_stored_and_when_it_is_replaced(Database database)
      throws Exception {
    try (RoomWorld world = new RoomWorld(database)) {
      String key = world.key();
      assertThat(world.daily("POST", "/v1/rooms", "{'name':'a'}", keyed(key)).status())
          .isEqualTo(201);
      JsonNode made =
          new com.fasterxml.jackson.databind.ObjectMapper()
              .readTree(store(world, "daily", "Bearer " + DailyStub.KEY));
      assertThat(world.call("GET", "/v1/rooms/a", null, keyed(key)).status()).isEqualTo(200);
      String path = "/api/credentials/" + made.get("id").asText();
      send(world, "PUT", path + "/secret", "{\"secret\":\"" + DailyStub.KEY + "\"}", 200);
      assertThat(world.call("GET", "/v1/rooms/a", null, keyed(key)).status()).isEqualTo(200);
      assertThat(send(world, "PUT", path + "/secret", "{\"secret\":\"not-the-key\"}", 422))
          .contains("check_failed")
          .doesNotContain("not-the-key");
      assertThat(send(world, "POST", path + "/check", "{}", 200)).contains("\"ok\":true");
    }
  }

  @EachDatabase
  void what_says_its_own_address_ends_rooms_after_a_restart_too(Database database)
      throws Exception {
    try (RoomWorld world = new RoomWorld(database)) {
      String key = world.key();
      store(world, "livekit", world.livekit.credential());
      String[] headers = {"x-provider", "livekit", "authorization", "Bearer " + key};
      RoomWorld.Answer made =
          world.call(
              "POST",
              "/v1/rooms",
              "{'name':'b','overrides':{'lifespan':{'expires_in':60}}}",
              headers);
      assertThat(made.status()).as(made.text()).isEqualTo(201);
      Long reap =
          database.read(handle ->
              handle
                  .createQuery("SELECT reap_millis FROM room WHERE name = 'b'")
                  .mapTo(Long.class)
                  .one());
      // From its row: no credential is held in memory for it.
      assertThat(reap).isNotNull();
      world.keys.pass(Duration.ofSeconds(61));
      dev.gatewright.testbed.Await.until(
          "the room's end", Duration.ofSeconds(20), () -> status(database).equals("expired"));
    }
  }

  private static String status(Database database) {
    return database.read(handle ->
        handle.createQuery("SELECT status FROM room WHERE name = 'b'").mapTo(String.class).one());
  }

  @EachDatabase
  void a_credential_that_does_not_fit_is_refused_without_showing_it(Database database) {
    try (RoomWorld world = new RoomWorld(database)) {
      Destination livekit = destination(world, "livekit");
      for (String bad : new String[] {"plain", "Bearer e30", "{\"url\":\"ftp://x\"}", "{"}) {
        assertThat(livekit.fit(Secret.of(bad))).isInstanceOf(Destination.Fit.Wrong.class);
      }
      String object =
          "{\"url\":\"%s\",\"api_key\":\"k\",\"api_secret\":\"canary-of-livekit\"}"
              .formatted(world.livekit.url());
      assertThat(livekit.fit(Secret.of(object)))
          .isInstanceOfSatisfying(
              Destination.Fit.Good.class,
              good -> assertThat(good.origin()).isEqualTo(world.livekit.url()));
      assertThat(Map.of(CredentialKind.ROOM, livekit).toString())
          .doesNotContain("canary-of-livekit");
    }
  }
}
