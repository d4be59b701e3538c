package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// openai-java, unmodified, on the OpenAI face of an Ollama.
class OllamaOpenAiFaceTest {
  @TempDir private Path folder;

  private static OpenAIClient client(String baseUrl, String key) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(baseUrl)
        .apiKey(key)
        .maxRetries(0)
        .timeout(Duration.ofSeconds(30))
        .build();
  }

  private static ChatCompletionCreateParams chat() {
    return ChatCompletionCreateParams.builder().model("llama3.2").addUserMessage("Hello?").build();
  }

  @Test
  void lists_chats_streams_and_embeds_under_both_names() throws Exception {
    try (OllamaWorld world = OllamaWorld.start(folder)) {
      for (String base : world.baseUrls()) {
        OpenAIClient client = client(base + "/api/v1", world.phone());
        assertThat(client.models().list().items())
            .extracting(model -> model.id())
            .containsExactly(OllamaAnswers.MODEL);
        ChatCompletion answer = client.chat().completions().create(chat());
        assertThat(answer.choices().getFirst().message().content()).contains("Hello, wörld é!");
        assertThat(streamed(client)).isEqualTo(String.join("", OpenAiAnswers.WORDS));
        EmbeddingCreateParams words =
            EmbeddingCreateParams.builder().model("llama3.2").input("x").build();
        assertThat(client.embeddings().create(words).data().getFirst().embedding())
            .containsExactly(0.5f, -0.25f, 1f);
      }
      assertThat(world.seen()).contains("GET /v1/models", "POST /v1/chat/completions");
    }
  }

  private static String streamed(OpenAIClient client) {
    StringBuilder text = new StringBuilder();
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(chat())) {
      stream.stream()
          .forEach(chunk -> chunk.choices().getFirst().delta().content().ifPresent(text::append));
    }
    return text.toString();
  }

  @Test
  void takes_the_key_from_the_base_url_when_the_client_sends_one_that_agrees() throws Exception {
    try (OllamaWorld world = OllamaWorld.start(folder)) {
      for (String base : world.keyedBaseUrls()) {
        // This client cannot be kept from sending a key; another one than the path's is refused.
        assertThat(client(base + "/api/v1", world.phone()).models().list().items()).hasSize(1);
        assertThatThrownBy(() -> client(base + "/api/v1", "ollama").models().list())
            .isInstanceOf(UnauthorizedException.class);
      }
    }
  }

  @Test
  void is_refused_with_errors_of_its_own_classes() throws Exception {
    try (OllamaWorld world = OllamaWorld.start(folder)) {
      for (String base : world.baseUrls()) {
        OpenAIClient good = client(base + "/api/v1", world.phone());
        assertThatThrownBy(() -> client(base + "/api/v1", "wrong").models().list())
            .isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> client(base + "/api/v1", world.stranger()).models().list())
            .isInstanceOfSatisfying(
                PermissionDeniedException.class,
                error -> assertThat(error.code()).contains("policy_denied"));
        // Deleting a model and uploading a file are on no list of the OpenAI face.
        assertThatThrownBy(() -> good.models().delete("llama3.2"))
            .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> good.files().list()).isInstanceOf(NotFoundException.class);
      }
      assertThat(world.seen()).doesNotContainAnyElementsOf(List.of("DELETE /v1/models/llama3.2"));
    }
  }
}
