package dev.gatewright.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The good answers of each kind of backend in their exact form: they pass unchanged, but for what
/// is documented, and are counted in the service's own unit.
class PresetAnswersTest {
  @RegisterExtension static final GateWorld world = EveryPreset.world();

  private static final String CHAT = "{\"model\":\"m\",\"messages\":[],\"stream\":true}";

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 17, 10_000})
  void ollamas_lines_pass_wherever_reads_cut_them(int step) throws Exception {
    String lines =
        """
        {"model":"m","created_at":"2026-08-01T10:00:00.123Z","message":{"role":"assistant","content":"Hi"},"done":false}
        {"model":"m","created_at":"2026-08-01T10:00:01.5Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":5043500667,"load_duration":5025959,"prompt_eval_count":26,"prompt_eval_duration":325953000,"eval_count":290,"eval_duration":4709213000}
        """;
    EveryPreset.answer(
        world, PresetFaultsTest.chunked("application/x-ndjson; charset=utf-8", lines, step));
    RawClient.Answer answer = EveryPreset.post(world, "/s-ollama/api/chat", CHAT);
    assertThat(answer.text()).isEqualTo(lines);
    assertThat(answer.header("content-type")).isEqualTo("application/x-ndjson; charset=utf-8");
    UsageRows.Row row = EveryPreset.row(world, answer);
    assertThat(row.outcome()).isEqualTo("completed");
    assertThat(row.inputTokens()).isEqualTo(26);
    assertThat(row.outputTokens()).isEqualTo(290);
    assertThat(row.source()).isEqualTo("provider");
  }

  @Test
  void ollamas_whole_answer_is_counted_as_well() throws Exception {
    String whole =
        "{\"model\":\"m\",\"response\":\"Hi\",\"done\":true,\"prompt_eval_count\":3,\"eval_count\":4}";
    EveryPreset.answer(world, (_, wire) -> wire.json(200, whole));
    RawClient.Answer answer =
        EveryPreset.post(
            world, "/s-ollama/api/generate", "{\"model\":\"m\",\"prompt\":\"x\",\"stream\":false}");
    assertThat(answer.text()).isEqualTo(whole);
    assertThat(EveryPreset.row(world, answer).outputTokens()).isEqualTo(4);
  }

  @Test
  void a_compressed_answer_passes_compressed_and_is_counted() throws Exception {
    byte[] packed =
        Answers.gzip(
            "{\"response\":\"Hi\",\"done\":true,\"prompt_eval_count\":3,\"eval_count\":4}");
    EveryPreset.answer(
        world, (_, wire) -> wire.reply(200, "application/json", packed, "content-encoding: gzip"));
    RawClient.Answer answer =
        EveryPreset.post(world, "/s-ollama/api/generate", "{\"model\":\"m\",\"prompt\":\"x\"}");
    assertThat(answer.body()).isEqualTo(packed);
    assertThat(answer.header("content-encoding")).isEqualTo("gzip");
    assertThat(EveryPreset.row(world, answer).outputTokens()).isEqualTo(4);
  }

  /// llama.cpp pings with comments; vLLM says its usage in a last event without choices.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "s-vllm/api",
        "s-llama-cpp/api",
        "s-lm-studio/api",
        "s-localai/api",
        "s-ollama/api"
      })
  void openai_like_events_pass_unchanged(String service) throws Exception {
    String events =
        """
        : ping

        data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Hi"}}]}

        :

        data: {"id":"c","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21}}

        data: [DONE]

        """;
    EveryPreset.answer(world, PresetFaultsTest.chunked("text/event-stream", events, 13));
    RawClient.Answer answer = EveryPreset.post(world, "/" + service + "/v1/chat/completions", CHAT);
    assertThat(answer.text()).isEqualTo(events);
    UsageRows.Row row = EveryPreset.row(world, answer);
    assertThat(row.outcome()).isEqualTo("completed");
    assertThat(row.inputTokens()).isEqualTo(9);
    assertThat(row.outputTokens()).isEqualTo(12);
  }

  @ParameterizedTest
  @CsvSource({
    "output=json, application/json",
    "encode=true&output=json&task=transcribe, application/json",
    "output=%6Ason, application/json",
    "output=json&output=txt, text/plain; charset=utf-8",
    "output=srt, text/plain; charset=utf-8",
    "task=transcribe, text/plain; charset=utf-8"
  })
  void whisper_asrs_json_is_called_json(String query, String type) throws Exception {
    String body = "{\"text\": \" Hello\", \"segments\": [], \"language\": \"en\"}";
    EveryPreset.answer(
        world,
        (_, wire) ->
            wire.reply(
                200,
                "text/plain; charset=utf-8",
                body.getBytes(UTF_8),
                "asr-engine: openai_whisper",
                "content-disposition: attachment; filename=\"a.ogg.json\""));
    RawClient.Answer answer =
        EveryPreset.upload(world, "/s-whisper-asr/api/asr?" + query, "audio_file");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).isEqualTo(type);
    assertThat(answer.header("content-disposition")).contains("attachment");
    assertThat(answer.text()).isEqualTo(body);
  }

  @ParameterizedTest
  @CsvSource({
    "s-whisper-cpp/api/inference, file, application/json, {\"text\":\" Hello\"}",
    "s-speaches/api/v1/audio/transcriptions, file, text/plain; charset=utf-8, Hello",
    "s-speaches/api/v1/audio/translations, file, application/json, {\"text\":\"Hello\"}",
    "s-vllm/api/v1/audio/transcriptions, file, application/json, {\"text\":\"Hello\"}"
  })
  void transcriptions_pass_as_they_are(String path, String field, String type, String body)
      throws Exception {
    EveryPreset.answer(world, (_, wire) -> wire.reply(200, type, body.getBytes(UTF_8)));
    RawClient.Answer answer = EveryPreset.upload(world, "/" + path, field);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).isEqualTo(type);
    assertThat(answer.text()).isEqualTo(body);
  }

  /// edge-tts and piper send the whole with its length, kokoro and speaches as it is made.
  @ParameterizedTest
  @CsvSource({
    "s-edge-tts/api/v1/audio/speech, audio/mpeg, false",
    "s-kokoro/api/v1/audio/speech, audio/mpeg, true",
    "s-speaches/api/v1/audio/speech, audio/pcm, true",
    "s-localai/api/v1/audio/speech, audio/x-wav, false",
    "s-piper/api/synthesize, audio/wav, false"
  })
  void sound_passes_byte_by_byte(String path, String type, boolean chunked) throws Exception {
    byte[] sound = new byte[50_000];
    new Random(7).nextBytes(sound);
    EveryPreset.answer(
        world,
        (_, wire) -> {
          if (chunked) {
            wire.head(200, "content-type: " + type, "transfer-encoding: chunked");
            wire.chunk(sound).endChunks();
          } else {
            wire.reply(200, type, sound);
          }
        });
    RawClient.Answer answer =
        EveryPreset.post(world, "/" + path, "{\"input\":\"Hi\",\"text\":\"Hi\",\"voice\":\"a\"}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).isEqualTo(type);
    assertThat(answer.header("content-length")).isEqualTo(chunked ? null : "50000");
    assertThat(answer.body()).isEqualTo(sound);
    assertThat(EveryPreset.row(world, answer).outcome()).isEqualTo("completed");
  }

  @Test
  void edge_tts_events_and_its_odd_list_of_models_pass() throws Exception {
    String events =
        """
        data: {"type": "speech.audio.delta", "audio": "SUQzBAAAAAAA"}

        data: {"type": "speech.audio.done", "usage": {"input_tokens": 1, "output_tokens": 2}}

        """;
    EveryPreset.answer(world, PresetFaultsTest.chunked("text/event-stream", events, 20));
    assertThat(
            EveryPreset.post(
                    world,
                    "/s-edge-tts/api/v1/audio/speech",
                    "{\"input\":\"Hi\",\"stream_format\":\"sse\"}")
                .text())
        .isEqualTo(events);
    EveryPreset.answer(world, (_, wire) -> wire.json(200, "{\"models\":[]}"));
    assertThat(EveryPreset.get(world, "/s-edge-tts/api/v1/models").text())
        .isEqualTo("{\"models\":[]}");
  }

  @Test
  void a1111s_long_json_passes_and_its_pictures_are_counted() throws Exception {
    String whole =
        "{\"images\":[\"%s\",\"QUJD\"],\"parameters\":{},\"info\":\"{}\"}"
            .formatted("QUJD".repeat(300_000));
    EveryPreset.answer(world, (_, wire) -> wire.json(200, whole));
    RawClient.Answer answer =
        EveryPreset.post(world, "/s-a1111/api/sdapi/v1/txt2img", "{\"prompt\":\"a cat\"}");
    assertThat(answer.text()).isEqualTo(whole);
    assertThat(EveryPreset.row(world, answer).outcome()).isEqualTo("completed");
  }

  @Test
  void whatever_stands_behind_http_passes_as_it_came() throws Exception {
    byte[] bytes = {0, (byte) 0xff, 13, 10, 0x1b};
    EveryPreset.answer(
        world, (_, wire) -> wire.reply(202, "application/x-odd", bytes, "x-own: kept"));
    RawClient.Answer answer = EveryPreset.get(world, "/s-http/api/x");
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.header("content-type")).isEqualTo("application/x-odd");
    assertThat(answer.header("x-own")).isEqualTo("kept");
    assertThat(answer.body()).isEqualTo(bytes);
  }

  /// A 200 of LM Studio is looked at only as long as it may be an error.
  @ParameterizedTest
  @ValueSource(ints = {0, 2, 100, 4_096, 4_097, 30_000})
  void lm_studios_good_answers_pass_unchanged(int length) throws Exception {
    String body = length < 20 ? "{}".substring(0, length) : json(length);
    for (int step : new int[] {0, 64, 4_096}) {
      EveryPreset.answer(
          world,
          step == 0
              ? (_, wire) -> wire.json(200, body)
              : PresetFaultsTest.chunked("application/json", body, step));
      RawClient.Answer answer = EveryPreset.get(world, "/s-lm-studio/api/v1/models");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo(body);
      assertThat(EveryPreset.row(world, answer).outcome()).isEqualTo("completed");
    }
  }

  private static String json(int length) {
    String frame = "{\"error\":null,\"x\":\"\"}";
    return "{\"error\":null,\"x\":\"%s\"}".formatted("a".repeat(length - frame.length()));
  }

  @Test
  void lm_studios_stream_is_not_held() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    EveryPreset.answer(
        world,
        (_, wire) -> {
          wire.streamHead().chunk("data: 1\n\n");
          assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
          wire.endChunks();
        });
    try (RawClient caller = world.caller()) {
      caller.post("/s-lm-studio/api/v1/chat/completions", world.key(), CHAT, "x-test: 1");
      assertThat(caller.head().status()).isEqualTo(200);
      assertThat(caller.text(9)).isEqualTo("data: 1\n\n");
      first.countDown();
      assertThat(caller.text(1)).isEmpty();
    }
  }
}
