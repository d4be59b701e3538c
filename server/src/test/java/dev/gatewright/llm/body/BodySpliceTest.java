package dev.gatewright.llm.body;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.llm.body.PeekedBody.Edit;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodySpliceTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"model\":\"fast\"} | {\"model\":\"gpt-4o\",\"stream_options\":{\"include_usage\":true}}",
        "{ \"model\" : \"fast\" , \"x\":1.50 } | { \"model\" : \"gpt-4o\" , \"x\":1.50 ,\"stream_options\":{\"include_usage\":true}}",
        "{\"stream_options\":{},\"model\":\"fast\"} | {\"stream_options\":{\"include_usage\":true},\"model\":\"gpt-4o\"}",
        "{\"stream_options\":null,\"model\":\"fast\"} | {\"stream_options\":{\"include_usage\":true},\"model\":\"gpt-4o\"}",
        "{\"model\":\"fast\",\"stream_options\":{\"a\":[1] }} | {\"model\":\"gpt-4o\",\"stream_options\":{\"a\":[1] ,\"include_usage\":true}}",
        "{\"model\":\"fast\",\"stream_options\":{\"include_usage\":false,\"b\":2}} | {\"model\":\"gpt-4o\",\"stream_options\":{\"include_usage\":true,\"b\":2}}",
        "{\"model\":\"fast\",\"stream_options\":{\"include_usage\": null}} | {\"model\":\"gpt-4o\",\"stream_options\":{\"include_usage\": true}}",
        "{\"model\":\"fast\",\"stream_options\":{\"include_usage\":true}} | {\"model\":\"gpt-4o\",\"stream_options\":{\"include_usage\":true}}",
      })
  void changes_the_model_and_asks_for_usage_and_nothing_else(String before, String after) {
    assertThat(splice(before, "gpt-4o")).isEqualTo(after);
  }

  @Test
  void splices_a_long_body_without_copying_it() {
    String filler = "é".repeat(100_000);
    String body = "{\"a\":\"" + filler + "\",\"model\":\"fast\"}";
    assertThat(splice(body, "big"))
        .isEqualTo(
            "{\"a\":\""
                + filler
                + "\",\"model\":\"big\",\"stream_options\":{\"include_usage\":true}}");
  }

  @Test
  void quotes_what_a_json_string_needs_quoted() {
    assertThat(
            splice("{\"model\":\"a\",\"stream_options\":{\"include_usage\":true}}", "q\"\\\n😀é"))
        .isEqualTo(
            "{\"model\":\"q\\\"\\\\\\u000a\\ud83d\\ude00é\",\"stream_options\":{\"include_usage\":true}}");
  }

  @Test
  void leaves_the_body_alone_without_edits() {
    ByteBuf body = UnpooledByteBufAllocator.DEFAULT.buffer().writeBytes(new byte[] {1, 2});
    assertThat(BodySplice.apply(UnpooledByteBufAllocator.DEFAULT, body, List.of())).isSameAs(body);
    body.release();
  }

  private static String splice(String body, String model) {
    PeekedBody peeked = BodyPeekTest.peeked(body);
    List<Edit> edits = new ArrayList<>();
    if (peeked.usageEdit() != null) {
      edits.add(peeked.usageEdit());
    }
    edits.add(BodySplice.model(peeked, model));
    ByteBuf held = UnpooledByteBufAllocator.DEFAULT.buffer().writeBytes(body.getBytes(UTF_8));
    ByteBuf spliced = BodySplice.apply(UnpooledByteBufAllocator.DEFAULT, held, edits);
    String text = spliced.toString(UTF_8);
    assertThat(spliced.release()).isTrue();
    assertThat(held.refCnt()).isZero();
    return text;
  }
}
