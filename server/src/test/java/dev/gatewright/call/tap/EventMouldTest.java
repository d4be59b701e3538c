package dev.gatewright.call.tap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventMouldTest {
  private static final List<String> TEXTS =
      List.of(
          "a",
          "",
          " word",
          "Größe",
          "\\n",
          "say \\\"so\\\"",
          "\\u00e9",
          "\t",
          "{",
          "x".repeat(3000));

  /// Events by their shape; `%s` is a text, `%d` a number.
  private static final List<String> EVENTS =
      List.of(
          "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":null}],\"usage\":null}",
          "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":null}],\"obfuscation\":\"%s\"}",
          "data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"%s\",\"content\":\"%s\"}}]}",
          "data: {\"choices\":[{\"delta\":{\"content\":\"%s\",\"content\":\"%s\",\"text\":\"%s\",\"refusal\":\"%s\"}}]}",
          "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":{\"completion_tokens\":%d}}",
          "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}",
          "data: {\"choices\":[{\"delta\":{\"content\":\"b\"}}],\"error\":null}",
          "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":7}}",
          "data: {\"error\":\"%s\"}",
          "event: error\ndata: {\"delta\":\"%s\"}",
          "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":%d,\"delta\":\"%s\"}",
          "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"%s\"}}",
          "event: ping\ndata: {\"type\":\"ping\"}",
          "id: %d\ndata: {\"delta\":\"%s\"}",
          "data: {\"delta\":\ndata: \"%s\"}",
          "data: {\"delta\":\"%s\"} {\"delta\":\"%s\"}",
          "data: {\"delta\":\"%s\"",
          ": comment",
          "data: [DONE]",
          "");

  @Test
  void events_as_others_before_count_as_if_each_had_been_walked_over() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 3000; round++) {
      String stream = stream(random);
      AnswerTap whole = tap();
      AnswerTap cut = tap();
      byte[] bytes = stream.getBytes(UTF_8);
      ByteBuf all = Unpooled.wrappedBuffer(bytes);
      whole.watch(all);
      for (int i = 0; i < bytes.length; i++) {
        cut.watch(Unpooled.wrappedBuffer(bytes, i, 1));
      }
      String where = "seed %d round %d:\n%s".formatted(seed, round, stream);
      assertThat(state(whole)).as(where).isEqualTo(state(cut));
      whole.end();
      cut.end();
      assertThat(state(whole)).as(where).isEqualTo(state(cut));
      assertThat(whole.usage()).as(where).isEqualTo(cut.usage());
    }
  }

  private static String state(AnswerTap tap) {
    return "%s %d %b %b %b %b"
        .formatted(
            tap.ending(),
            tap.outputSoFar(),
            tap.begun(),
            tap.between(),
            tap.endedUsageChunk(),
            tap.endedPureUsageChunk());
  }

  /// Runs of one shape with a strange one here and there, in one of the three ways to end a line.
  private static String stream(Random random) {
    StringBuilder stream = new StringBuilder();
    int runs = 1 + random.nextInt(4);
    for (int run = 0; run < runs; run++) {
      String shape = EVENTS.get(random.nextInt(EVENTS.size()));
      int length = 1 + random.nextInt(5);
      for (int i = 0; i < length; i++) {
        String one = random.nextInt(6) == 0 ? EVENTS.get(random.nextInt(EVENTS.size())) : shape;
        stream.append(filled(one, random)).append("\n\n");
      }
    }
    String end = List.of("\n", "\r\n", "\r").get(random.nextInt(3));
    String text = stream.toString().replace("\n", end);
    return random.nextInt(4) == 0 ? text.substring(0, random.nextInt(text.length())) : text;
  }

  private static String filled(String shape, Random random) {
    String filled = shape;
    while (filled.contains("%s")) {
      filled = filled.replaceFirst("%s", quoted(TEXTS.get(random.nextInt(TEXTS.size()))));
    }
    return filled.replace("%d", Integer.toString(random.nextInt(40)));
  }

  private static String quoted(String text) {
    return java.util.regex.Matcher.quoteReplacement(text);
  }

  private static AnswerTap tap() {
    HttpHeaders headers = new DefaultHttpHeaders().set("content-type", "text/event-stream");
    return Measure.ofModel(Meter.TOKENS, 12).answer(headers);
  }
}
