package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StructuredMessage;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolChoiceAny;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.images.ImageGenStreamEvent;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ToolChoiceOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The official Java SDKs with a test key: what the simulator answers passes their strict checks.
class SimulatorSdksTest {
  @RegisterExtension static final GateWorld world = GateWorld.usual();

  private static OpenAIClient openai;
  private static AnthropicClient anthropic;

  enum Colour {
    RED,
    GREEN
  }

  /// A type an app may ask to be answered in.
  static final class Person {
    @JsonProperty public String name = "";
    @JsonProperty public int age;
    @JsonProperty public Colour colour = Colour.RED;
    @JsonProperty public List<String> friends = List.of();
    @JsonProperty public Optional<String> note = Optional.empty();
    @JsonProperty public Address address = new Address();
  }

  static final class Address {
    @JsonProperty public String street = "";
  }

  @BeforeAll
  static void clients() throws Exception {
    String key = world.admin().createKey("{\"name\":\"t\",\"kind\":\"test\"}").key();
    openai =
        OpenAIOkHttpClient.builder()
            .baseUrl(world.gate().url() + "/v1")
            .apiKey(key)
            .responseValidation(true)
            .maxRetries(0)
            .timeout(Duration.ofSeconds(30))
            .build();
    anthropic =
        AnthropicOkHttpClient.builder()
            .baseUrl(world.gate().url().toString())
            .apiKey(key)
            .responseValidation(true)
            .maxRetries(0)
            .timeout(Duration.ofSeconds(30))
            .build();
  }

  private static ChatCompletionCreateParams.Builder chat(String text) {
    return ChatCompletionCreateParams.builder().model("m").addUserMessage(text);
  }

  private static MessageCreateParams.Builder message(String text) {
    return MessageCreateParams.builder().model("any").maxTokens(1000).addUserMessage(text);
  }

  private static ResponseCreateParams.Builder response(String text) {
    return ResponseCreateParams.builder().model("m").input(text);
  }

  @Test
  void chats_validate_whole_and_streamed() {
    ChatCompletionCreateParams params =
        chat("Hello there").logprobs(true).topLogprobs(3).stop("x").build();
    ChatCompletion answer = openai.chat().completions().create(params).validate();
    assertThat(answer.choices().getFirst().message().content()).contains("Hello there");
    assertThat(answer.choices().getFirst().logprobs().orElseThrow().content().orElseThrow())
        .hasSize(2);
    try (StreamResponse<ChatCompletionChunk> stream =
        openai.chat().completions().createStreaming(params)) {
      assertThat(stream.stream().map(ChatCompletionChunk::validate)).hasSize(4);
    }
  }

  @Test
  void structured_chats_come_as_the_type_asked_for() {
    Person person =
        openai
            .chat()
            .completions()
            .create(chat("Who?").responseFormat(Person.class).build())
            .validate()
            .choices()
            .getFirst()
            .message()
            .content()
            .orElseThrow();
    assertThat(person.name).isNotEmpty();
    assertThat(person.address.street).isNotEmpty();
  }

