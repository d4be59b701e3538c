package dev.gatewright.call.tap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.call.Ending;
import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Unit;
import dev.gatewright.ledger.Outcome.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Answers of the LLM dialects, as unit cases; the whole table is in testbed.
class LlmAnswersTest {
  private static final String CHAT_ANSWER =
      """
      {"id":"chatcmpl-1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hello there"}}],
       "usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29,"prompt_tokens_details":{"cached_tokens":4}},"x":1}
      """;

  @Test
  void reads_a_chat_stream_cut_at_any_byte() {
    String stream = Streams.CHAT + Streams.CHAT_USAGE + Streams.CHAT_DONE;
    everyCut(Meter.TOKENS, stream, new Usage(19, 10, 4, 0, 3, Source.PROVIDER));
  }

  @Test
  void reads_a_responses_stream_cut_at_any_byte() {
    everyCut(Meter.TOKENS, Streams.RESPONSES, new Usage(37, 11, 5, 0, 2, Source.PROVIDER));
  }

  @Test
  void counts_anthropics_cached_tokens_into_the_input() {
    everyCut(Meter.TOKENS, Streams.MESSAGES, new Usage(132, 15, 100, 7, 0, Source.PROVIDER));
  }

  @Test
  void reads_streams_with_other_line_ends_and_data_over_several_lines() {
    Usage expected = new Usage(19, 10, 4, 0, 3, Source.PROVIDER);
    String stream = Streams.CHAT + Streams.CHAT_USAGE + Streams.CHAT_DONE;
    everyCut(Meter.TOKENS, stream.replace("\n", "\r\n"), expected);
    everyCut(Meter.TOKENS, stream.replace("\n", "\r"), expected);
    everyCut(Meter.TOKENS, stream.replace(",\"usage\":{", ",\ndata:\"usage\":{"), expected);
    everyCut(Meter.TOKENS, stream.replace("data: ", ": comment\nid: 7\ndata:"), expected);
  }

  @Test
  void reads_whole_answers() {
    assertThat(whole(Meter.TOKENS, CHAT_ANSWER))
        .isEqualTo(new Usage(19, 10, 4, 0, 0, Source.PROVIDER));
    assertThat(
            whole(
                Meter.TOKENS,
                "{\"content\":[{\"text\":\"hi\"}],\"usage\":{\"input_tokens\":3,\"output_tokens\":2,"
                    + "\"cache_creation_input_tokens\":5,\"cache_read_input_tokens\":null}}"))
        .isEqualTo(new Usage(8, 2, 0, 5, 0, Source.PROVIDER));
    assertThat(
            whole(
                Meter.TOKENS,
                "{\"output\":[],\"usage\":{\"input_tokens\":3,\"output_tokens\":2,"
                    + "\"output_tokens_details\":{\"reasoning_tokens\":1}}}"))
        .isEqualTo(new Usage(3, 2, 0, 0, 1, Source.PROVIDER));
    assertThat(
            whole(
                Meter.EMBEDDINGS,
                "{\"data\":[{\"embedding\":[0.1,-2e-3]}],\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}"))
        .isEqualTo(new Usage(8, 0, 0, 0, 0, Source.PROVIDER, Source.NONE));
    assertThat(
            whole(
                Meter.PICTURES,
                "{\"data\":[{\"b64_json\":\"aGk=\"}],\"usage\":{\"input_tokens\":50,\"output_tokens\":50}}"))
        .isEqualTo(
            new Usage(50, 50, 0, 0, 0, Source.PROVIDER)
                .with(java.util.Map.of("output_image", 50L)));
  }

  @Test
  void a_providers_zero_is_zero() {
    assertThat(
            whole(
                Meter.TOKENS,
                "{\"choices\":[{\"message\":{\"content\":\"many words\"}}],"
                    + "\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0}}"))
        .isEqualTo(new Usage(0, 0, 0, 0, 0, Source.PROVIDER));
  }

  @Test
  void counts_what_was_delivered_when_the_provider_reports_nothing() {
    assertThat(whole(Meter.TOKENS, "{\"choices\":[{\"message\":{\"content\":\"twelve bytes\"}}]}"))
        .isEqualTo(new Usage(500, 3, 0, 0, 0, Source.COUNTED));
    assertThat(streamed(Meter.TOKENS, half(Streams.RESPONSES, "event: response.completed")))
        .isEqualTo(new Usage(500, 2, 0, 0, 0, Source.COUNTED));
    assertThat(streamed(Meter.TOKENS, half(Streams.MESSAGES, "event: message_delta")))
        .isEqualTo(new Usage(132, 2, 100, 7, 0, Source.PROVIDER, Source.COUNTED));
    assertThat(whole(Meter.PICTURES, "{\"data\":[{\"url\":\"http://x\"},{}]}"))
        .isEqualTo(Usage.of(Unit.IMAGES, 2, Source.COUNTED));
  }

