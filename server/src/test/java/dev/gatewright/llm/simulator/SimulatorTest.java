package dev.gatewright.llm.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.Await;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The simulator as a provider, asked without a gate.
class SimulatorTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String RESPONSES = "/v1/responses";
  private static final String MESSAGES = "/v1/messages";
  private static final String USER = "{\"role\":\"user\",\"content\":\"%s\"}";

  private static final MultiThreadIoEventLoopGroup GROUP =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private static final EventLoop LOOP = GROUP.next();

  private final Simulator simulator = new Simulator(Time.system());

  @AfterAll
  static void stop() {
    GROUP.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @AfterEach
  void holds_nothing_in_the_end() {
    Await.until(() -> simulator.heldBytes() == 0);
  }

  private Heard ask(String path, String body, String... headers) {
    return Heard.call(simulator, LOOP, path, body.getBytes(UTF_8), headers).await();
  }

  private static String chat(String text, String more) {
    return "{\"model\":\"m\",\"messages\":[" + USER.formatted(text) + "]" + more + "}";
  }

  @Test
  void echoes_the_last_user_text_in_each_form() {
    assertThat(ask(CHAT, chat("Hi thére", "")).json().at("/choices/0/message/content").asText())
        .isEqualTo("Hi thére");
    assertThat(
            ask(RESPONSES, "{\"model\":\"m\",\"input\":\"Hi\"}")
                .json()
                .at("/output/0/content/0/text")
                .asText())
        .isEqualTo("Hi");
    assertThat(ask(MESSAGES, chat("Hi", ",\"max_tokens\":9")).json().at("/content/0/text").asText())
        .isEqualTo("Hi");
  }

  @Test
  void streams_carry_the_same_text_and_usage_as_whole_answers() {
    List<JsonNode> chat =
        ask(CHAT, chat("a b c", ",\"stream\":true,\"stream_options\":{\"include_usage\":true}"))
            .events();
    assertThat(joined(chat, "/choices/0/delta/content")).isEqualTo("a b c");
    assertThat(chat.getLast().at("/usage/completion_tokens").asInt()).isEqualTo(3);
    List<JsonNode> responses =
        ask(RESPONSES, "{\"model\":\"m\",\"input\":\"a b c\",\"stream\":true}").events();
    assertThat(responses.getLast().at("/type").asText()).isEqualTo("response.completed");
    assertThat(responses.getLast().at("/response/output/0/content/0/text").asText())
        .isEqualTo("a b c");
    assertThat(responses.getLast().at("/response/usage/output_tokens").asInt()).isEqualTo(3);
    for (int i = 0; i < responses.size(); i++) {
      assertThat(responses.get(i).at("/sequence_number").asInt()).isEqualTo(i);
    }
    List<JsonNode> messages =
        ask(MESSAGES, chat("a b c", ",\"max_tokens\":9,\"stream\":true")).events();
    assertThat(joined(messages, "/delta/text")).isEqualTo("a b c");
  }

  private static String joined(List<JsonNode> events, String pointer) {
    StringBuilder text = new StringBuilder();
    events.forEach(event -> text.append(event.at(pointer).asText("")));
    return text.toString();
  }

  @Test
  void ids_differ_with_any_byte_of_the_body_and_with_nothing_else() {
    String first = ask(CHAT, chat("x", "")).json().at("/id").asText();
    assertThat(ask(CHAT, chat("x", "")).json().at("/id").asText()).isEqualTo(first);
    String longer =
        "{\"model\":\"m\",\"messages\":[%s,{\"role\":\"assistant\",\"content\":\"y\"},%s]}"
            .formatted(USER.formatted("x"), USER.formatted("x"));
    assertThat(ask(CHAT, longer).json().at("/id").asText()).isNotEqualTo(first);
    assertThat(ask(CHAT, chat("x", ",\"user\":\"u\"")).json().at("/id").asText())
        .isNotEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'{\"model\":\"m\",\"messages\":[]}'|messages",
        "'{\"model\":\"m\"}'|messages",
        "'{\"model\":\"m\",\"messages\":[{\"role\":\"boss\",\"content\":\"x\"}]}'|messages",
        "'{\"model\":\"m\",\"messages\":[{\"content\":\"x\"}]}'|messages",
        "'{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"n\":129}'|n",
        "'{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"n\":1e400}'|n",
        "'{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"max_tokens\":0}'|max_tokens",
        "'{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"top_logprobs\":2}'|top_logprobs",
        "'{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"tool_choice\":\"required\"}'|tool_choice",
        "'{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}'|stop",
        "'{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{}}}}'|response_format.json_schema.name",
      })
  void refuses_chats_a_live_provider_would_refuse(String body, String param) {
    Heard heard = ask(CHAT, body);
    assertThat(heard.status).isEqualTo(400);
    assertThat(heard.json().at("/error/param").asText()).isEqualTo(param);
    assertThat(heard.json().at("/error/type").asText()).isEqualTo("invalid_request_error");
  }

  @Test
  void refuses_messages_without_max_tokens_in_anthropics_form() {
    Heard heard = ask(MESSAGES, chat("x", ""));
    assertThat(heard.status).isEqualTo(400);
    assertThat(heard.json().at("/error/message").asText()).isEqualTo("max_tokens: Field required");
    assertThat(ask(MESSAGES + "/count_tokens", chat("x y", "")).json().at("/input_tokens").asInt())
        .isEqualTo(2);
  }

  @Test
  void ends_before_a_stop_text_and_says_which() {
    JsonNode chat = ask(CHAT, chat("one two END three", ",\"stop\":[\"three\",\"END\"]")).json();
    assertThat(chat.at("/choices/0/message/content").asText()).isEqualTo("one two ");
    assertThat(chat.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(chat.at("/usage/completion_tokens").asInt()).isEqualTo(2);
    JsonNode message =
        ask(MESSAGES, chat("one two END", ",\"max_tokens\":9,\"stop_sequences\":[\"END\"]")).json();
    assertThat(message.at("/stop_reason").asText()).isEqualTo("stop_sequence");
    assertThat(message.at("/stop_sequence").asText()).isEqualTo("END");
  }

  @Test
  void tells_log_probabilities_whole_and_streamed() {
    String more = ",\"logprobs\":true,\"top_logprobs\":2";
    JsonNode whole = ask(CHAT, chat("a b", more)).json().at("/choices/0/logprobs/content");
    assertThat(whole).hasSize(2);
    assertThat(whole.at("/0/top_logprobs")).hasSize(2);
    assertThat(whole.at("/1/token").asText()).isEqualTo("b");
    assertThat(whole.at("/0/logprob").asDouble()).isNegative();
    List<JsonNode> events = ask(CHAT, chat("a b", more + ",\"stream\":true")).events();
    assertThat(joined(events, "/choices/0/logprobs/content/0/token")).isEqualTo("a b");
    JsonNode response =
        ask(
                RESPONSES,
                "{\"model\":\"m\",\"input\":\"a b\",\"include\":[\"message.output_text.logprobs\"]}")
            .json();
    assertThat(response.at("/output/0/content/0/logprobs")).hasSize(2);
  }

  @Test
  void refuses_a_body_of_more_than_a_mebibyte_and_names_the_limit() {
    Heard heard = ask(CHAT, chat("x".repeat(Simulator.BODY_BYTES_MAX), ""));
    assertThat(heard.status).isEqualTo(413);
    assertThat(heard.json().at("/error/message").asText()).contains("1048576 bytes");
  }

  @Test
  void writes_no_further_than_it_is_taken() {
    Heard heard =
        Heard.counting(
            simulator,
            LOOP,
            "/v1/embeddings",
            "{\"model\":\"m\",\"dimensions\":3072,\"input\":[\"a\"" + ",\"a\"".repeat(2047) + "]}");
    Await.until(() -> heard.bytes() > 0);
    LOOP.execute(() -> Objects.requireNonNull(heard.call).pauseReading());
    LOOP.submit(() -> {}).syncUninterruptibly();
    long stopped = heard.bytes();
    for (int i = 0; i < 20; i++) {
      LOOP.submit(() -> {}).syncUninterruptibly();
    }
    assertThat(heard.bytes()).isEqualTo(stopped);
    LOOP.execute(() -> Objects.requireNonNull(heard.call).resumeReading());
    heard.await();
    assertThat(heard.bytes()).isBetween(2048L * 3072 * 5, 2048L * 3072 * 16);
    assertThat(heard.bodyLength).isEqualTo(-1);
  }

  @Test
  void refuses_more_numbers_than_a_live_provider_gives() {
    Heard heard =
        ask(
            "/v1/embeddings",
            "{\"model\":\"m\",\"dimensions\":4096,\"input\":[\"a\"" + ",\"a\"".repeat(2047) + "]}");
    assertThat(heard.status).isEqualTo(400);
    assertThat(heard.json().at("/error/message").asText()).contains("2048 × 4096", "6291456");
  }

  @Test
  void other_tasks_of_the_loop_run_while_it_works() {
    Heard heard =
        Heard.counting(
            simulator,
            LOOP,
            CHAT,
            chat("a ".repeat(520_000), ",\"n\":16,\"stop\":[\"aaab\",\"aaac\",\"aaad\",\"aaae\"]"));
    int turns = 0;
    long longest = 0;
    while (!heard.isOver()) {
      long begun = System.nanoTime();
      LOOP.submit(() -> {}).syncUninterruptibly();
      longest = Math.max(longest, System.nanoTime() - begun);
      turns++;
    }
    assertThat(heard.await().status).isEqualTo(200);
    assertThat(turns).isGreaterThan(4);
    // Milliseconds on a quiet machine; what must not come back is seconds.
    assertThat(longest).isLessThan(TimeUnit.MILLISECONDS.toNanos(500));
  }

  @Test
  void large_calls_share_a_budget_and_small_ones_go_on() {
    String large = chat("word ".repeat(200_000), "");
    List<Heard> slow =
        java.util.stream.IntStream.range(0, 60)
            .mapToObj(_ -> {
              Heard heard = Heard.call(simulator, LOOP, CHAT, large.getBytes(UTF_8));
              LOOP.submit(() -> Objects.requireNonNull(heard.call).pauseReading())
                  .syncUninterruptibly();
              return heard;
            })
            .toList();
    for (int i = 0; i < 2000; i++) {
      LOOP.submit(() -> {}).syncUninterruptibly();
    }
    assertThat(simulator.heldBytes()).isBetween(1L, Simulator.HELD_BYTES_MAX);
    assertThat(ask(CHAT, chat("hi", "")).status).isEqualTo(200);
    assertThat(slow).anySatisfy(heard -> assertThat(heard.status).isEqualTo(503));
    assertThat(slow).anySatisfy(heard -> assertThat(heard.status).isEqualTo(200));
    LOOP.submit(() -> slow.forEach(heard -> Objects.requireNonNull(heard.call).cancel()))
        .syncUninterruptibly();
  }

  @ParameterizedTest
  @CsvSource({"429,429", "500,500"})
  void fails_as_told(String fail, int status) {
    Heard heard = ask(MESSAGES, chat("x", ",\"max_tokens\":1"), "x-sim-fail: " + fail);
    assertThat(heard.status).isEqualTo(status);
    assertThat(heard.json().at("/type").asText()).isEqualTo("error");
  }

  @Test
  void breaks_off_after_so_many_bytes() {
    Heard heard = ask(CHAT, chat("x", ""), "x-sim-fail: cut@17");
    assertThat(heard.bytes()).isEqualTo(17);
    UpstreamFailure failure = Objects.requireNonNull(heard.failure);
    assertThat(failure.phase()).isEqualTo(UpstreamFailure.Phase.IDLE);
  }

  @Test
  void tells_as_many_words_as_asked_for() {
    JsonNode story =
        ask(
                CHAT,
                "{\"model\":\"sim/story\",\"messages\":[" + USER.formatted("x") + "]}",
                "x-sim-tokens: 30")
            .json();
    assertThat(story.at("/usage/completion_tokens").asInt()).isEqualTo(30);
    assertThat(story.at("/choices/0/message/content").asText())
        .startsWith("Once upon a time")
        .endsWith("time a");
    assertThat(
            ask(CHAT, chat("a b c", ""), "x-sim-tokens: 2")
                .json()
                .at("/choices/0/message/content")
                .asText())
        .isEqualTo("a b ");
    assertThat(
            ask(CHAT, chat("a", ""), "x-sim-tokens: 0")
                .json()
                .at("/usage/completion_tokens")
                .asInt())
        .isZero();
  }

  @Test
  void answers_a_schema_that_is_written_into_the_text() {
    String text =
        "Remove the ```json markdown. Adhere to: ```{\\\"$schema\\\":\\\"x\\\",\\\"required\\\":[\\\"a\\\"]}``` now";
    String said = ask(CHAT, chat(text, "")).json().at("/choices/0/message/content").asText();
    assertThat(said).startsWith("{\"a\":");
    String code = "Say ```{\\\"a\\\":1}``` now";
    assertThat(ask(CHAT, chat(code, "")).json().at("/choices/0/message/content").asText())
        .isEqualTo("Say ```{\"a\":1}``` now");
  }

  @Test
  void caps_the_answer_where_the_request_says() {
    JsonNode chat = ask(CHAT, chat("a b c", ",\"max_completion_tokens\":2,\"n\":2")).json();
    assertThat(chat.at("/choices/1/message/content").asText()).isEqualTo("a b ");
    assertThat(chat.at("/choices/1/finish_reason").asText()).isEqualTo("length");
    assertThat(chat.at("/usage/completion_tokens").asInt()).isEqualTo(4);
    JsonNode response =
        ask(RESPONSES, "{\"model\":\"m\",\"input\":\"a b c\",\"max_output_tokens\":1}").json();
    assertThat(response.at("/status").asText()).isEqualTo("incomplete");
  }

  @Test
  void escapes_whatever_comes_so_that_it_comes_back_the_same() {
    String nasty = "q\\\"b\\\\s\\n\\u0000\\u2028\\ud83d\\ude00 \\ud83d lone é 漢字";
    for (String more : List.of("", ",\"stream\":true")) {
      Heard heard = ask(CHAT, chat(nasty, more));
      String got =
          more.isEmpty()
              ? heard.json().at("/choices/0/message/content").asText()
              : joined(heard.events(), "/choices/0/delta/content");
      assertThat(got).isEqualTo("q\"b\\s\n\u0000\u2028\ud83d\ude00 \ud83d lone é 漢字");
    }
  }
}
