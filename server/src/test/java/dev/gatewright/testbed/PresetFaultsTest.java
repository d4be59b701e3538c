package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How each kind of backend says that something is wrong, in its exact form, and what the caller
/// gets of it. Sources: the projects' own servers, August 2026.
class PresetFaultsTest {
  @RegisterExtension static final GateWorld world = EveryPreset.world();

  private static final String CHAT = "{\"model\":\"m\",\"messages\":[],\"stream\":true}";
  private static final String SPEECH = "{\"model\":\"tts-1\",\"input\":\"Hi\",\"voice\":\"a\"}";
  private static final String SECRET = "/home/op/models";

  /// Which call meets the fault.
  enum Kind {
    OLLAMA("s-ollama/api/chat", CHAT),
    WHISPER_CPP("s-whisper-cpp/api/inference", "file"),
    SPEACHES("s-speaches/api/v1/audio/transcriptions", "file"),
    WHISPER_ASR("s-whisper-asr/api/asr", "audio_file"),
    EDGE_TTS("s-edge-tts/api/v1/audio/speech", SPEECH),
    KOKORO("s-kokoro/api/v1/audio/speech", SPEECH),
    PIPER("s-piper/api/synthesize", "{\"text\":\"Hi\"}"),
    A1111("s-a1111/api/sdapi/v1/txt2img", "{\"prompt\":\"a cat\"}"),
    VLLM("s-vllm/api/v1/chat/completions", CHAT),
    LLAMA_CPP("s-llama-cpp/api/v1/chat/completions", CHAT),
    LM_STUDIO("s-lm-studio/api/v1/chat/completions", CHAT),
    LOCALAI("s-localai/api/v1/chat/completions", CHAT),
    HTTP("s-http/api/x", "");

    private final String path;

    /// JSON, or the field of a form that holds the recording, or nothing.
    private final String body;

    Kind(String path, String body) {
      this.path = "/" + path;
      this.body = body;
    }

    RawClient.Answer ask() throws IOException {
      if (body.isEmpty()) {
        return EveryPreset.get(world, path);
      }
      return body.startsWith("{")
          ? EveryPreset.post(world, path, body)
          : EveryPreset.upload(world, path, body);
    }
  }

