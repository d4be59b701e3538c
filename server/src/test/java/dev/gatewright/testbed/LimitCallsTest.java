package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.room.provider.daily.DailyStub;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Limits as callers meet them, through the whole product.
class LimitCallsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHAT = "/v1/chat/completions";

  private static final DailyStub daily = daily();

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, fake) ->
          setup.settings(
              """
              sites: [{ host: shop.example }, { host: partner.example, limits-class: partners }]
              services:
                - id: echo
                  preset: http
                  instances: ["http://127.0.0.1:%d"]
                  allow: [POST /x]
              rooms: { providers: { daily: { base-url: "%s/v1", allow-private: true } } }
              prices:
                entries:
                  - model: local/*
                    meters: { input: 1/1M, cache_read: 1/1M, output: 1/1M }
              """
                  .formatted(fake.port(), daily.url())));

  private static DailyStub daily() {
    try {
      DailyStub stub = new DailyStub();
      stub.start();
      return stub;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @AfterAll
  static void stop() {
    daily.close();
  }

  private static AdminClient.Key key(String limits) throws Exception {
    return world.admin().createKey("{\"name\":\"k\",\"limits\":[%s]}".formatted(limits));
  }

  private static String limit(String kind, String max, String per) {
    String in = per.isEmpty() ? "" : ",\"per\":\"" + per + "\"";
    return "{\"kind\":\"%s\",\"max\":%s%s}".formatted(kind, max, in);
  }

  private static String set(String on, String limit) throws Exception {
    String body = "{\"on\":\"" + on + "\"," + limit.substring(1);
    return world.admin().call("POST", "/api/limits", body, 201).path("id").asText();
  }

  private static RawClient.Answer post(String path, String key, String body) throws Exception {
    try (RawClient caller = world.caller()) {
      return caller.post(path, key, body).answer();
    }
  }

  private static RawClient.Answer chat(AdminClient.Key key, String more) throws Exception {
    return post(
        CHAT,
        key.key(),
        "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]%s}"
            .formatted(more));
  }

  private static JsonNode limits(AdminClient.Key key) throws Exception {
    try (RawClient caller = world.caller()) {
      RawClient.Answer status =
          caller
              .send(
                  "GET /status HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer "
                      + key.key()
                      + "\r\n\r\n")
              .answer();
      return JSON.readTree(status.body()).path("limits");
    }
  }

  private static void awaitLeft(AdminClient.Key key, String limit, long left) throws Exception {
    Await.until(
        limit + " has " + left + " left",
        Duration.ofSeconds(10),
        () -> limits(key).path(limit).path("remaining").asLong() == left);
  }

  @Test
  void answers_tellOfLimits_andTheNextIsRefusedInTheCallersDialect() throws Exception {
    AdminClient.Key key = key(limit("requests", "2", "day"));

    RawClient.Answer first = chat(key, "");
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.header("x-ratelimit-limit-requests")).isEqualTo("2");
    assertThat(first.header("x-ratelimit-remaining-requests")).isEqualTo("1");
    assertThat(first.header("x-ratelimit-reset-requests")).startsWith("12h0m0s");
    assertThat(first.header("ratelimit-policy")).isEqualTo("\"requests\";q=2;w=86400");
    assertThat(first.header("ratelimit")).isEqualTo("\"requests\";r=1;t=43200");

    RawClient.Answer second =
        post(
            "/v1/messages",
            key.key(),
            "{\"model\":\"claude\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.header("anthropic-ratelimit-requests-limit")).isEqualTo("2");
    assertThat(second.header("anthropic-ratelimit-requests-remaining")).isEqualTo("0");
    assertThat(second.header("anthropic-ratelimit-requests-reset")).matches("20..-.*Z");

    RawClient.Answer third = chat(key, "");
    assertThat(third.status()).isEqualTo(429);
    JsonNode error = JSON.readTree(third.body()).path("error");
    assertThat(error.path("type").asText()).isEqualTo("rate_limit_error");
    assertThat(error.path("code").asText()).isEqualTo("rate_limit_exceeded");
    assertThat(error.path("message").asText()).contains("requests=2/day").contains(key.id());
    assertThat(Integer.parseInt(String.valueOf(third.header("retry-after"))))
        .isBetween(43_000, 43_200);
    assertThat(third.header("x-ratelimit-remaining-requests")).isEqualTo("0");

    RawClient.Answer fourth =
        post("/v1/messages", key.key(), "{\"model\":\"claude\",\"max_tokens\":9,\"messages\":[]}");
    assertThat(fourth.status()).isEqualTo(429);
    assertThat(JSON.readTree(fourth.body()).at("/error/type").asText())
        .isEqualTo("rate_limit_error");
    RawClient.Answer fifth = post("/echo/api/x", key.key(), "{}");
    assertThat(fifth.status()).isEqualTo(429);
    assertThat(fifth.header("retry-after")).isNotNull();
  }

  @Test
  void tokens_areTakenByEstimate_andSettledByWhatWasUsed() throws Exception {
    AdminClient.Key key =
        key(limit("input_tokens", "1000", "day") + "," + limit("output_tokens", "1000", "day"));
    String input = "";
    String output = "";
    for (var each : world.admin().call("GET", "/api/limits?on=" + key.id(), "", 200).path("data")) {
      if (each.path("kind").asText().equals("input_tokens")) {
        input = each.path("id").asText();
      } else {
        output = each.path("id").asText();
      }
    }

    RawClient.Answer answer = chat(key, ",\"max_tokens\":600");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("x-ratelimit-remaining-tokens")).isEqualTo("400");
    awaitLeft(key, input, 1000 - OpenAiAnswers.INPUT_TOKENS);
    awaitLeft(key, output, 1000 - OpenAiAnswers.OUTPUT_TOKENS);

    // More than there ever is passes when everything is there, and not else.
    assertThat(chat(key, ",\"max_tokens\":5000").status()).isEqualTo(429);
    assertThat(limits(key).path(input).path("remaining").asLong())
        .isEqualTo(1000 - OpenAiAnswers.INPUT_TOKENS);
  }

  @Test
  void calls_atOnce_areBounded_andFreeWhenTheyEnd() throws Exception {
    AdminClient.Key key = key(limit("concurrency", "1", ""));
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    world
        .provider()
        .answer((request, wire) -> {
          arrived.countDown();
          go.await(20, TimeUnit.SECONDS);
          Answers.STANDARD.answer(request, wire);
        });
    Thread running =
        Thread.ofVirtual()
            .start(() -> {
              try {
                assertThat(chat(key, "").status()).isEqualTo(200);
              } catch (Exception failed) {
                throw new AssertionError(failed);
              }
            });
    assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();

    RawClient.Answer refused = chat(key, "");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("retry-after")).isEqualTo("1");
    assertThat(refused.header("ratelimit-policy"))
        .isEqualTo("\"concurrency\";q=1;qu=\"concurrent-requests\"");
    go.countDown();
    running.join();
    Await.until("it is free again", Duration.ofSeconds(10), () -> chat(key, "").status() == 200);
  }

  @Test
  void spend_countsWhatCallsCost() throws Exception {
    AdminClient.Key key = key(limit("spend", "\"0.00002\"", "day"));

    assertThat(chat(key, ",\"max_tokens\":7").status()).isEqualTo(200);
    String id = limits(key).fieldNames().next();
    Await.until(
        "11 + 7 tokens are paid",
        Duration.ofSeconds(10),
        () -> limits(key).path(id).path("remaining").asText().equals("0.000002"));
    assertThat(chat(key, ",\"max_tokens\":7").status()).isEqualTo(429);
  }

  @Test
  void limits_ofEveryLayer_count_andAChangeIsFelt() throws Exception {
    AdminClient.Key key = key(limit("requests", "100", "day"));
    JsonNode made = world.admin().call("GET", "/api/keys/" + key.id(), "", 200);
    for (String on :
        new String[] {
          made.path("organization_id").asText(), made.path("project_id").asText(), "service:echo"
        }) {
      String id = set(on, limit("requests", "1", "day"));
      String path = on.startsWith("service:") ? "/echo/api/x" : CHAT;
      String body = "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
      Await.until(
          on + " is felt",
          Duration.ofSeconds(10),
          () -> post(path, key.key(), body).status() == 429);
      world.admin().call("PATCH", "/api/limits/" + id, "{\"max\":1000}", 200);
      Await.until(
          on + " is wider",
          Duration.ofSeconds(10),
          () -> post(path, key.key(), body).status() != 429);
      world.admin().send("DELETE", "/api/limits/" + id, "");
    }
    assertThat(limits(key).size()).isEqualTo(1);
  }

  @Test
  void limits_ofASite_countEverybodysCallsThere() throws Exception {
    AdminClient.Key key = key(limit("requests", "100", "day"));
    for (String[] site :
        new String[][] {
          {"shop.example", "site:shop.example"}, {"partner.example", "site:partners"}
        }) {
      String id = set(site[1], limit("requests", "1", "day"));
      Await.until(
          site[1] + " is felt", Duration.ofSeconds(10), () -> chatAt(site[0], key).status() == 429);
      assertThat(chat(key, "").status()).isEqualTo(200);
      assertThat(roomsAt(site[0], "GET /v1/rooms", key, "").status()).isEqualTo(429);
      assertThat(rooms("GET /v1/rooms", key, "").status()).isEqualTo(200);
      world.admin().send("DELETE", "/api/limits/" + id, "");
    }
  }

  private static RawClient.Answer chatAt(String host, AdminClient.Key key) throws Exception {
    String body = "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
    try (RawClient caller = world.caller()) {
      return caller
          .send(
              ("POST %s HTTP/1.1\r\nhost: %s\r\nauthorization: Bearer %s\r\n"
                      + "content-type: application/json\r\ncontent-length: %d\r\n\r\n%s")
                  .formatted(CHAT, host, key.key(), body.length(), body))
          .answer();
    }
  }

  @Test
  void aCallThatTheGateRefuses_isNoRequest() throws Exception {
    AdminClient.Key key = key(limit("requests", "1", "day"));
    assertThat(post(CHAT, key.key(), "{\"model\":\"nothing\",\"messages\":[]}").status())
        .isEqualTo(404);
    assertThat(chat(key, "").status()).isEqualTo(200);
  }

  @Test
  void streams_carryTheHeadersToo() throws Exception {
    AdminClient.Key key = key(limit("requests", "9", "minute"));
    RawClient.Answer answer = chat(key, ",\"stream\":true");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("x-ratelimit-remaining-requests")).isEqualTo("8");
  }

  private static RawClient.Answer rooms(String line, AdminClient.Key key, String body)
      throws Exception {
    return roomsAt("localhost", line, key, body);
  }

  private static RawClient.Answer roomsAt(
      String host, String line, AdminClient.Key key, String body) throws Exception {
    try (RawClient caller = world.caller()) {
      return caller
          .send(
              """
              %s HTTP/1.1\r
              host: %s\r
              authorization: Bearer %s\r
              x-provider-auth: Bearer %s\r
              content-type: application/json\r
              content-length: %d\r
              \r
              %s\
              """
                  .formatted(line, host, key.key(), DailyStub.KEY, body.length(), body))
          .answer();
    }
  }

  @Test
  void calls_onRooms_count_andAreRefusedInTheirDialect() throws Exception {
    AdminClient.Key key = key(limit("requests", "3", "day"));
    // What the gate refuses for another reason is no request.
    assertThat(rooms("POST /v1/rooms", key, "{\"profile\":\"none\"}").status()).isEqualTo(422);
    assertThat(rooms("GET /v1/room-providers", key, "").status()).isEqualTo(200);

    RawClient.Answer made = rooms("POST /v1/rooms", key, "{\"name\":\"counted\"}");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.header("x-ratelimit-limit-requests")).isEqualTo("3");
    assertThat(made.header("x-ratelimit-remaining-requests")).isEqualTo("2");
    assertThat(made.header("ratelimit-policy")).isEqualTo("\"requests\";q=3;w=86400");
    assertThat(made.header("ratelimit")).startsWith("\"requests\";r=2;t=");
    // The headers stand on refusals of a provider's, too.
    RawClient.Answer none = rooms("GET /api/rooms/get/nobody", key, "");
    assertThat(none.status()).isEqualTo(404);
    assertThat(none.header("x-ratelimit-remaining-requests")).isEqualTo("1");
    assertThat(chat(key, "").status()).isEqualTo(200);

    int asked = daily.seen.size();
    for (String line : new String[] {"DELETE /v1/rooms/counted", "DELETE /api/rooms/delete/x"}) {
      RawClient.Answer refused = rooms(line, key, "");
      assertThat(refused.status()).as(line).isEqualTo(429);
      JsonNode body = JSON.readTree(refused.body());
      assertThat(body.at("/error/type").asText()).isEqualTo("rate_limit_error");
      assertThat(body.at("/error/code").asText()).isEqualTo("rate_limit_exceeded");
      assertThat(body.at("/error").has("provider_status")).isTrue();
      assertThat(body.path("detail").asText()).contains("requests=3/day");
      assertThat(Integer.parseInt(String.valueOf(refused.header("retry-after"))))
          .isBetween(20_000, 28_800);
      assertThat(refused.header("retry-after-ms")).isNotNull();
      assertThat(refused.header("x-ratelimit-remaining-requests")).isEqualTo("0");
      assertThat(refused.header("ratelimit")).startsWith("\"requests\";r=0;t=");
    }
    assertThat(daily.seen).as("nothing was asked of the provider").hasSize(asked);
    assertThat(rooms("DELETE /v1/rooms/counted", key(""), "").status()).isEqualTo(204);
  }

  @Test
  void rooms_atOnce_areBounded_andFreeWhenTheirWorkIsDone() throws Exception {
    AdminClient.Key key = key(limit("concurrency", "1", ""));
    CountDownLatch go = new CountDownLatch(1);
    int asked = daily.seen.size();
    daily.nextWaits(go);
    Thread running =
        Thread.ofVirtual()
            .start(() -> {
              try {
                assertThat(rooms("POST /v1/rooms", key, "{\"name\":\"slow\"}").status())
                    .isEqualTo(201);
              } catch (Exception failed) {
                throw new AssertionError(failed);
              }
            });
    Await.until("it is made", Duration.ofSeconds(20), () -> daily.seen.size() > asked);

    RawClient.Answer refused = rooms("GET /v1/rooms", key, "");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("retry-after")).isEqualTo("1");
    assertThat(chat(key, "").status()).isEqualTo(429);
    go.countDown();
    running.join();
    Await.until(
        "it is free again",
        Duration.ofSeconds(10),
        () -> rooms("GET /v1/rooms", key, "").status() == 200);
  }

  @Test
  void health_saysHowLimitsAreKept() throws Exception {
    try (RawClient caller = world.caller()) {
      RawClient.Answer health =
          caller.send("GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n").answer();
      assertThat(JSON.readTree(health.body()).at("/limits/mode").asText()).isEqualTo("local");
    }
  }
}
