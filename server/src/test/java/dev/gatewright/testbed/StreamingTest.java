package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Bytes leave in the turn they come.
class StreamingTest {
  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, fake) ->
          setup.provider("plain", "openai", fake.baseUrl(), "stream-usage: never"));

  private static final String STREAM = "{\"model\":\"%s\",\"stream\":true,\"messages\":[]}";

  /// The provider goes on only after the caller has what was sent so far: a gate that holds
  /// anything back makes this time out.
  @Test
  void each_event_leaves_before_the_next_comes() throws Exception {
    CountDownLatch[] taken = {new CountDownLatch(1), new CountDownLatch(1)};
    world
        .provider()
        .next((_, wire) -> {
          wire.streamHead().chunk(OpenAiAnswers.delta("one"));
          await(taken[0]);
          wire.chunk(OpenAiAnswers.delta("two"));
          await(taken[1]);
          wire.chunk("data: [DONE]\n\n").endChunks();
        });
    try (RawClient caller = world.caller()) {
      caller.post("/v1/chat/completions", world.key(), STREAM.formatted("fast"));
      assertThat(caller.head().status()).isEqualTo(200);
      assertThat(caller.text(OpenAiAnswers.delta("one").length()))
          .isEqualTo(OpenAiAnswers.delta("one"));
      taken[0].countDown();
      assertThat(caller.text(OpenAiAnswers.delta("two").length()))
          .isEqualTo(OpenAiAnswers.delta("two"));
      taken[1].countDown();
      assertThat(caller.text(14)).isEqualTo("data: [DONE]\n\n");
      assertThat(caller.text(1)).isEmpty();
    }
  }

  @Test
  void half_an_event_leaves_at_once_where_nothing_may_be_removed() throws Exception {
    CountDownLatch taken = new CountDownLatch(1);
    world
        .provider()
        .next((_, wire) -> {
          wire.streamHead().chunk("data: {\"choices\":");
          await(taken);
          wire.chunk("[]}\n\n").endChunks();
        });
    try (RawClient caller = world.caller()) {
      caller.post("/v1/chat/completions", world.key(), STREAM.formatted("plain/m"));
      caller.head();
      assertThat(caller.text(17)).isEqualTo("data: {\"choices\":");
      taken.countDown();
      assertThat(caller.text(100)).isEqualTo("[]}\n\n");
    }
  }

  @Test
  void a_cut_after_a_whole_event_becomes_an_error_event() throws Exception {
    world.provider().next(Answers.cutStream(OpenAiAnswers.delta("whole"), false));
    RawClient.Answer answer = world.post("/v1/chat/completions", STREAM.formatted("plain/m"));
    assertThat(answer.text())
        .startsWith(OpenAiAnswers.delta("whole") + "data: {\"error\":")
        .endsWith("\n\n");
  }

  @Test
  void a_cut_after_half_an_event_is_a_reset_never_a_clean_end() throws Exception {
    String begun = OpenAiAnswers.delta("whole") + OpenAiAnswers.delta("half");
    String half = begun.substring(0, begun.length() - 60);
    world.provider().next(Answers.cutStream(half, true));
    try (RawClient caller = world.caller()) {
      caller.post("/v1/chat/completions", world.key(), STREAM.formatted("plain/m"));
      caller.head();
      assertThat(caller.text(half.length())).isEqualTo(half);
      assertThatThrownBy(() -> caller.text(1)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void anthropics_cut_stream_ends_with_its_own_error_event() throws Exception {
    world.provider().next(Answers.cutStream(AnthropicAnswers.delta("whole"), false));
    RawClient.Answer answer =
        world.post(
            "/v1/messages",
            "{\"model\":\"claude\",\"max_tokens\":9,\"stream\":true,\"messages\":[]}");
    assertThat(answer.text())
        .startsWith(AnthropicAnswers.delta("whole") + "event: error\ndata: {\"type\":\"error\"");
  }

  private static void await(CountDownLatch latch) throws IOException, InterruptedException {
    if (!latch.await(20, TimeUnit.SECONDS)) {
      throw new IOException("the caller did not get what was sent");
    }
  }

  @Test
  @Tag("long")
  void an_idle_stream_is_kept_alive_between_events() throws Exception {
    world
        .provider()
        .next((_, wire) -> {
          wire.streamHead().chunk(OpenAiAnswers.delta("one"));
          wire.pause(Duration.ofSeconds(17));
          wire.chunk("data: [DONE]\n\n").endChunks();
        });
    RawClient.Answer answer = world.post("/v1/chat/completions", STREAM.formatted("fast"));
    assertThat(answer.text())
        .matches(
            "(?s)\\Q" + OpenAiAnswers.delta("one") + "\\E(:[^\\n]*\\n\\n)+data: \\[DONE]\\n\\n");
  }
}
