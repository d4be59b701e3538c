package dev.gatewright.testbed;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;

/// OpenAI's documented wire forms, with a few fields nobody documented and numbers written oddly,
/// so that a re-serialised answer shows. Usage is always the same: 11 in (3 of them cached), 7 out.
final class OpenAiAnswers {
  static final int INPUT_TOKENS = 11;
  static final int OUTPUT_TOKENS = 7;
  static final int CACHED_TOKENS = 3;

  static final String CHAT =
      """
      {
        "id": "chatcmpl-fake1", "object": "chat.completion", "created": 1760000000,
        "model": "gpt-4o-mini-2024-07-18",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello, wörld \\u00e9!", "refusal": null, "annotations": []},
          "logprobs": null, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18,
          "prompt_tokens_details": {"cached_tokens": 3, "audio_tokens": 0},
          "completion_tokens_details": {"reasoning_tokens": 0}},
        "service_tier": "default", "system_fingerprint": "fp_1", "x_unknown": {"b": 1.10, "a": 1e2}
      }
      """;

  static final String TOOL_CALL =
      """
      {"id":"chatcmpl-fake2","object":"chat.completion","created":1760000000,"model":"gpt-4o-mini",
      "choices":[{"index":0,"message":{"role":"assistant","content":null,"refusal":null,"tool_calls":[
      {"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"Bern\\"}"}}]},
      "logprobs":null,"finish_reason":"tool_calls"}],
      "usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}
      """;

  static final String IMAGE =
      """
      {"created": 1760000000, "data": [{"b64_json": "iVBORw0KGgo="}],
       "usage": {"input_tokens": 11, "output_tokens": 7, "total_tokens": 18,
         "input_tokens_details": {"text_tokens": 11, "image_tokens": 0}}}
      """;

  static final String RESPONSE =
      """
      {"id": "resp_fake1", "object": "response", "created_at": 1760000000, "status": "completed",
       "error": null, "incomplete_details": null, "instructions": null, "metadata": {},
       "model": "gpt-4o-mini", "parallel_tool_calls": true, "temperature": 1.0, "tool_choice": "auto",
       "tools": [], "top_p": 1.0,
       "output": [{"type": "message", "id": "msg_1", "status": "completed", "role": "assistant",
         "content": [{"type": "output_text", "text": "Hello, wörld", "annotations": []}]}],
       "usage": {"input_tokens": 11, "input_tokens_details": {"cached_tokens": 3},
         "output_tokens": 7, "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 18}}
      """;

  static final List<String> WORDS = List.of("Hello", ",", " wörld", " – ", "ünï", "code", "!");

  private OpenAiAnswers() {}

  static void chat(SeenRequest request, Wire wire) throws IOException {
    if (!request.stream()) {
      boolean tools = request.json().has("tools");
      wire.json(200, tools ? TOOL_CALL : CHAT, "x-request-id: req_openai_1");
      return;
    }
    boolean usage = request.json().path("stream_options").path("include_usage").asBoolean(false);
    wire.streamHead("x-request-id: req_openai_1");
    for (String word : WORDS) {
      wire.chunk(delta(word));
    }
    wire.chunk(finish());
    if (usage) {
      wire.chunk(usageChunk());
    }
    wire.chunk("data: [DONE]\n\n").endChunks();
  }

  /// The events of a whole chat stream, without the usage chunk: what a caller who did not ask for
  /// usage gets.
  static String chatEvents() {
    StringBuilder events = new StringBuilder();
    WORDS.forEach(word -> events.append(delta(word)));
    return events.append(finish()).append("data: [DONE]\n\n").toString();
  }

  static String delta(String text) {
    return """
    data: {"id":"chatcmpl-fake1","object":"chat.completion.chunk","created":1760000000,"model":"gpt-4o-mini","choices":[{"index":0,"delta":{"content":"%s"},"finish_reason":null}],"usage":null,"obfuscation":"x%d"}

    """
        .formatted(text, text.length());
  }

  static String finish() {
    return """
    data: {"id":"chatcmpl-fake1","object":"chat.completion.chunk","created":1760000000,"model":"gpt-4o-mini","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}

    """;
  }

  static String usageChunk() {
    return """
    data: {"id":"chatcmpl-fake1","object":"chat.completion.chunk","created":1760000000,"model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18,"prompt_tokens_details":{"cached_tokens":3}}}

    """;
  }

  static void responses(SeenRequest request, Wire wire) throws IOException {
    if (!request.stream()) {
      wire.json(200, RESPONSE);
      return;
    }
    String whole = RESPONSE.replace("\n", " ").strip();
    wire.streamHead();
    wire.chunk(
        event(
            "response.created",
            "{\"type\":\"response.created\",\"sequence_number\":0,\"response\":"
                + whole
                    .replace("completed", "in_progress")
                    .replaceAll("\"usage\".*", "\"usage\": null}")
                + "}"));
    int sequence = 1;
    for (String word : WORDS) {
      wire.chunk(
          event(
              "response.output_text.delta",
              "{\"type\":\"response.output_text.delta\",\"sequence_number\":%d,\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"logprobs\":[],\"delta\":\"%s\"}"
                  .formatted(sequence++, word)));
    }
    wire.chunk(
        event(
            "response.completed",
            "{\"type\":\"response.completed\",\"sequence_number\":%d,\"response\":%s}"
                .formatted(sequence, whole)));
    wire.endChunks();
  }

  static String event(String name, String data) {
    return "event: " + name + "\ndata: " + data + "\n\n";
  }

  static void embeddings(SeenRequest request, Wire wire) throws IOException {
    boolean base64 = request.json().path("encoding_format").asText("float").equals("base64");
    ByteBuffer floats = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    floats.putFloat(0.5f).putFloat(-0.25f).putFloat(1f);
    String vector =
        base64
            ? "\"" + Base64.getEncoder().encodeToString(floats.array()) + "\""
            : "[0.5, -0.25, 1.0]";
    wire.json(
        200,
        """
        {"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": %s}],
         "model": "text-embedding-3-small", "usage": {"prompt_tokens": 11, "total_tokens": 11}}
        """
            .formatted(vector));
  }
}
