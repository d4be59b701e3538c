package dev.gatewright.testbed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Ollama as its callers meet it on the wire: NDJSON unless `stream` is false, errors as
/// `{"error":"text"}`, an error line at status 200 in a stream that breaks. It does what it is
/// asked, deleting models included, as the real one does for anybody. Stateless.
final class OllamaAnswers {
  static final String MODEL = "llama3.2:latest";

  /// What a chat says, in this many lines.
  static final List<String> WORDS = List.of("Hello", ",", " wörld", " – ", "ünï", "code", "!");

  static final int INPUT_TOKENS = 26;
  static final int OUTPUT_TOKENS = 8;

  static final Script STANDARD = OllamaAnswers::answer;

  private static final String JSON = "application/json; charset=utf-8";
  private static final String CREATED = "2026-11-21T10:00:00.123456789Z";
  private static final String DETAILS =
      """
      {"parent_model":"","format":"gguf","family":"llama","families":["llama"],\
      "parameter_size":"3.2B","quantization_level":"Q4_K_M"}\
      """;
  private static final String LAST =
      """
      "done":true,"done_reason":"stop","total_duration":5043500667,"load_duration":5025959,\
      "prompt_eval_count":26,"prompt_eval_duration":325953000,"eval_count":8,\
      "eval_duration":4709213000\
      """;

  private OllamaAnswers() {}

  private static void answer(SeenRequest request, Wire wire) throws IOException {
    switch (request.method() + " " + request.path()) {
      case "GET /", "HEAD /" -> reply(wire, 200, "text/plain; charset=utf-8", "Ollama is running");
      case "GET /api/version" -> reply(wire, 200, JSON, "{\"version\":\"0.12.3\"}");
      case "GET /api/tags" -> reply(wire, 200, JSON, tags());
      case "GET /api/ps" -> reply(wire, 200, JSON, ps());
      case "POST /api/show" -> reply(wire, 200, JSON, show());
      case "POST /api/chat" -> generate(request, wire, OllamaAnswers::chatPart);
      case "POST /api/generate" -> generate(request, wire, OllamaAnswers::textPart);
      case "POST /api/embed" -> reply(wire, 200, JSON, embed());
      case "POST /api/pull", "POST /api/create", "POST /api/push" ->
          lines(wire, "{\"status\":\"pulling manifest\"}", "{\"status\":\"success\"}");
      case "DELETE /api/delete", "POST /api/copy" -> wire.head(200, "content-length: 0");
      case "GET /v1/models" -> reply(wire, 200, JSON, models());
      case "POST /v1/chat/completions" -> OpenAiAnswers.chat(request, wire);
      case "POST /v1/embeddings" -> OpenAiAnswers.embeddings(request, wire);
      default -> reply(wire, 404, "text/plain", "404 page not found");
    }
  }

  /// The part of a line that carries the text.
  private interface Part {
    String of(String text);
  }

  private static String chatPart(String text) {
    return "\"message\":{\"role\":\"assistant\",\"content\":\"%s\"}".formatted(text);
  }

  private static String textPart(String text) {
    return "\"response\":\"%s\"".formatted(text);
  }

  /// The model `breaks` fails in the middle of its answer; any unknown one is not found.
  private static void generate(SeenRequest request, Wire wire, Part part) throws IOException {
    String model = request.json().path("model").asText();
    if (!List.of("llama3.2", MODEL, "breaks").contains(model)) {
      reply(wire, 404, JSON, "{\"error\":\"model '%s' not found\"}".formatted(model));
      return;
    }
    if (!request.json().path("stream").asBoolean(true)) {
      reply(wire, 200, JSON, line(model, part.of(String.join("", WORDS)) + "," + LAST));
      return;
    }
    wire.head(200, "content-type: application/x-ndjson", "transfer-encoding: chunked");
    for (String word : WORDS) {
      wire.chunk(line(model, part.of(word) + ",\"done\":false") + "\n");
    }
    if (model.equals("breaks")) {
      wire.chunk("{\"error\":\"model runner has unexpectedly stopped\"}\n").endChunks();
      return;
    }
    wire.chunk(line(model, part.of("") + "," + LAST) + "\n").endChunks();
  }

  private static String line(String model, String rest) {
    return "{\"model\":\"%s\",\"created_at\":\"%s\",%s}".formatted(model, CREATED, rest);
  }

  private static String tags() {
    return """
    {"models":[{"name":"%1$s","model":"%1$s","modified_at":"2026-11-20T09:00:00.5+01:00",\
    "size":2019393189,"digest":"a80c4f17acd55265feec403c7aef86be0c25983ab279d83f3bcd3abbcb5b8b72",\
    "details":%2$s}]}\
    """
        .formatted(MODEL, DETAILS);
  }

  private static String ps() {
    return """
    {"models":[{"name":"%1$s","model":"%1$s","size":3338801804,"digest":"a80c4f17acd5",\
    "details":%2$s,"expires_at":"2026-11-21T10:05:00Z","size_vram":3338801804,\
    "context_length":4096}]}\
    """
        .formatted(MODEL, DETAILS);
  }

  private static String show() {
    return """
    {"license":"…","modelfile":"FROM x","parameters":"stop \\"<|eot_id|>\\"","template":"{{ .Prompt }}",\
    "details":%s,"model_info":{"general.architecture":"llama"},"capabilities":["completion"],\
    "modified_at":"2026-11-20T09:00:00.5+01:00"}\
    """
        .formatted(DETAILS);
  }

  private static String embed() {
    return """
    {"model":"%s","embeddings":[[0.5,-0.25,1]],"total_duration":14143917,"load_duration":1019500,\
    "prompt_eval_count":3}\
    """
        .formatted(MODEL);
  }

  private static String models() {
    return """
    {"object":"list","data":[{"id":"%s","object":"model","created":1763629200,"owned_by":"library"}]}
    """
        .formatted(MODEL);
  }

  private static void lines(Wire wire, String... lines) throws IOException {
    wire.head(200, "content-type: application/x-ndjson", "transfer-encoding: chunked");
    for (String line : lines) {
      wire.chunk(line + "\n");
    }
    wire.endChunks();
  }

  private static void reply(Wire wire, int status, String type, String body) throws IOException {
    wire.reply(status, type, body.getBytes(StandardCharsets.UTF_8));
  }
}