  @Test
  void forced_tools_are_called_with_arguments_of_their_type() {
    ChatCompletion answer =
        openai
            .chat()
            .completions()
            .create(
                chat("Who?")
                    .addTool(Person.class)
                    .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)
                    .build())
            .validate();
    assertThat(answer.choices().getFirst().finishReason().asString()).isEqualTo("tool_calls");
    Person person =
        answer
            .choices()
            .getFirst()
            .message()
            .toolCalls()
            .orElseThrow()
            .getFirst()
            .asFunction()
            .function()
            .arguments(Person.class);
    assertThat(person.name).isNotEmpty();
  }

  @Test
  void responses_validate_whole_and_streamed() {
    Response answer = openai.responses().create(response("Hello there").build()).validate();
    assertThat(answer.usage().orElseThrow().outputTokens()).isEqualTo(2);
    try (StreamResponse<ResponseStreamEvent> stream =
        openai.responses().createStreaming(response("Hello there").build())) {
      List<ResponseStreamEvent> events =
          stream.stream().map(ResponseStreamEvent::validate).toList();
      assertThat(events.getLast().isCompleted()).isTrue();
    }
    ResponseCreateParams forced =
        response("Who?")
            .addTool(
                FunctionTool.builder()
                    .name("who")
                    .strict(false)
                    .parameters(
                        FunctionTool.Parameters.builder()
                            .putAdditionalProperty("type", JsonValue.from("object"))
                            .putAdditionalProperty("required", JsonValue.from(List.of("a")))
                            .build())
                    .build())
            .toolChoice(ToolChoiceOptions.REQUIRED)
            .build();
    assertThat(
            openai
                .responses()
                .create(forced)
                .validate()
                .output()
                .getFirst()
                .asFunctionCall()
                .name())
        .isEqualTo("who");
    try (StreamResponse<ResponseStreamEvent> stream = openai.responses().createStreaming(forced)) {
      List<ResponseStreamEvent> events =
          stream.stream().map(ResponseStreamEvent::validate).toList();
      assertThat(events.stream().filter(ResponseStreamEvent::isFunctionCallArgumentsDone))
          .singleElement()
          .satisfies(event -> assertThat(event.toString()).contains("name=who"));
    }
  }

  @Test
  void structured_responses_come_as_the_type_asked_for() {
    Person person =
        openai
            .responses()
            .create(response("Who?").text(Person.class).build())
            .output()
            .getFirst()
            .asMessage()
            .content()
            .getFirst()
            .asOutputText();
    assertThat(person.name).isNotEmpty();
  }

  @Test
  void embeddings_and_images_validate() {
    assertThat(
            openai
                .embeddings()
                .create(EmbeddingCreateParams.builder().model("e").input("x").build())
                .validate()
                .data()
                .getFirst()
                .embedding())
        .hasSize(1536);
    ImageGenerateParams drawn = ImageGenerateParams.builder().model("i").prompt("a dot").build();
    assertThat(openai.images().generate(drawn).validate().data().orElseThrow()).hasSize(1);
    try (StreamResponse<ImageGenStreamEvent> stream = openai.images().generateStreaming(drawn)) {
      assertThat(stream.stream().map(ImageGenStreamEvent::validate).toList()).hasSize(1);
    }
  }

  @Test
  void messages_validate_whole_and_streamed() {
    Message answer = anthropic.messages().create(message("Hello there").build()).validate();
    assertThat(answer.content().getFirst().asText().text()).isEqualTo("Hello there");
    try (com.anthropic.core.http.StreamResponse<RawMessageStreamEvent> stream =
        anthropic.messages().createStreaming(message("Hello there").build())) {
      assertThat(
              stream.stream()
                  .map(RawMessageStreamEvent::validate)
                  .toList()
                  .getLast()
                  .isMessageStop())
          .isTrue();
    }
  }

  @Test
  void structured_messages_and_forced_tools_come_as_asked_for() {
    StructuredMessage<Person> structured =
        anthropic.messages().create(message("Who?").outputConfig(Person.class).build()).validate();
    assertThat(structured.content().getFirst().asText().text().name).isNotEmpty();
    Tool tool =
        Tool.builder()
            .name("weather")
            .inputSchema(
                Tool.InputSchema.builder()
                    .putAdditionalProperty(
                        "properties",
                        com.anthropic.core.JsonValue.from(Map.of("city", Map.of("type", "string"))))
                    .addRequired("city")
                    .build())
            .build();
    MessageCreateParams forced =
        message("Who?").addTool(tool).toolChoice(ToolChoiceAny.builder().build()).build();
    Message called = anthropic.messages().create(forced).validate();
    assertThat(called.content().getFirst().asToolUse()._input().toString()).contains("city");
    try (com.anthropic.core.http.StreamResponse<RawMessageStreamEvent> stream =
        anthropic.messages().createStreaming(forced)) {
      assertThat(stream.stream().map(RawMessageStreamEvent::validate)).isNotEmpty();
    }
  }

  @Test
  void what_a_live_key_is_refused_a_test_key_is_refused_too() {
    assertThatThrownBy(() -> openai.chat().completions().create(chat("x").model("claude").build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("dialect");
    assertThatThrownBy(() ->
            openai
                .chat()
                .completions()
                .create(chat("call:nobody {}").addTool(Person.class).build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("no such tool");
    assertThatThrownBy(() ->
            openai
                .chat()
                .completions()
                .create(chat("call:Person {\"a\":").addTool(Person.class).build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("not a JSON object");
  }
}
