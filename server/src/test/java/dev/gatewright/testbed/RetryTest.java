package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.errors.AnthropicException;
import com.anthropic.models.messages.MessageCreateParams;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.OpenAIException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The official Java SDKs try a failed call as often through the gate as past it.
class RetryTest {
  @RegisterExtension static final GateWorld world = GateWorld.usual();

  @Test
  void openai_tries_as_often_as_without_the_gate() {
    RetryCases cases = new RetryCases("java");
    world.provider().answer(cases::answer);
    OpenAIClient direct = openai(world.provider().baseUrl(), "any");
    OpenAIClient gate = openai(world.gate().url() + "/v1", world.key());
    for (String name : cases.names()) {
      chat(direct, "direct-" + name);
      chat(gate, "local/gate-" + name);
    }
    cases.check("/v1/chat/completions");
  }

  private static OpenAIClient openai(String url, String key) {
    return OpenAIOkHttpClient.builder().baseUrl(url).apiKey(key).maxRetries(2).build();
  }

  private static void chat(OpenAIClient client, String model) {
    ChatCompletionCreateParams params =
        ChatCompletionCreateParams.builder().model(model).addUserMessage("Hi").build();
    assertThatThrownBy(() -> client.chat().completions().create(params))
        .isInstanceOf(OpenAIException.class);
  }

  @Test
  void anthropic_tries_as_often_as_without_the_gate() {
    RetryCases cases = new RetryCases("java");
    world.provider().answer(cases::answer);
    String past = world.provider().baseUrl().replace("/v1", "");
    AnthropicClient direct = anthropic(past, "any");
    AnthropicClient gate = anthropic(world.gate().url().toString(), world.key());
    for (String name : cases.names()) {
      message(direct, "direct-" + name);
      message(gate, "claudes/gate-" + name);
    }
    cases.check("/v1/messages");
  }

  private static AnthropicClient anthropic(String url, String key) {
    return AnthropicOkHttpClient.builder().baseUrl(url).apiKey(key).maxRetries(2).build();
  }

  private static void message(AnthropicClient client, String model) {
    MessageCreateParams params =
        MessageCreateParams.builder().model(model).maxTokens(9).addUserMessage("Hi").build();
    assertThatThrownBy(() -> client.messages().create(params))
        .isInstanceOf(AnthropicException.class);
  }
}
