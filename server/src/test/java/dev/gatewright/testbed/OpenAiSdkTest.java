package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// openai-java, unmodified, as a caller.
class OpenAiSdkTest {
  @RegisterExtension static final GateWorld world = GateWorld.usual();

  private static OpenAIClient client(String key) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(world.gate().url() + "/v1")
        .apiKey(key)
        .maxRetries(0)
        .timeout(Duration.ofSeconds(30))
        .build();
  }

  private static OpenAIClient client() {
    return client(world.key());
  }

  private static ChatCompletionCreateParams.Builder chat(String model) {
    return ChatCompletionCreateParams.builder().model(model).addUserMessage("Say hello.");
  }

  @Test
  void lists_and_retrieves_models() {
    assertThat(client().models().list().items()).extracting(m -> m.id()).contains("fast", "claude");
    assertThat(client().models().retrieve("fast").id()).isEqualTo("fast");
  }

  @Test
  void chats() {
    ChatCompletion answer = client().chat().completions().create(chat("fast").build());
    assertThat(answer.choices().getFirst().message().content()).contains("Hello, wörld é!");
    assertThat(answer.usage().orElseThrow().promptTokens()).isEqualTo(OpenAiAnswers.INPUT_TOKENS);
  }

  @Test
  void streams_without_a_chunk_nobody_asked_for() {
    StringBuilder text = new StringBuilder();
    try (StreamResponse<ChatCompletionChunk> stream =
        client().chat().completions().createStreaming(chat("fast").build())) {
      stream.stream()
          .forEach(chunk -> {
            assertThat(chunk.choices()).hasSize(1);
            chunk.choices().getFirst().delta().content().ifPresent(text::append);
          });
    }
    assertThat(text).hasToString(String.join("", OpenAiAnswers.WORDS));
  }

  @Test
  void streams_usage_when_asked() {
    ChatCompletionCreateParams params =
        chat("fast")
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
            .build();
    try (StreamResponse<ChatCompletionChunk> stream =
        client().chat().completions().createStreaming(params)) {
      List<ChatCompletionChunk> chunks = stream.stream().toList();
      assertThat(chunks.getLast().usage().orElseThrow().completionTokens())
          .isEqualTo(OpenAiAnswers.OUTPUT_TOKENS);
    }
  }

  @Test
  void calls_tools() {
    FunctionDefinition weather =
        FunctionDefinition.builder()
            .name("weather")
            .parameters(
                FunctionParameters.builder()
                    .putAdditionalProperty("type", JsonValue.from("object"))
                    .putAdditionalProperty(
                        "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                    .build())
            .build();
    ChatCompletion answer =
        client().chat().completions().create(chat("fast").addFunctionTool(weather).build());
    assertThat(
            answer
                .choices()
                .getFirst()
                .message()
                .toolCalls()
                .orElseThrow()
                .getFirst()
                .asFunction()
                .function()
                .arguments())
        .isEqualTo("{\"city\":\"Bern\"}");
  }

  @Test
  void uses_responses() {
    ResponseCreateParams params =
        ResponseCreateParams.builder().model("fast").input("Say hello.").build();
    assertThat(client().responses().create(params).usage().orElseThrow().outputTokens())
        .isEqualTo(OpenAiAnswers.OUTPUT_TOKENS);
    try (StreamResponse<ResponseStreamEvent> stream =
        client().responses().createStreaming(params)) {
      List<ResponseStreamEvent> events = stream.stream().toList();
      assertThat(events.getLast().isCompleted()).isTrue();
    }
  }

  @Test
  void embeds() {
    EmbeddingCreateParams params = EmbeddingCreateParams.builder().model("fast").input("x").build();
    assertThat(client().embeddings().create(params).data().getFirst().embedding())
        .containsExactly(0.5f, -0.25f, 1f);
  }

  @Test
  void makes_images() {
    ImageGenerateParams params =
        ImageGenerateParams.builder().model("fast").prompt("a dot").build();
    assertThat(client().images().generate(params).data().orElseThrow().getFirst().b64Json())
        .contains("iVBORw0KGgo=");
  }

  @Test
  void leaves_a_stream_and_the_provider_hears_of_it() throws Exception {
    try (StreamResponse<ChatCompletionChunk> stream =
        client().chat().completions().createStreaming(chat("endless").build())) {
      assertThat(stream.stream().limit(3).toList()).hasSize(3);
    }
    world.provider().take().closed().get(10, TimeUnit.SECONDS);
  }

  @Test
  void raises_its_own_error_classes() throws Exception {
    AdminClient.Key narrow =
        world.admin().createKey("{\"name\":\"narrow\",\"models\":[\"other-model\"]}");
    assertThatThrownBy(() -> client("wrong").chat().completions().create(chat("fast").build()))
        .isInstanceOf(UnauthorizedException.class);
    assertThatThrownBy(() -> client(narrow.key()).chat().completions().create(chat("fast").build()))
        .isInstanceOf(PermissionDeniedException.class);
    assertThatThrownBy(() -> client().chat().completions().create(chat("no-such").build()))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> client().chat().completions().create(chat("down").build()))
        .isInstanceOf(InternalServerException.class);
    ResponseCreateParams state =
        ResponseCreateParams.builder()
            .model("fast")
            .input("x")
            .previousResponseId("resp_1")
            .build();
    assertThatThrownBy(() -> client().responses().create(state))
        .isInstanceOf(BadRequestException.class);
  }

  @Test
  void hears_the_providers_own_429() {
    world
        .provider()
        .next(
            Answers.json(
                429,
                "{\"error\":{\"message\":\"slow down\",\"type\":\"requests\"}}",
                "retry-after: 7"));
    assertThatThrownBy(() -> client().chat().completions().create(chat("fast").build()))
        .isInstanceOfSatisfying(
            RateLimitException.class,
            error -> {
              assertThat(error).hasMessageContaining("slow down");
              assertThat(error.headers().values("retry-after")).containsExactly("7");
            });
  }
}
