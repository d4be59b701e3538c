package dev.gatewright.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatewright.edge.Transport;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.relay.pool.Upstreams;
import dev.gatewright.room.RoomWorld.Answer;
import dev.gatewright.room.StubServer.Seen;
import dev.gatewright.room.provider.Account;
import dev.gatewright.room.provider.CheckedHttp;
import dev.gatewright.room.provider.ProviderAddress;
import dev.gatewright.room.provider.daily.DailyRooms;
import dev.gatewright.room.provider.daily.DailyStub;
import dev.gatewright.room.provider.livekit.LivekitStub;
import dev.gatewright.room.wire.RoomJson;
import dev.gatewright.room.wire.RoomRefused;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.TestStore;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A provider's refusals keep their meaning.
class ProviderErrorsTest {
  private static TestStore store;
  private static RoomWorld world;
  private static String key;

  @BeforeAll
  static void start() {
    store = TestStore.fresh(Database.Kind.SQLITE);
    world = new RoomWorld(store.database());
    key = world.key();
  }

  @AfterAll
  static void stop() {
    world.close();
    store.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | authorization-header-error | no key            | 401 | provider_auth_failed
          401 | authentication-error       | unknown           | 401 | provider_auth_failed
          403 | forbidden-error            | not yours         | 403 | provider_forbidden
          404 | not-found                  | gone              | 404 | not_found
          400 | invalid-request-error      | lang is wrong     | 422 | provider_invalid_request
          400 | json-parsing-error         | odd               | 422 | provider_invalid_request
          400 | invalid-request-error      | a room named x already exists | 409 | room_exists
          429 | rate-limit-error           | slowly            | 429 | provider_rate_limited
          500 | server-error               | sorry             | 502 | provider_error
          503 | server-error               | sorry             | 502 | provider_error
          504 | server-error               | sorry             | 504 | timeout_provider
          """)
  void daily_s_documented_errors(int status, String error, String info, int expected, String code) {
    world.daily.next(DailyStub.error(status, error, info));
    Answer answer = world.daily("POST", "/v1/rooms", "{'name':'x" + status + "'}");

    assertThat(answer.status()).as(answer.text()).isEqualTo(expected);
    assertThat(answer.at("/error/code")).isEqualTo(code);
    assertThat(answer.at("/error/provider")).isEqualTo("daily");
    assertThat(answer.at("/error/provider_status")).isEqualTo(Integer.toString(status));
    assertThat(answer.at("/error/provider_code")).isEqualTo(error);
    assertThat(answer.at("/detail")).isEqualTo(answer.at("/error/message"));
    assertThat(answer.text().contains(info))
        .isEqualTo(code.equals("provider_invalid_request") && error.startsWith("invalid"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          401 | unauthenticated    | 401 | provider_auth_failed
          403 | permission_denied  | 403 | provider_forbidden
          404 | not_found          | 404 | not_found
          400 | invalid_argument   | 422 | provider_invalid_request
          429 | resource_exhausted | 429 | provider_rate_limited
          503 | unavailable        | 502 | provider_error
          500 | internal           | 502 | provider_error
          408 | deadline_exceeded  | 504 | timeout_provider
          404 | bad_route          | 502 | provider_error
          """)
  void livekit_s_documented_errors(int status, String error, int expected, String code) {
    world.livekit.next(LivekitStub.error(status, error, "words"));
    Answer answer = world.livekit("GET", "/v1/rooms/some-room", null, key);

    assertThat(answer.status()).as(answer.text()).isEqualTo(expected);
    assertThat(answer.at("/error/code")).isEqualTo(code);
    assertThat(answer.at("/error/provider_code")).isEqualTo(error);
  }

  @Test
  void a_429_keeps_its_retry_after() {
    world.daily.next(
        new StubServer.Answer(
            429, Map.of("Retry-After", "17"), "{\"error\":\"rate-limit-error\"}"));
    assertThat(world.daily("GET", "/v1/rooms/x", null).header("retry-after")).isEqualTo("17");

    world.daily.next(429, "{\"error\":\"rate-limit-error\"}");
    assertThat(world.daily("GET", "/v1/rooms/x", null).header("retry-after")).isEqualTo("1");
  }

  @Test
  void legacy_calls_get_the_same_statuses() {
    world.daily.next(DailyStub.error(401, "authentication-error", "unknown"));
    Answer answer = world.daily("GET", "/api/rooms/get/x", null);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.at("/detail")).isNotEmpty();
    assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
  }

  @Test
  void answers_that_are_not_the_provider_s_own_are_502() {
    for (String body : List.of("<html>", "", "[]", "{\"id\":1}", "{\"name\":\"x\"", "null")) {
      world.daily.next(200, body);
      Answer answer = world.daily("GET", "/v1/rooms/x", null);
      assertThat(answer.status()).as(body).isEqualTo(502);
      assertThat(answer.at("/error/code")).isEqualTo("provider_malformed");
    }
    world.daily.next(502, "<html>Bad gateway</html>");
    assertThat(world.daily("GET", "/v1/rooms/x", null).status()).isEqualTo(502);
    world.daily.next(302, "");
    assertThat(world.daily("GET", "/v1/rooms/x", null).status()).isEqualTo(502);
  }

  @Test
  void a_cut_answer_is_502_and_a_room_nobody_heard_of_is_taken_away() {
    world.daily.seen.clear();
    world.daily.nextCut();
    Answer answer = world.daily("POST", "/v1/rooms", "{}");

    assertThat(answer.status()).isEqualTo(502);
    Seen made = world.daily.seen.getFirst();
    Seen swept = world.daily.seen.getLast();
    String name = Objects.requireNonNull(RoomJson.parse(made.body())).path("name").asText();
    assertThat(swept.method()).isEqualTo("DELETE");
    assertThat(swept.path()).isEqualTo("/v1/rooms/" + name);
    assertThat(world.daily("GET", "/v1/rooms", null).text()).doesNotContain(name);
  }

  @Test
  void a_provider_that_does_not_answer_is_504() throws IOException, InterruptedException {
    EventLoopGroup loops = Transport.best().loops(1, "slow-test");
    try (DailyStub stub = new DailyStub();
        Upstreams upstreams = new Upstreams(Time.system());
        Fetch fetch = new Fetch(upstreams, loops)) {
      stub.start();
      stub.nextHang();
      Timeouts timeouts =
          new Timeouts(Duration.ofSeconds(5), Duration.ofMillis(200), Duration.ofSeconds(5));
      DailyRooms rooms =
          new DailyRooms(
              ProviderAddress.parse(stub.url() + "/v1"),
              new CheckedHttp(fetch, _ -> DialRules.ALLOW_PRIVATE, timeouts, 10_000));
      Account account = new Account("daily", Map.of("api_key", Secret.of(DailyStub.KEY)), false);
      RoomRefused refused = catchThrowableOfType(RoomRefused.class, () -> rooms.find(account, "x"));

      assertThat(refused.problem().status()).isEqualTo(504);
      assertThat(refused.problem().code()).isEqualTo("timeout_first_byte");
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }
}
