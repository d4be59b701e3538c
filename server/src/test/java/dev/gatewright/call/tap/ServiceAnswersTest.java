package dev.gatewright.call.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.call.Ending;
import dev.gatewright.call.Tap;
import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Unit;
import dev.gatewright.ledger.Outcome.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/// Answers of self-hosted services.
class ServiceAnswersTest {
  private static final String NDJSON =
      """
      {"model":"llama3","created_at":"2026-08-01T00:00:00Z","message":{"role":"assistant","content":"Grüße"},"done":false}
      {"model":"llama3","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":5,"prompt_eval_count":26,"eval_count":298}
      """;

  @Test
  void reads_ollamas_last_line_wherever_reads_cut_it() {
    int length = NDJSON.getBytes(StandardCharsets.UTF_8).length;
    for (int cut = 0; cut <= length; cut++) {
      Tap tap = tapped(Meter.TOKENS, "application/x-ndjson", NDJSON, cut);

      assertThat(tap.usage()).isEqualTo(new Usage(26, 298, 0, 0, 0, Source.PROVIDER));
      assertThat(tap.ending()).isEqualTo(Ending.COMPLETE);
    }
  }

  @Test
  void counts_what_was_delivered_when_the_last_line_is_missing() {
    String begun = NDJSON.substring(0, NDJSON.indexOf('\n') + 1);

    assertThat(tapped(Meter.TOKENS, "application/x-ndjson", begun, 3).usage())
        .isEqualTo(new Usage(0, 2, 0, 0, 0, Source.NONE, Source.COUNTED));
  }

  @Test
  void an_error_line_at_status_200_is_a_failure() {
    String broken = NDJSON.lines().findFirst().orElseThrow() + "\n{\"error\":\"out of memory\"}\n";

    assertThat(tapped(Meter.TOKENS, "application/x-ndjson", broken, 9).ending())
        .isEqualTo(new Ending.Failed("out of memory", 502));
  }

  @Test
  void reads_openais_forms() {
    String whole =
        """
        {"choices":[{"message":{"content":"Hi"}}],"usage":{"prompt_tokens":9,"completion_tokens":2}}\
        """;
    String events =
        """
        data: {"choices":[{"delta":{"content":"Hi"}}],"usage":null}

        data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2}}

        data: [DONE]

        """;
    Usage expected = new Usage(9, 2, 0, 0, 0, Source.PROVIDER);

    assertThat(tapped(Meter.TOKENS, "application/json", whole, 20).usage()).isEqualTo(expected);
    assertThat(tapped(Meter.TOKENS, "text/event-stream", events, 70).usage()).isEqualTo(expected);
  }

  @Test
  void reads_the_length_of_a_recording_exactly() {
    assertThat(tapped(Meter.RECORDING, "application/json", "{\"duration\":61.25}", 4))
        .extracting(Tap::usage)
        .isEqualTo(Usage.of(Unit.AUDIO_SECONDS, 61_250, Source.PROVIDER));
  }

  @Test
  void counts_pictures_and_else_bytes() {
    String pictures = "{\"images\":[\"QUJD\",\"REVG\"],\"info\":\"{}\"}";

    assertThat(tapped(Meter.PICTURES, "application/json", pictures, 5).usage())
        .isEqualTo(Usage.of(Unit.IMAGES, 2, Source.COUNTED));
    assertThat(tapped(Meter.RECORDING, "text/plain", "Hello", 2).usage())
        .isEqualTo(Usage.of(Unit.BYTES, 5, Source.COUNTED));
  }

  @Test
  void reads_a_compressed_stream_wherever_reads_cut_it() throws IOException {
    byte[] gzip = packed(NDJSON, GZIPOutputStream::new);
    byte[] zlib = packed(NDJSON, DeflaterOutputStream::new);
    Usage expected = new Usage(26, 298, 0, 0, 0, Source.PROVIDER);

    for (int cut = 0; cut <= gzip.length; cut++) {
      assertThat(compressed("gzip", gzip, cut).usage()).isEqualTo(expected);
    }
    assertThat(compressed("deflate", zlib, 9).usage()).isEqualTo(expected);
  }

  @Test
  void looks_into_no_bomb_and_no_unknown_encoding() throws IOException {
    byte[] bomb =
        packed("{\"x\":\"" + " ".repeat(4 << 20) + "\"}\n" + NDJSON, GZIPOutputStream::new);

    assertThat(compressed("gzip", bomb, 9).usage())
        .isEqualTo(Usage.of(Unit.BYTES, bomb.length, Source.COUNTED));
    assertThat(compressed("br", new byte[] {1, 2, 3}, 1).usage())
        .isEqualTo(Usage.of(Unit.BYTES, 3, Source.COUNTED));
  }

  private interface Packer {
    OutputStream over(OutputStream out) throws IOException;
  }

  private static byte[] packed(String text, Packer packer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = packer.over(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static Tap compressed(String encoding, byte[] answer, int cut) {
    return tapped(
        Meter.TOKENS,
        new DefaultHttpHeaders()
            .set("content-type", "application/x-ndjson")
            .set("content-encoding", encoding),
        answer,
        cut);
  }

  private static Tap tapped(Meter meter, String type, String answer, int cut) {
    return tapped(
        meter,
        new DefaultHttpHeaders().set("content-type", type),
        answer.getBytes(StandardCharsets.UTF_8),
        cut);
  }

  private static Tap tapped(Meter meter, HttpHeaders headers, byte[] bytes, int cut) {
    Tap tap = Measure.of(meter).open(200, headers);
    ByteBuf first = Unpooled.wrappedBuffer(Arrays.copyOf(bytes, cut));
    tap.watch(first);
    tap.watch(Unpooled.wrappedBuffer(Arrays.copyOfRange(bytes, cut, bytes.length)));
    tap.end();
    return tap;
  }
}
