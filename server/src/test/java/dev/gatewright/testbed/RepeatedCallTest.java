package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A model call with an `Idempotency-Key`, through the whole product: the provider counts.
class RepeatedCallTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String HI =
      "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final String STREAM = HI.replace("\"model\"", "\"stream\":true,\"model\"");

  private static final String ENDLESS = STREAM.replace("fast", "endless");

  @RegisterExtension static final GateWorld world = GateWorld.usual();

  private static RawClient.Answer post(String key, String body) throws IOException {
    return world.post(CHAT, body, "Idempotency-Key: " + key);
  }

  private static JsonNode json(RawClient.Answer answer) throws IOException {
    return new ObjectMapper().readTree(answer.body());
  }

  private static String code(RawClient.Answer answer) throws IOException {
    return answer.status() + " " + json(answer).at("/error/code").asText();
  }

  /// A call's end is written down a moment after its caller has it.
  private static RawClient.Answer settled(Callable<RawClient.Answer> call) throws Exception {
    List<RawClient.Answer> last = new ArrayList<>();
    Await.until(
        "an end",
        Duration.ofSeconds(20),
        () -> {
          last.add(call.call());
          return last.getLast().status() != 409 || !code(last.getLast()).equals("409 in_progress");
        });
    return last.getLast();
  }

  @Test
  void anAnsweredCall_isNotMadeTwice() throws Exception {
    RawClient.Answer first = post("one", HI);
    assertThat(first.status()).isEqualTo(200);
    RawClient.Answer again = settled(() -> post("one", HI));
    assertThat(code(again)).isEqualTo("409 already_processed");
    assertThat(again.header("x-should-retry")).isEqualTo("false");
    JsonNode receipt = json(again).get("receipt");
    assertThat(receipt.get("request_id").asText()).isEqualTo(first.header("x-request-id"));
    assertThat(receipt.get("input_tokens").asLong())
        .isEqualTo(json(first).at("/usage/prompt_tokens").asLong());
    assertThat(code(post("one", HI + " "))).isEqualTo("422 idempotency_key_reused");
    assertThat(world.provider().count()).isEqualTo(before + 1);
  }

  private final int before = world.provider().count();

  @Test
  void aStream_isNotMadeTwice() throws Exception {
    assertThat(post("stream", STREAM).text()).endsWith("data: [DONE]\n\n");
    assertThat(code(settled(() -> post("stream", STREAM)))).isEqualTo("409 already_processed");
    assertThat(world.provider().count()).isEqualTo(before + 1);
  }

  @Test
  void messages_areToldInTheirOwnForm() throws Exception {
    String body =
        "{\"model\":\"claude\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    Callable<RawClient.Answer> call =
        () ->
            world.post("/v1/messages", body, "idempotency-key: m", "anthropic-version: 2023-06-01");
    assertThat(call.call().status()).isEqualTo(200);
    RawClient.Answer again = settled(call);
    assertThat(again.status()).isEqualTo(409);
    assertThat(json(again).at("/error/type").asText()).isEqualTo("invalid_request_error");
    assertThat(json(again).at("/receipt/request_id").asText()).startsWith("req_");
    assertThat(again.header("x-should-retry")).isEqualTo("false");
  }

  @Test
  void whileItRuns_anotherWaits() throws Exception {
    try (RawClient caller = world.caller()) {
      caller.post(CHAT, world.key(), ENDLESS, "idempotency-key: run");
      caller.head();
      RawClient.Answer other = post("run", ENDLESS);
      assertThat(code(other)).isEqualTo("409 in_progress");
      assertThat(other.header("retry-after")).isEqualTo("1");
      assertThat(other.header("x-should-retry")).isNull();
      caller.leave(true);
    }
    // It was never answered whole.
    Await.until(
        "its end",
        Duration.ofSeconds(20),
        () -> {
          try (RawClient next = world.caller()) {
            next.post(CHAT, world.key(), ENDLESS, "idempotency-key: run");
            return next.head().status() == 200;
          }
        });
  }

  @Test
  void whatFailed_mayBeAskedAgain() throws Exception {
    world.provider().next(Answers.json(500, "{\"error\":{\"message\":\"no\"}}"));
    assertThat(post("failed", HI).status()).isEqualTo(500);
    assertThat(settled(() -> post("failed", HI)).status()).isEqualTo(200);

    world
        .provider()
        .next((_, wire) -> {
          wire.streamHead();
          wire.chunk("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n");
          wire.reset();
        });
    try (RawClient caller = world.caller()) {
      caller.post(CHAT, world.key(), STREAM, "idempotency-key: cut");
      assertThat(caller.answer().text()).contains("error");
    }
    assertThat(settled(() -> post("cut", STREAM)).status()).isEqualTo(200);
  }

  @Test
  void whatWasRefused_isForgotten() throws Exception {
    assertThat(post("no", HI.replace("fast", "nothing-like-it")).status()).isEqualTo(404);
    assertThat(settled(() -> post("no", HI)).status()).isEqualTo(200);
    assertThat(post("unreadable", "{").status()).isEqualTo(400);
    assertThat(post("unreadable", HI).status()).isEqualTo(200);
  }

  @Test
  void aKeyThatIsNone_is400() throws Exception {
    assertThat(post("x".repeat(255), HI).status()).isEqualTo(200);
    for (String bad : List.of("x".repeat(256), "a b", "é")) {
      RawClient.Answer answer = post(bad, HI);
      assertThat(code(answer)).as(bad).isEqualTo("400 invalid_request");
      assertThat(json(answer).at("/error/param").asText()).isEqualTo("idempotency-key");
    }
    RawClient.Answer twice = world.post(CHAT, HI, "idempotency-key: a", "idempotency-key: b");
    assertThat(twice.status()).isEqualTo(400);
    assertThat(world.post(CHAT, HI, "idempotency-key:").status()).isEqualTo(400);
  }

  @Test
  void testKeys_areHeldToItToo() throws Exception {
    String test = world.admin().createKey("{\"name\":\"t\",\"kind\":\"test\"}").key();
    Callable<RawClient.Answer> call =
        () -> {
          try (RawClient caller = world.caller()) {
            return caller.post(CHAT, test, HI, "idempotency-key: sim").answer();
          }
        };
    assertThat(call.call().status()).isEqualTo(200);
    assertThat(code(settled(call))).isEqualTo("409 already_processed");
  }

  @Test
  void ofTwentyAtOnce_oneReachesTheProvider() throws Exception {
    world.provider().answer(Answers.slow(Duration.ofMillis(300)));
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<RawClient.Answer>> all =
          java.util.Collections.nCopies(20, () -> post("twenty", HI));
      for (Future<RawClient.Answer> each : threads.invokeAll(all)) {
        statuses.add(each.get().status());
      }
    }
    assertThat(statuses).containsOnlyOnce(200).allMatch(s -> s == 200 || s == 409);
    assertThat(world.provider().count()).isEqualTo(before + 1);
  }

  /// The official client sends no such header by itself, and tries a 409 again unless told not to.
  @Test
  void theOfficialClient_whenToldToNameItsCalls_triesAFailureAgainAndNotAnAnswer()
      throws Exception {
    OpenAIClient client =
        OpenAIOkHttpClient.builder()
            .baseUrl(world.gate().url() + "/v1")
            .apiKey(world.key())
            .maxRetries(4)
            .build();
    ChatCompletionCreateParams named =
        ChatCompletionCreateParams.builder()
            .model("fast")
            .addUserMessage("Hi")
            .putAdditionalHeader("idempotency-key", "sdk")
            .build();
    world.provider().next(Answers.json(500, "{\"error\":{\"message\":\"no\"}}"));
    assertThat(client.chat().completions().create(named).choices()).isNotEmpty();
    assertThat(world.provider().count()).isEqualTo(before + 2);
    assertThat(world.provider().seen())
        .allSatisfy(seen -> assertThat(seen.header("idempotency-key")).isNull());

    assertThatThrownBy(() -> client.chat().completions().create(named))
        .isInstanceOfSatisfying(
            OpenAIServiceException.class, e -> assertThat(e.statusCode()).isEqualTo(409));
    assertThat(world.provider().count()).isEqualTo(before + 2);
  }
}
