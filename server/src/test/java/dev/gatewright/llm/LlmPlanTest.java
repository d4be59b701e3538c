package dev.gatewright.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gatewright.key.ApiKey;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.llm.RawCaller.Reply;
import dev.gatewright.testbed.Await;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where a call goes when its first try comes to nothing.
class LlmPlanTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String GOOD =
      """
      data: {"choices":[{"delta":{"content":"hi"},"finish_reason":null}]}

      data: {"choices":[{"delta":{},"finish_reason":"stop"}]}

      data: [DONE]

      """;

  private LlmWorld world;

  @BeforeEach
  void start() throws IOException {
    world = new LlmWorld();
  }

  @AfterEach
  void stop() throws IOException {
    world.close();
  }

  private Reply stream(String key, String model) throws IOException {
    return world.post(CHAT, key, "{\"model\":\"%s\",\"stream\":true}".formatted(model));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ": wait\n\n",
        "data: {\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n",
        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\"}}\n\n"
      })
  void a_good_status_that_fails_before_its_first_word_leads_to_the_next_target(String events)
      throws Exception {
    world.provider.answer((seen, to) -> {
      String chunks = seen.body().contains("\"first\"") ? events : GOOD;
      if (!chunks.isEmpty()) {
        to.stream().chunk(chunks);
      } else {
        to.stream();
      }
      to.end();
    });
    Reply reply = stream(world.live, "pair");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEqualTo(GOOD);
    assertThat(world.attempts.openings())
        .extracting(Opening::target, Opening::ordinal, Opening::firstOnTarget)
        .containsExactly(tuple("local/first", 0, true), tuple("local/second", 1, true));
    assertThat(world.attempts.outcome(0).end()).isEqualTo(End.FAILED);
    assertThat(world.attempts.outcome(0).usage()).isEqualTo(Usage.NOTHING);
    assertThat(world.attempts.outcome(1).end()).isEqualTo(End.COMPLETED);
  }

  @Test
  void the_circuit_hears_of_a_good_status_that_was_none() throws Exception {
    String overloaded =
        "data: {\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";
    world.provider.answer((seen, to) -> {
      to.stream().chunk(seen.body().contains("\"first\"") ? overloaded : GOOD);
      to.end();
    });
    for (int i = 0; i < 6; i++) {
      assertThat(stream(world.live, "pair").text()).isEqualTo(GOOD);
    }
    assertThat(world.attempts.openings())
        .extracting(Opening::target)
        .as("five times to the first, then no more")
        .hasSize(11)
        .endsWith("local/second");
  }

  @Test
  void one_key_cannot_take_a_model_from_another_by_calls_that_fail() throws Exception {
    String alice = world.key(ApiKey.Kind.LIVE).text().expose();
    world.provider.answer((seen, to) ->
        to.json(
            seen.body().contains("bad picture") ? 500 : 200,
            seen.body().contains("bad picture")
                ? "{\"error\":{\"message\":\"no\"}}"
                : "{\"choices\":[{\"message\":{\"content\":\"hi\"}}]}"));
    for (int i = 0; i < 10; i++) {
      String bad = "{\"model\":\"fast\",\"x\":\"bad picture\"}";
      assertThat(world.post(CHAT, alice, bad).status()).isEqualTo(500);
    }
    assertThat(world.post(CHAT, world.live, "{\"model\":\"fast\"}").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 422})
  void a_field_nobody_typed_is_left_out_when_the_provider_refuses_it(int status) throws Exception {
    world.provider.answer((seen, to) -> {
      if (seen.body().contains("stream_options")) {
        to.json(
            status,
            "{\"error\":{\"message\":\"Extra inputs are not permitted\",\"param\":\"stream_options\"}}");
      } else {
        to.stream().chunk(GOOD).end();
      }
    });
    for (int i = 0; i < 2; i++) {
      Reply reply = stream(world.live, "fast");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.text()).isEqualTo(GOOD);
      assertThat(reply.header("x-gatewright-changed")).isEqualTo("model");
    }
    assertThat(world.attempts.openings())
        .as("once with it, and from then on without it")
        .extracting(Opening::ordinal, Opening::firstOnTarget)
        .containsExactly(tuple(0, true), tuple(1, false), tuple(0, true));
    assertThat(world.attempts.outcome(0).status()).isEqualTo(status);
    // Another model of the same provider is asked anew; one who wrote the field is told.
    assertThat(stream(world.live, "local/other").text()).isEqualTo(GOOD);
    assertThat(world.attempts.count()).isEqualTo(5);
    String own = "{\"model\":\"fast\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}";
    assertThat(world.post(CHAT, world.live, own).status()).isEqualTo(status);
  }

  @Test
  void what_was_never_sent_is_not_counted() throws Exception {
    try (RawCaller caller = world.caller()) {
      caller.post(CHAT, world.live, "{\"model\":\"deaf\",\"x\":\"" + "x".repeat(4000) + "\"}");
      Await.until(() -> world.provider.connections() == 1);
    }
    Outcome outcome = world.attempts.last();
    assertThat(outcome.end()).isEqualTo(End.CANCELLED);
    assertThat(outcome.usage()).isEqualTo(Usage.NOTHING);
  }
}