  /// A fault in the backend's words, and the caller's answer to it.
  enum Fault {
    OLLAMA_BUSY(
        Kind.OLLAMA,
        503,
        "application/json; charset=utf-8",
        "{\"error\":\"server busy, please try again.  maximum pending requests exceeded\"}",
        503),
    OLLAMA_REFUSES_THE_HOST(Kind.OLLAMA, 403, "text/plain", "", 502),
    WHISPER_CPP_LOADING(
        Kind.WHISPER_CPP, 503, "application/json", "{\"status\":\"loading model\"}", 503),
    WHISPER_CPP_LOADING_MADE_404(
        Kind.WHISPER_CPP, 404, "text/plain", "File Not Found (/inference)", 503),
    SPEACHES_WITHOUT_KEY(
        Kind.SPEACHES, 403, "application/json", "{\"detail\":\"Not authenticated\"}", 502),
    SPEACHES_WITH_WRONG_KEY(
        Kind.SPEACHES, 403, "application/json", "{\"detail\":\"Invalid API key\"}", 502),
    EDGE_TTS_WITHOUT_KEY(
        Kind.EDGE_TTS, 401, "application/json", "{\"error\":\"Missing or invalid API key\"}", 502),
    EDGE_TTS_EXCEPTION(
        Kind.EDGE_TTS,
        500,
        "application/json",
        "{\"error\":\"FileNotFoundError: " + SECRET + "\"}",
        502),
    EDGE_TTS_FLASK(
        Kind.EDGE_TTS,
        500,
        "text/html; charset=utf-8",
        "<!doctype html><title>500</title>" + SECRET,
        502),
    PIPER_FLASK(Kind.PIPER, 500, "text/html; charset=utf-8", "<title>500</title>" + SECRET, 502),
    A1111_EXCEPTION(
        Kind.A1111,
        500,
        "application/json",
        "{\"error\":\"OutOfMemoryError\",\"detail\":\"\",\"body\":\"\",\"errors\":\""
            + SECRET
            + "\"}",
        502),
    A1111_WITHOUT_PASSWORD(
        Kind.A1111, 401, "application/json", "{\"detail\":\"Incorrect username\"}", 502),
    VLLM_WITHOUT_KEY(Kind.VLLM, 401, "application/json", "{\"error\":\"Unauthorized\"}", 502),
    LLAMA_CPP_LOADING(
        Kind.LLAMA_CPP,
        503,
        "application/json; charset=utf-8",
        "{\"error\":{\"code\":503,\"message\":\"Loading model\",\"type\":\"unavailable_error\"}}",
        503),
    LLAMA_CPP_WITHOUT_KEY(
        Kind.LLAMA_CPP,
        401,
        "application/json; charset=utf-8",
        "{\"error\":{\"code\":401,\"message\":\"Invalid API Key\",\"type\":\"authentication_error\"}}",
        502),
    LM_STUDIO_UNKNOWN_PATH(
        Kind.LM_STUDIO,
        200,
        "application/json; charset=utf-8",
        "{\"error\":\"Unexpected endpoint or method. (POST /v1/chat/completions)\"}",
        404),
    LM_STUDIO_UNKNOWN_MODEL(
        Kind.LM_STUDIO,
        200,
        "application/json; charset=utf-8",
        "{\"error\":{\"message\":\"Model \\\"m\\\" not found.\",\"type\":\"invalid_request_error\"}}",
        502),
    LOCALAI_WITHOUT_KEY(
        Kind.LOCALAI,
        401,
        "application/json",
        "{\"error\":{\"code\":401,\"message\":\"An authentication key is required\",\"type\":\"\"}}",
        502);

    private final Kind kind;
    private final int status;
    private final String type;
    private final String body;
    private final int expected;

    Fault(Kind kind, int status, String type, String body, int expected) {
      this.kind = kind;
      this.status = status;
      this.type = type;
      this.body = body;
      this.expected = expected;
    }

