package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.PermissionDeniedException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.Tool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// anthropic-java, unmodified, as a caller.
class AnthropicSdkTest {
  @RegisterExtension static final GateWorld world = GateWorld.usual();

  private static AnthropicClient client(String key) {
    return AnthropicOkHttpClient.builder()
        .baseUrl(world.gate().url().toString())
        .apiKey(key)
        .maxRetries(0)
        .timeout(Duration.ofSeconds(30))
        .build();
  }

  private static AnthropicClient client() {
    return client(world.key());
  }

  private static MessageCreateParams.Builder message(String model) {
    return MessageCreateParams.builder().model(model).maxTokens(100).addUserMessage("Say hello.");
  }

  @Test
  void lists_models_in_its_own_form() {
    assertThat(client().models().list().items()).extracting(m -> m.id()).contains("claude", "fast");
    assertThat(client().models().retrieve("claude").id()).isEqualTo("claude");
  }

  @Test
  void creates_a_message() {
    Message answer = client().messages().create(message("claude").build());
    assertThat(answer.content().getFirst().asText().text()).isEqualTo("Hello, wörld");
    assertThat(answer.usage().outputTokens()).isEqualTo(7);
  }

  @Test
  void streams_a_message() {
    try (StreamResponse<RawMessageStreamEvent> stream =
        client().messages().createStreaming(message("claude").build())) {
      List<RawMessageStreamEvent> events = stream.stream().toList();
      assertThat(events.getLast().isMessageStop()).isTrue();
    }
  }

  @Test
  void uses_tools() {
    Tool weather =
        Tool.builder()
            .name("weather")
            .inputSchema(
                Tool.InputSchema.builder()
                    .putAdditionalProperty(
                        "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                    .build())
            .build();
    Message answer = client().messages().create(message("claude").addTool(weather).build());
    assertThat(answer.content().getFirst().asToolUse()._input().toString()).contains("Bern");
  }

  @Test
  void counts_tokens() {
    MessageCountTokensParams params =
        MessageCountTokensParams.builder().model("claude").addUserMessage("Say hello.").build();
    assertThat(client().messages().countTokens(params).inputTokens()).isEqualTo(14);
  }

  @Test
  void leaves_a_stream_and_the_provider_hears_of_it() throws Exception {
    world
        .provider()
        .answer((_, wire) -> {
          wire.streamHead();
          for (String event : AnthropicAnswers.events()) {
            wire.chunk(event);
            wire.pause(Duration.ofMillis(100));
          }
          wire.hang();
        });
    try (StreamResponse<RawMessageStreamEvent> stream =
        client().messages().createStreaming(message("claude").build())) {
      assertThat(stream.stream().limit(2).toList()).hasSize(2);
    }
    world.provider().take().closed().get(10, TimeUnit.SECONDS);
  }

  @Test
  void raises_its_own_error_classes() throws Exception {
    AdminClient.Key narrow =
        world.admin().createKey("{\"name\":\"narrow\",\"models\":[\"other-model\"]}");
    assertThatThrownBy(() -> client("wrong").messages().create(message("claude").build()))
        .isInstanceOf(UnauthorizedException.class);
    assertThatThrownBy(() -> client(narrow.key()).messages().create(message("claude").build()))
        .isInstanceOf(PermissionDeniedException.class);
    assertThatThrownBy(() -> client().messages().create(message("no-such").build()))
        .isInstanceOf(NotFoundException.class);
    // A model of the other dialect is a clear 400 for now.
    assertThatThrownBy(() -> client().messages().create(message("fast").build()))
        .isInstanceOf(BadRequestException.class);
    world.provider().next(Answers.html(500));
    assertThatThrownBy(() -> client().messages().create(message("claude").build()))
        .isInstanceOf(InternalServerException.class);
  }
}
