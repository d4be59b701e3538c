package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The ground truth of the other tests has to be true itself.
class FakeProviderTest {
  private FakeProvider provider;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    provider = FakeProvider.start();
    client = new RawClient(provider.port());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    provider.close();
  }

  @Test
  void records_exact_bytes_and_keeps_the_connection() throws Exception {
    String body = "{ \"model\" :\"m\",\"x\":1.10}";
    client.post("/v1/chat/completions?a=b", "k", body, "X-Odd: Value");
    assertThat(client.answer().text()).isEqualTo(OpenAiAnswers.CHAT);
    client.post("/v1/messages", "k", body);
    assertThat(client.answer().text()).isEqualTo(AnthropicAnswers.MESSAGE);

    SeenRequest first = provider.take();
    assertThat(first.text()).isEqualTo(body);
    assertThat(first.target()).isEqualTo("/v1/chat/completions?a=b");
    assertThat(first.header("x-odd")).isEqualTo("Value");
    assertThat(provider.take().ordinalOnConnection()).isEqualTo(2);
  }

  @Test
  void streams_usage_only_when_asked() throws Exception {
    client.post("/v1/chat/completions", "k", "{\"stream\":true}");
    assertThat(client.answer().text()).isEqualTo(OpenAiAnswers.chatEvents());
    client.post(
        "/v1/chat/completions",
        "k",
        "{\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
    assertThat(client.answer().text()).contains(OpenAiAnswers.usageChunk());
  }

  @Test
  void tells_when_the_caller_left_while_it_hangs() throws Exception {
    provider.answer(Answers.hang());
    client.post("/v1/chat/completions", "k", "{}");
    SeenRequest request = provider.take();
    long left = client.leave(false);
    long seen = request.closed().get(10, TimeUnit.SECONDS);
    assertThat(Duration.ofNanos(seen - left)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void cuts_a_stream_without_its_terminal_chunk() throws Exception {
    provider.next(Answers.cutStream(OpenAiAnswers.delta("half"), true));
    client.post("/v1/chat/completions", "k", "{}");
    client.head();
    assertThat(client.chunk()).isNotEmpty();
    assertThatThrownBy(client::chunk).isInstanceOf(IOException.class);
  }

  @Test
  void lies_about_the_length() throws Exception {
    provider.next(Answers.wrongLength(50, "{}"));
    client.post("/v1/chat/completions", "k", "{}");
    assertThatThrownBy(client::answer).hasMessageContaining("2 of 50");
  }
}