    void answer(SeenRequest request, Wire wire) throws IOException {
      wire.reply(status, type, body.getBytes(StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @EnumSource
  void is_told_in_the_gates_words(Fault fault) throws Exception {
    EveryPreset.answer(world, fault::answer);
    RawClient.Answer answer = fault.kind.ask();
    assertThat(answer.status()).isEqualTo(fault.expected);
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(answer.text())
        .startsWith(fault.kind == Kind.OLLAMA ? "{\"error\":\"" : "{\"error\":{\"type\":\"")
        .doesNotContain(SECRET);
    assertThat(answer.header("retry-after")).isEqualTo(fault.expected == 503 ? "5" : null);
    if (fault.status == 401 || fault.status == 403) {
      assertThat(answer.text()).contains("did not accept the gate's credential");
      assertThat(answer.header("www-authenticate")).isNull();
    }
    UsageRows.Row row = EveryPreset.row(world, answer);
    assertThat(row.outcome()).isEqualTo("failed");
    assertThat(row.status()).isEqualTo(fault.status);
    assertThat(row.source()).isEqualTo("none");
  }

  @Test
  void the_backends_own_retry_after_is_kept_and_bounded() throws Exception {
    EveryPreset.answer(world, (_, wire) -> wire.json(503, "{}", "retry-after: 17"));
    assertThat(Kind.LLAMA_CPP.ask().header("retry-after")).isEqualTo("17");
    EveryPreset.answer(world, (_, wire) -> wire.json(503, "{}", "retry-after: 99999"));
    assertThat(Kind.LLAMA_CPP.ask().header("retry-after")).isEqualTo("3600");
    EveryPreset.answer(world, (_, wire) -> wire.json(503, "{}", "retry-after: soon"));
    assertThat(Kind.LLAMA_CPP.ask().header("retry-after")).isEqualTo("5");
  }

  /// What is the caller's own fault, in whatever form, comes as it was said.
  @ParameterizedTest
  @EnumSource
  void a_400_comes_as_it_was_said(Kind kind) throws Exception {
    String type = kind == Kind.WHISPER_ASR ? "text/plain; charset=utf-8" : "application/json";
    String body = "{\"error\":\"no good\", \"detail\":[{\"loc\":[\"body\"]}] }";
    EveryPreset.answer(
        world, (_, wire) -> wire.reply(400, type, body.getBytes(StandardCharsets.UTF_8)));
    RawClient.Answer answer = kind.ask();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("content-type")).isEqualTo(type);
    assertThat(answer.text()).isEqualTo(body);
  }

  @ParameterizedTest
  @EnumSource
  void a_500_is_passed_on_only_by_those_who_say_nothing_of_the_machine(Kind kind) throws Exception {
    EveryPreset.answer(world, (_, wire) -> wire.json(500, "{\"error\":\"text\"}"));
    boolean leaks = kind == Kind.EDGE_TTS || kind == Kind.A1111 || kind == Kind.PIPER;
    RawClient.Answer answer = kind.ask();
    assertThat(answer.status()).isEqualTo(leaks ? 502 : 500);
    if (!leaks) {
      assertThat(answer.text()).isEqualTo("{\"error\":\"text\"}");
    }
  }

  @Test
  void an_ollama_line_that_says_error_is_a_failed_attempt_and_passes_as_it_came() throws Exception {
    String lines =
        """
        {"model":"m","message":{"role":"assistant","content":"Hel"},"done":false}
        {"error":"an error was encountered while running the model: CUDA error"}
        """;
    EveryPreset.answer(world, chunked("application/x-ndjson", lines, 7));
    RawClient.Answer answer = Kind.OLLAMA.ask();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(lines);
    assertThat(EveryPreset.row(world, answer).outcome()).isEqualTo("failed");
  }

  @ParameterizedTest
  @EnumSource(names = {"VLLM", "LLAMA_CPP", "LM_STUDIO", "LOCALAI"})
  void an_event_that_says_error_is_a_failed_attempt_and_passes_as_it_came(Kind kind)
      throws Exception {
    String events =
        """
        data: {"choices":[{"delta":{"content":"Hel"}}]}

        data: {"error":{"message":"EngineCore died","type":"InternalServerError","code":500}}

        data: [DONE]

        """;
    EveryPreset.answer(world, chunked("text/event-stream", events, 11));
    RawClient.Answer answer = kind.ask();
    assertThat(answer.text()).isEqualTo(events);
    assertThat(EveryPreset.row(world, answer).outcome()).isEqualTo("failed");
  }

  /// Only LM Studio is known to say 200 for what went wrong; any other 200 is passed as it came.
  @Test
  void an_error_at_200_of_any_other_backend_passes_and_is_a_failed_attempt() throws Exception {
    String body = "{\"error\":\"Unexpected endpoint\"}";
    EveryPreset.answer(world, (_, wire) -> wire.json(200, body));
    RawClient.Answer answer = Kind.VLLM.ask();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(body);
    assertThat(EveryPreset.row(world, answer).outcome()).isEqualTo("failed");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 4_096})
  void lm_studios_error_is_known_however_it_is_cut(int step) throws Exception {
    EveryPreset.answer(
        world, chunked("application/json", "{\"error\":\"Unexpected endpoint or method.\"}", step));
    RawClient.Answer answer = Kind.LM_STUDIO.ask();
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).contains("\"code\":\"not_found\"", "Unexpected endpoint");
  }

  static Script chunked(String type, String text, int step) {
    return (_, wire) -> {
      wire.head(200, "content-type: " + type, "transfer-encoding: chunked");
      for (int at = 0; at < text.length(); at += step) {
        wire.chunk(text.substring(at, Math.min(at + step, text.length())));
      }
      wire.endChunks();
    };
  }
}
