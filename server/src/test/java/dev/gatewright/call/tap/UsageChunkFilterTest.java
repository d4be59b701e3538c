package dev.gatewright.call.tap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsageChunkFilterTest {
  private static final UnpooledByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

  @Test
  void removes_the_usage_chunk_and_nothing_else_wherever_the_stream_is_cut() {
    String with = Streams.CHAT + Streams.CHAT_USAGE + Streams.CHAT_DONE;
    String without = Streams.CHAT + Streams.CHAT_DONE;
    everyCut(with, without);
    everyCut(with.replace("\n", "\r\n"), without.replace("\n", "\r\n"));
    everyCut(with.replace("\n", "\r"), without.replace("\n", "\r"));
    everyCut(with.replace(",\"usage\":{", ",\ndata: \"usage\":{"), without);
  }

  @Test
  void keeps_a_comment_in_front_of_the_removed_chunk() {
    String comment = ": still here\r\n";
    everyCut(
        Streams.CHAT + comment + Streams.CHAT_USAGE + Streams.CHAT_DONE,
        Streams.CHAT + comment + Streams.CHAT_DONE);
  }

  @Test
  void removes_a_last_chunk_without_its_blank_line() {
    String last = Streams.CHAT_USAGE.stripTrailing();
    everyCut(Streams.CHAT + last, Streams.CHAT);
    everyCut(Streams.CHAT + last + "\n", Streams.CHAT);
    everyCut(Streams.CHAT + "data: [DONE]", Streams.CHAT + "data: [DONE]");
  }

  @Test
  void keeps_what_only_looks_like_the_usage_chunk() {
    for (String data :
        List.of(
            "{\"choices\":[],\"usage\":null}",
            "{\"choices\":[],\"prompt_filter_results\":[{}]}",
            "{\"choices\":[{\"delta\":{}}],\"usage\":{\"prompt_tokens\":1}}",
            "{\"usage\":{\"prompt_tokens\":1}}",
            "{\"choices\":[],\"usage\":{\"prompt_tokens\":1}",
            "{\"choices\":[],\"usage\":{\"prompt_tokens\":1}} more",
            "[DONE]")) {
      String stream = "data: " + data + "\n\n";
      assertThat(filtered(List.of(stream))).isEqualTo(stream);
    }
  }

  @Test
  void takes_only_the_usage_out_of_a_chunk_that_says_more() {
    String usage = "\"usage\":{\"prompt_tokens\":1,\"details\":{\"a\":[1]}}";
    for (String other :
        List.of(
            "\"error\":{\"message\":\"no\"}",
            "\"timings\":{\"predicted_n\":3}",
            "\"citations\":[\"https://x\"]",
            "\"x_groq\":{\"id\":\"r\"}",
            "\"anything\":null")) {
      everyCut(
          "data: {\"choices\":[]," + usage + "," + other + "}\n\n",
          "data: {\"choices\":[]," + other + "}\n\n");
      everyCut(
          "data: {\"choices\":[]," + other + ", " + usage + "}\n\n",
          "data: {\"choices\":[]," + other + "}\n\n");
      everyCut(
          ": c\ndata: { " + usage + " , \"choices\":[]," + other + "}\r\n\r\n",
          ": c\ndata: {  \"choices\":[]," + other + "}\r\n\r\n");
    }
  }

  @Test
  void takes_a_usage_chunk_out_that_leaves_its_empty_choices_away() {
    String chunk =
        "data: {\"object\":\"chat.completion.chunk\",\"usage\":{\"prompt_tokens\":1}}\n\n";
    everyCut(Streams.CHAT + chunk, Streams.CHAT);
  }

  @Test
  void passes_on_what_is_no_stream_of_events() {
    String json = "{\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n";
    everyCut(json, json);
    everyCut("<html>no</html>", "<html>no</html>");
  }

  @Test
  void passes_whole_events_in_the_turn_they_come_and_holds_half_ones() {
    List<ByteBuf> out = new ArrayList<>();
    UsageChunkFilter filter = filter(out);
    ByteBuf whole = buffer("data: {\"a\":1}\n\n");
    filter.take(whole);
    assertThat(out).containsExactly(whole);
    filter.take(buffer("data: {\"b\":1}\n\ndata: {"));
    assertThat(text(out)).isEqualTo("data: {\"a\":1}\n\ndata: {\"b\":1}\n\n");
    filter.take(buffer("}\n\n"));
    assertThat(text(out)).endsWith("data: {}\n\n");
    assertThat(filter.between()).isTrue();
    release(out);
  }

  @Test
  void holds_no_more_than_1_MiB() {
    List<ByteBuf> out = new ArrayList<>();
    UsageChunkFilter filter = filter(out);
    String start = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1},\"x\":\"";
    filter.take(buffer(start));
    assertThat(out).isEmpty();
    filter.take(buffer("x".repeat(UsageChunkFilter.HELD_BYTES_MAX)));
    assertThat(text(out)).hasSize(start.length() + UsageChunkFilter.HELD_BYTES_MAX);
    assertThat(filter.between()).isFalse();
    filter.take(buffer("\"}\n\n"));
    assertThat(text(out)).endsWith("x\"}\n\n");
    assertThat(filter.between()).isTrue();
    filter.finish();
    release(out);
  }

  @Test
  void forgets_a_half_event_when_released() {
    List<ByteBuf> out = new ArrayList<>();
    UsageChunkFilter filter = filter(out);
    filter.take(buffer("data: {"));
    filter.release();
    filter.finish();
    assertThat(out).isEmpty();
  }

  private static void everyCut(String stream, String expected) {
    byte[] bytes = stream.getBytes(UTF_8);
    for (int cut = 0; cut <= bytes.length; cut++) {
      List<ByteBuf> out = new ArrayList<>();
      UsageChunkFilter filter = filter(out);
      filter.take(ALLOCATOR.buffer().writeBytes(bytes, 0, cut));
      filter.take(ALLOCATOR.buffer().writeBytes(bytes, cut, bytes.length - cut));
      filter.finish();
      assertThat(text(out)).as("cut at %d", cut).isEqualTo(expected);
      release(out);
    }
  }

  private static String filtered(List<String> parts) {
    List<ByteBuf> out = new ArrayList<>();
    UsageChunkFilter filter = filter(out);
    parts.forEach(part -> filter.take(buffer(part)));
    filter.finish();
    String text = text(out);
    release(out);
    return text;
  }

  private static UsageChunkFilter filter(List<ByteBuf> out) {
    return new UsageChunkFilter(
        new AnswerTap(Measure.ofModel(Meter.TOKENS, 1), "text/event-stream", null),
        ALLOCATOR,
        out::add);
  }

  private static ByteBuf buffer(String text) {
    return ALLOCATOR.buffer().writeBytes(text.getBytes(UTF_8));
  }

  private static String text(List<ByteBuf> out) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    out.forEach(part -> bytes.writeBytes(ByteBufUtil.getBytes(part)));
    return bytes.toString(UTF_8);
  }

  private static void release(List<ByteBuf> out) {
    // Slices of one part share its count.
    out.forEach(ByteBuf::release);
    out.forEach(part -> assertThat(part.refCnt()).isZero());
  }
}
