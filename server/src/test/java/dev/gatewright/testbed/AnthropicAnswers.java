package dev.gatewright.testbed;

import java.io.IOException;

/// Anthropic's documented wire forms. Usage is always the same: 11 tokens in, 3 of them read from
/// the cache (so 8 uncached), 7 out.
final class AnthropicAnswers {
  static final String MESSAGE =
      """
      {"id": "msg_fake1", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5",
       "content": [{"type": "text", "text": "Hello, wörld"}],
       "stop_reason": "end_turn", "stop_sequence": null, "x_unknown": [1.10],
       "usage": {"input_tokens": 8, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 3,
         "output_tokens": 7, "service_tier": "standard"}}
      """;

  static final String TOOL_USE =
      """
      {"id": "msg_fake2", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5",
       "content": [{"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"city": "Bern"}}],
       "stop_reason": "tool_use", "stop_sequence": null,
       "usage": {"input_tokens": 8, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 3,
         "output_tokens": 7}}
      """;

  private AnthropicAnswers() {}

  static void messages(SeenRequest request, Wire wire) throws IOException {
    if (!request.stream()) {
      wire.json(
          200, request.json().has("tools") ? TOOL_USE : MESSAGE, "request-id: req_anthropic_1");
      return;
    }
    wire.streamHead("request-id: req_anthropic_1");
    for (String event : events()) {
      wire.chunk(event);
    }
    wire.endChunks();
  }

  /// A whole message stream; output usage is cumulative, as documented.
  static String[] events() {
    return new String[] {
      event(
          "message_start",
          "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_fake1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":8,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":3,\"output_tokens\":1}}}"),
      event(
          "content_block_start",
          "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}"),
      event("ping", "{\"type\": \"ping\"}"),
      delta("Hello"),
      delta(", wörld"),
      event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}"),
      event(
          "message_delta",
          "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":7}}"),
      event("message_stop", "{\"type\":\"message_stop\"}"),
    };
  }

  static String delta(String text) {
    return event(
        "content_block_delta",
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"%s\"}}"
            .formatted(text));
  }

  private static String event(String name, String data) {
    return OpenAiAnswers.event(name, data);
  }
}
