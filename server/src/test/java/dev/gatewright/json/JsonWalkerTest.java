package dev.gatewright.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonWalkerTest {
  private static final ObjectMapper JACKSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  @Test
  void agrees_with_jackson_on_what_is_json() {
    long seed = new Random().nextLong();
    RandomJson random = new RandomJson(seed);
    for (int i = 0; i < 20_000; i++) {
      String whole = random.object(5);
      assertThat(walks(whole.getBytes(UTF_8))).as("seed %d: %s", seed, whole).isTrue();
      byte[] broken = random.broken(whole);
      assertThat(walks(broken))
          .as("seed %d: %s", seed, new String(broken, UTF_8))
          .isEqualTo(jacksonReads(broken));
    }
  }

  @Test
  void comes_to_the_same_end_however_the_document_is_split() {
    long seed = new Random().nextLong();
    RandomJson random = new RandomJson(seed);
    for (int i = 0; i < 300; i++) {
      byte[] json = random.broken(random.object(4));
      boolean whole = walks(json);
      for (int cut = 0; cut <= json.length; cut++) {
        JsonWalker walker = walker();
        boolean split =
            walker.feed(json, 0, cut) && walker.feed(json, cut, json.length) && walker.finish();
        assertThat(split)
            .as("seed %d: %s cut at %d", seed, new String(json, UTF_8), cut)
            .isEqualTo(whole);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "[1,]",
        "[,1]",
        "01",
        "-",
        "1.",
        ".5",
        "1e",
        "+1",
        "tru",
        "nul",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"a\nb\"",
        "{} {}",
        "{]",
        "[}",
        "NaN",
        "'a'",
        "{a:1}",
        "\uFEFF{}",
        "/**/{}"
      })
  void refuses_what_is_not_json(String json) {
    assertThat(walks(json.getBytes(UTF_8))).isFalse();
  }

  @Test
  void refuses_utf8_that_is_overlong_a_surrogate_or_too_high() {
    for (byte[] bad :
        new byte[][] {
          {'"', (byte) 0xc0, (byte) 0x80, '"'},
          {'"', (byte) 0xe0, (byte) 0x80, (byte) 0x80, '"'},
          {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'},
          {'"', (byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80, '"'},
          {'"', (byte) 0xff, '"'},
          {'"', (byte) 0xc3, '"'}
        }) {
      assertThat(walks(bad)).isFalse();
    }
  }

  @Test
  void takes_512_levels_and_not_one_more() {
    assertThat(walks(("[".repeat(512) + "]".repeat(512)).getBytes(UTF_8))).isTrue();
    assertThat(walks(("[".repeat(513) + "]".repeat(513)).getBytes(UTF_8))).isFalse();
    assertThat(walks("{\"a\":".repeat(100_000).getBytes(UTF_8))).isFalse();
  }

  @Test
  void counts_the_bytes_of_a_text_without_its_escapes() {
    for (String text : new String[] {"", "abc", "a\nb\"c\\", "é漢😀"}) {
      long[] bytes = {-1};
      JsonWalker walker =
          new JsonWalker(JsonShape.place(1), (mark, at) -> bytes[0] = at.textBytes(), false);
      byte[] json = JACKSON.valueToTree(text).toString().getBytes(UTF_8);
      assertThat(walker.feed(json, 0, json.length) && walker.finish()).isTrue();
      assertThat(bytes[0]).isEqualTo(text.getBytes(UTF_8).length);
    }
  }

  private static JsonWalker walker() {
    return new JsonWalker(JsonShape.object(), (mark, at) -> {}, false);
  }

  private static boolean walks(byte[] json) {
    JsonWalker walker = walker();
    return walker.feed(json, 0, json.length) && walker.finish();
  }

  private static boolean jacksonReads(byte[] json) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
      return !JACKSON.readTree(json).isMissingNode();
    } catch (CharacterCodingException e) {
      return false;
    } catch (IOException e) {
      return false;
    }
  }
}