  @Test
  void takes_no_usage_from_where_it_does_not_stand() {
    String decoy =
        "{\"metadata\":{\"usage\":{\"prompt_tokens\":9}},\"x\":{\"y\":{\"usage\":{\"prompt_tokens\":9}}},"
            + "\"choices\":[{\"message\":{\"content\":"
            + "\"\\\"usage\\\":{\\\"prompt_tokens\\\":7}\"}}]}";
    assertThat(whole(Meter.TOKENS, decoy).source()).isEqualTo(Source.COUNTED);
    assertThat(whole(Meter.TOKENS, decoy).inputTokens()).isEqualTo(500);
  }

  @Test
  void survives_what_is_not_json() {
    assertThat(whole(Meter.TOKENS, "no answer").source()).isEqualTo(Source.COUNTED);
    assertThat(whole(Meter.TOKENS, "<html>no</html>")).isEqualTo(Usage.NOTHING);
    assertThat(streamed(Meter.TOKENS, "data: {\"choices\":[oops\n\n" + Streams.CHAT_USAGE))
        .isEqualTo(new Usage(19, 10, 4, 0, 3, Source.PROVIDER));
  }

  @Test
  void reads_compressed_answers_and_gives_up_on_bombs() throws IOException {
    Usage expected = new Usage(19, 10, 4, 0, 0, Source.PROVIDER);
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(CHAT_ANSWER.getBytes(UTF_8));
    }
    ByteArrayOutputStream deflate = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(deflate)) {
      out.write(CHAT_ANSWER.getBytes(UTF_8));
    }
    assertThat(inflated(gzip.toByteArray(), "gzip")).isEqualTo(expected);
    assertThat(inflated(deflate.toByteArray(), "Deflate")).isEqualTo(expected);
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
      out.write(("{\"x\":\"" + " ".repeat(4 << 20) + "\",").getBytes(UTF_8));
      out.write(CHAT_ANSWER.substring(1).getBytes(UTF_8));
    }
    assertThat(inflated(bomb.toByteArray(), "gzip").source()).isEqualTo(Source.COUNTED);
    assertThat(inflated(new byte[] {1, 2, 3}, "gzip").source()).isEqualTo(Source.COUNTED);
  }

  @Test
  void ends_the_same_however_a_random_stream_is_cut() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    byte[] stream = (Streams.CHAT + Streams.CHAT_USAGE).repeat(20).getBytes(UTF_8);
    for (int i = 0; i < 200; i++) {
      AnswerTap tap = tap(Meter.TOKENS, "text/event-stream", null);
      int at = 0;
      while (at < stream.length) {
        int to = Math.min(stream.length, at + 1 + random.nextInt(700));
        tap.feed(stream, at, to);
        at = to;
      }
      tap.end();
      assertThat(tap.usage())
          .as("seed %d", seed)
          .isEqualTo(new Usage(19, 10, 4, 0, 3, Source.PROVIDER));
    }
  }

  private static void everyCut(Meter meter, String stream, Usage expected) {
    byte[] bytes = stream.getBytes(UTF_8);
    for (int cut = 0; cut <= bytes.length; cut++) {
      AnswerTap tap = tap(meter, cut % 2 == 0 ? "text/event-stream" : null, null);
      tap.feed(bytes, 0, cut);
      tap.feed(bytes, cut, bytes.length);
      tap.end();
      assertThat(tap.usage()).as("cut at %d", cut).isEqualTo(expected);
      assertThat(tap.ending()).as("cut at %d", cut).isEqualTo(Ending.COMPLETE);
    }
  }

  private static Usage streamed(Meter meter, String stream) {
    return fed(tap(meter, "text/event-stream", null), stream.getBytes(UTF_8));
  }

  private static Usage whole(Meter meter, String answer) {
    return fed(tap(meter, "application/json", null), answer.getBytes(UTF_8));
  }

  private static Usage inflated(byte[] answer, String encoding) {
    return fed(tap(Meter.TOKENS, "application/json", encoding), answer);
  }

  private static AnswerTap tap(Meter meter, @Nullable String type, @Nullable String encoding) {
    return new AnswerTap(Measure.ofModel(meter, 500), type, encoding);
  }

  private static Usage fed(AnswerTap tap, byte[] bytes) {
    for (int at = 0; at < bytes.length; at += 7) {
      tap.feed(bytes, at, Math.min(bytes.length, at + 7));
    }
    tap.end();
    return tap.usage();
  }

  private static String half(String stream, String until) {
    return stream.substring(0, stream.indexOf(until));
  }
}
