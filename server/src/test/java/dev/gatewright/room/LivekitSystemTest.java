package dev.gatewright.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.room.RoomWorld.Answer;
import dev.gatewright.room.provider.livekit.LivekitServer;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.TestStore;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rooms on a real LiveKit (`go install github.com/livekit/livekit-server/cmd/server@v1.11.0`).
@Tag("system")
class LivekitSystemTest {
  private static final String EXPIRING =
      "{'name':'brief','overrides':{'lifespan':{'expires_in':15,'eject_at_expiry':true}}}";

  @TempDir private Path folder;

  @Test
  void a_room_s_life() throws Exception {
    try (LivekitServer livekit = new LivekitServer(folder);
        TestStore store = TestStore.fresh(Database.Kind.SQLITE);
        RoomWorld world = new RoomWorld(store.database())) {
      String key = world.key();
      Answer made =
          call(
              world,
              livekit,
              key,
              "ours",
              "POST",
              "/v1/rooms",
              "{'name':'team','overrides':{'access':{'max_participants':5}}}");
      assertThat(made.status()).as(made.text()).isEqualTo(201);
      assertThat(made.at("/provider_room_id")).startsWith("RM_");
      assertThat(call(world, livekit, key, "ours", "POST", "/v1/rooms", "{'name':'team'}").status())
          .isEqualTo(409);

      Answer changed =
          call(
              world,
              livekit,
              key,
              "ours",
              "PATCH",
              "/v1/rooms/team",
              "{'overrides':{'access':{'max_participants':null},'media':{'video':false}}}");
      assertThat(changed.status()).as(changed.text()).isEqualTo(200);
      assertThat(changed.at("/capabilities/max_participants/outcome")).isEqualTo("unsupported");
      JsonNode held =
          call(world, livekit, key, "ours", "GET", "/api/rooms/get/team", null)
              .json()
              .path("config");
      assertThat(held.path("max_participants").asInt()).isEqualTo(5);
      assertThat(held.path("metadata").asText()).contains("\"video\":false");

      assertThat(call(world, livekit, key, "ours", "DELETE", "/v1/rooms/team", null).status())
          .isEqualTo(204);
      assertThat(call(world, livekit, key, "ours", "DELETE", "/v1/rooms/team", null).status())
          .isEqualTo(404);
    }
  }

  @Test
  void a_room_that_a_join_brings_back_is_ours_and_one_made_elsewhere_is_not() throws Exception {
    try (LivekitServer livekit = new LivekitServer(folder);
        TestStore store = TestStore.fresh(Database.Kind.SQLITE);
        RoomWorld world = new RoomWorld(store.database())) {
      String key = world.key();
      String other = EXPIRING.replace("brief", "again");
      for (String body : new String[] {EXPIRING, other}) {
        assertThat(call(world, livekit, key, "ours", "POST", "/v1/rooms", body).status())
            .isEqualTo(201);
      }
      String token =
          call(world, livekit, key, "ours", "POST", "/v1/rooms/brief/tokens", "{'role':'speaker'}")
              .at("/token");
      // With another key of the same server nothing of ours is known.
      for (String name : new String[] {"brief", "again"}) {
        assertThat(
                call(world, livekit, key, "theirs", "DELETE", "/v1/rooms/" + name, null).status())
            .isEqualTo(204);
      }
      assertThat(call(world, livekit, key, "ours", "GET", "/v1/rooms/brief", null).at("/status"))
          .isEqualTo("lost");
      join(livekit, token);
      Await.until(() ->
          call(world, livekit, key, "ours", "GET", "/v1/rooms/brief", null)
              .at("/status")
              .equals("active"));
      assertThat(
              call(world, livekit, key, "theirs", "POST", "/v1/rooms", "{'name':'again'}").status())
          .isEqualTo(201);

      // LiveKit's clock is the machine's, so the time is waited for.
      Await.until(
          "the room has ended at its time",
          Duration.ofSeconds(60),
          () ->
              call(world, livekit, key, "theirs", "GET", "/v1/rooms/brief", null).status() == 404);
      assertThat(call(world, livekit, key, "theirs", "GET", "/v1/rooms/again", null).at("/status"))
          .isEqualTo("active");
    }
  }

  /// Comes to the door of LiveKit as its clients do; there is no media behind it.
  private static void join(LivekitServer livekit, String token) throws Exception {
    CompletableFuture<Boolean> heard = new CompletableFuture<>();
    URI uri =
        URI.create(
            livekit.url().replace("http:", "ws:")
                + "/rtc?protocol=15&auto_subscribe=0&access_token="
                + URLEncoder.encode(token, StandardCharsets.UTF_8));
    try (HttpClient client = HttpClient.newHttpClient()) {
      WebSocket socket =
          client
              .newWebSocketBuilder()
              .buildAsync(
                  uri,
                  new WebSocket.Listener() {
                    @Override
                    public @Nullable CompletionStage<?> onBinary(
                        WebSocket at, ByteBuffer data, boolean last) {
                      heard.complete(true);
                      return null;
                    }
                  })
              .get(20, TimeUnit.SECONDS);
      assertThat(heard.get(20, TimeUnit.SECONDS)).isTrue();
      socket.abort();
    }
  }

  private static Answer call(
      RoomWorld world,
      LivekitServer livekit,
      String key,
      String whose,
      String method,
      String path,
      @Nullable String body) {
    return world.call(
        method,
        path,
        body,
        "x-provider",
        "livekit",
        "x-provider-auth",
        livekit.credential(whose),
        "authorization",
        "Bearer " + key);
  }
}
