package dev.gatewright.relay.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Straight into the codec: a socket would join again what a test has split.
class ResponseCodecTest {
  private static final String ANSWER =
      """
      HTTP/1.1 103 Early Hints\r
      link: x\r
      \r
      HTTP/1.1 200 OK\r
      x-a: b\r
      transfer-encoding: chunked\r
      \r
      5;ext=1\r
      hello\r
      00006 ;ext="2"\r
       world\r
      0\r
      trailer: t\r
      \r
      """;

  /// What one answer came to.
  private static final class Heard implements ResponseSink {
    final StringBuilder body = new StringBuilder();
    final List<String> events = new ArrayList<>();
    int parts;

    @Override
    public boolean head(int status, HttpHeaders headers, long length) {
      events.add("head " + status + " " + headers.get("x-a") + " " + length);
      return true;
    }

    @Override
    public boolean upgraded(HttpHeaders headers) {
      events.add("upgraded " + headers.get("x-a"));
      return true;
    }

    @Override
    public boolean data(ByteBuf part) {
      parts++;
      body.append(part.toString(StandardCharsets.ISO_8859_1));
      part.release();
      return true;
    }

    @Override
    public void complete(boolean reusable) {
      events.add("complete " + reusable);
    }
  }

  private static @Nullable String read(ResponseCodec codec, String... parts) {
    for (String part : parts) {
      ByteBuf in = ByteBufAllocator.DEFAULT.directBuffer(Math.max(1, part.length()));
      String fault = codec.read(in.writeBytes(part.getBytes(StandardCharsets.ISO_8859_1)));
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }

  private static void assertReads(String... parts) {
    Heard heard = new Heard();
    ResponseCodec codec = new ResponseCodec(heard);
    codec.expect(false, false);
    assertThat(read(codec, parts)).isNull();
    assertThat(heard.body).hasToString("hello world");
    assertThat(heard.events).containsExactly("head 200 b -1", "complete true");
  }

  @Test
  void answer_may_be_split_at_every_byte() {
    for (int split = 1; split < ANSWER.length(); split++) {
      assertReads(ANSWER.substring(0, split), ANSWER.substring(split));
    }
    assertReads(ANSWER.split(""));
  }

  @Test
  void many_chunks_of_one_read_leave_as_one_part() {
    Heard heard = new Heard();
    ResponseCodec codec = new ResponseCodec(heard);
    codec.expect(false, false);
    assertThat(read(codec, ANSWER)).isNull();
    assertThat(heard.parts).isEqualTo(1);
  }

  @Test
  void next_answer_on_the_same_connection_starts_afresh() {
    Heard heard = new Heard();
    ResponseCodec codec = new ResponseCodec(heard);
    for (int i = 0; i < 3; i++) {
      codec.expect(false, false);
      assertThat(read(codec, "HTTP/1.1 200 OK\r\ncontent-len", "gth: 2\r\n\r\no", "k")).isNull();
    }
    assertThat(heard.body).hasToString("okokok");
  }

  /// Whatever a hostile upstream sends: a fault or an answer, never an exception, never a leak,
  /// never more than one end.
  @Test
  void mutated_answers_are_faults_or_answers() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      String mutated = mutated(random);
      Heard heard = new Heard();
      ResponseCodec codec = new ResponseCodec(heard);
      codec.expect(random.nextInt(10) == 0, false);
      int split = random.nextInt(mutated.length() + 1);
      String fault = read(codec, mutated.substring(0, split), mutated.substring(split));
      codec.release();
      long ends = heard.events.stream().filter(event -> event.startsWith("complete")).count();
      assertThat(ends).as("seed %d: %s", seed, mutated).isLessThanOrEqualTo(fault == null ? 1 : 0);
    }
  }

  private static String mutated(Random random) {
    StringBuilder text = new StringBuilder(ANSWER);
    String odd = "\r\n\0:; \t0aF-+\u00ff";
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(text.length());
      char c = odd.charAt(random.nextInt(odd.length()));
      switch (random.nextInt(3)) {
        case 0 -> text.setCharAt(at, c);
        case 1 -> text.insert(at, c);
        default -> text.deleteCharAt(at);
      }
    }
    return text.toString();
  }

  @Test
  void head_is_refused_by_size_and_by_lines() {
    ResponseCodec codec = new ResponseCodec(new Heard());
    codec.expect(false, false);
    assertThat(read(codec, "HTTP/1.1 200 OK\r\nx: ", "y".repeat(70_000))).contains("64 KiB");
    codec.release();
    ResponseCodec other = new ResponseCodec(new Heard());
    other.expect(false, false);
    assertThat(read(other, "HTTP/1.1 200 OK\r\n" + "x: y\r\n".repeat(257) + "\r\n"))
        .contains("256 header lines");
  }

  @Test
  void every_byte_is_judged_in_names_and_values() {
    for (int c = 0; c < 256; c++) {
      boolean value = c == '\t' || (c >= ' ' && c != 0x7f);
      assertThat(faultOf("HTTP/1.1 200 OK\r\na: b" + (char) c + "c\r\n\r\n") == null)
          .as("value %d", c)
          .isEqualTo(value);
      boolean name = c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
      assertThat(faultOf("HTTP/1.1 200 OK\r\na" + (char) c + "b: c\r\n\r\n") == null)
          .as("name %d", c)
          .isEqualTo(name || c == ':');
    }
  }

  private static @Nullable String faultOf(String head) {
    ResponseCodec codec = new ResponseCodec(new Heard());
    codec.expect(false, false);
    ByteBuf in = Unpooled.copiedBuffer(head, StandardCharsets.ISO_8859_1);
    return codec.read(in);
  }
}
