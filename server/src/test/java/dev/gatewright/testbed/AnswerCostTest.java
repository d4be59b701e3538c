package dev.gatewright.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What callers are told of what an answer cost; and that nobody gets a changed byte unasked.
class AnswerCostTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String ASK = "x-gatewright-usage-cost: true";

  /// 7 × 2,000 + 2 × 8,000 nano-USD.
  private static final String COST = "0.00003";

  private static final String USAGE =
      "{\"prompt_tokens\":7,\"completion_tokens\":2,\"total_tokens\":9}";

  private static final String EVENTS =
      """
      data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"hi"}}],"usage":null}

      data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}

      : still here
      data: {"id":"c","object":"chat.completion.chunk","choices":[],"usage":%s}

      data: [DONE]

      """
          .formatted(USAGE);

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, _) ->
          setup.settings(
              """
              prices:
                entries:
                  - model: local/priced
                    meters: { input: 2/1M, cache_read: 0.2/1M, output: 8/1M }
                  - model: local/flat
                    meters: { input: 0/1M, cache_read: 0/1M, output: 0/1M, requests: 1/3 }
                  - model: claudes/*
                    meters: { input: 2/1M, cache_read: 0.2/1M, output: 8/1M }
              """));

  private static RawClient.Answer call(
      String path,
      String key,
      String model,
      String more,
      @Nullable String header,
      String type,
      String answer)
      throws Exception {
    byte[] bytes = answer.getBytes(UTF_8);
    world
        .provider()
        .answer((_, wire) -> {
          wire.head(200, "content-type: " + type, "content-length: " + bytes.length);
          wire.raw(bytes);
        });
    String body = "{\"model\":\"%s\",\"max_tokens\":9,\"messages\":[]%s}".formatted(model, more);
    try (RawClient caller = world.caller()) {
      return (header == null ? caller.post(path, key, body) : caller.post(path, key, body, header))
          .answer();
    }
  }

  private static RawClient.Answer whole(String model, String answer) throws Exception {
    return call(CHAT, world.key(), model, "", null, "application/json", answer);
  }

  private static RawClient.Answer stream(String model, String more, @Nullable String header)
      throws Exception {
    String asks = ",\"stream\":true" + more;
    return call(CHAT, world.key(), model, asks, header, "text/event-stream", EVENTS);
  }

  private static String chat(String content) {
    return "{\"id\":\"c\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"content\":\"%s\"},\"finish_reason\":\"stop\"}],\"usage\":%s}"
        .formatted(content, USAGE);
  }

  @Test
  void whole_json_saysItsCostInTheHead_upTo64KiB() throws Exception {
    RawClient.Answer answer = whole("local/priced", chat("hi"));
    assertThat(answer.header("x-gatewright-cost")).isEqualTo(COST);
    assertThat(answer.text()).isEqualTo(chat("hi"));
    String id = String.valueOf(answer.header("x-request-id"));
    Await.until(
        "the row", Duration.ofSeconds(20), () -> row(id).path("cost").asText().equals(COST));

    RawClient.Answer large = whole("local/priced", chat("x".repeat(60_000)));
    assertThat(large.header("x-gatewright-cost")).isEqualTo(COST);
    assertThat(large.text()).isEqualTo(chat("x".repeat(60_000)));
    RawClient.Answer larger = whole("local/priced", chat("x".repeat(66_000)));
    assertThat(larger.header("x-gatewright-cost")).isNull();
    assertThat(larger.text()).isEqualTo(chat("x".repeat(66_000)));
    assertThat(whole("local/unpriced", chat("hi")).header("x-gatewright-cost"))
        .as("not known is not 0")
        .isNull();
    assertThat(whole("local/flat", chat("hi")).header("x-gatewright-cost"))
        .isEqualTo("0.333333334");
  }

  private static JsonNode row(String id) throws Exception {
    for (JsonNode row :
        world.admin().call("GET", "/api/usage/events?limit=100", "", 200).path("data")) {
      if (row.path("request_id").asText().equals(id)) {
        return row;
      }
    }
    return TestPerson.JSON.missingNode();
  }

  @Test
  void stream_isUnchanged_untilItsCallerAsks() throws Exception {
    String usage = ",\"stream_options\":{\"include_usage\":true}";
    for (String no : new String[] {"", "x-gatewright-usage-cost: false"}) {
      RawClient.Answer answer = stream("local/priced", usage, no.isEmpty() ? null : no);
      assertThat(answer.text()).isEqualTo(EVENTS);
      assertThat(answer.header("x-gatewright-cost")).isNull();
    }
    String with = EVENTS.replace(USAGE, USAGE.replace("}", ",\"cost\":\"" + COST + "\"}"));
    RawClient.Answer asked = stream("local/priced", usage, ASK);
    assertThat(asked.text()).isEqualTo(with);
    assertThat(asked.header("x-gatewright-changed")).contains("usage.cost");
    assertThat(stream("local/priced", "", ASK).text()).as("usage asked for it").isEqualTo(with);
    assertThat(stream("local/unpriced", usage, ASK).text()).isEqualTo(EVENTS);

    RawClient.Answer flat = stream("local/flat", usage, null);
    assertThat(flat.header("x-gatewright-cost")).isEqualTo("0.333333334");
    assertThat(flat.text()).isEqualTo(EVENTS);
  }

  @Test
  void stream_ofAnthropicsForm_saysItInItsLastReport() throws Exception {
    String begin =
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"usage\":{\"input_tokens\":7,\"output_tokens\":1}}}\n\n";
    String end =
        "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
    RawClient.Answer answer =
        call(
            "/v1/messages",
            world.key(),
            "claudes/claude-x",
            ",\"stream\":true",
            ASK,
            "text/event-stream",
            begin + end);
    assertThat(answer.text())
        .isEqualTo(
            begin
                + end.replace(
                    "\"output_tokens\":2}", "\"output_tokens\":2,\"cost\":\"" + COST + "\"}"));
  }

  @Test
  void header_thatSaysNeither_isRefused_forTestKeysToo() throws Exception {
    String test =
        world
            .admin()
            .call("POST", "/api/keys", "{\"name\":\"t\",\"kind\":\"test\"}", 201)
            .path("key")
            .asText();
    for (String key : new String[] {world.key(), test}) {
      for (String odd : new String[] {"yes", "1", "", "TRUE"}) {
        RawClient.Answer refused =
            call(
                CHAT,
                key,
                "local/priced",
                "",
                "x-gatewright-usage-cost: " + odd,
                "application/json",
                "{}");
        assertThat(refused.status()).as(odd).isEqualTo(400);
        assertThat(refused.text())
            .contains("x-gatewright-usage-cost")
            .contains("expected: true or false");
      }
    }
  }
}
