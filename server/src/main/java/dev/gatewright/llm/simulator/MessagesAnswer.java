package dev.gatewright.llm.simulator;

import dev.gatewright.llm.simulator.request.ToolCall;

/// The simulator's answers in the form of Anthropic's messages.
final class MessagesAnswer {
  private final Turn turn;

  MessagesAnswer(Turn turn) {
    this.turn = turn;
  }

  Script script() {
    return turn.asked().stream() ? Script.stream(events()) : Script.whole(whole());
  }

  private Parts whole() {
    ToolCall tool = turn.tool();
    if (tool != null) {
      return new Parts()
          .then(() ->
              ended(
                  block(message(new JsonOut().open()).list("content").open())
                      .name("input")
                      .raw(tool.arguments())
                      .close()
                      .closeList()));
    }
    return new Parts()
        .then(() -> {
          JsonOut out = message(new JsonOut().open()).list("content").open();
          return block(out).name("text").raw("\"");
        })
        .text(turn.text(), turn.end())
        .then(() -> ended(new JsonOut().raw("\"}]")));
  }

  private JsonOut ended(JsonOut out) {
    stop(out);
    return usage(out, turn.tokens()).close();
  }

  private Parts events() {
    Parts parts = new Parts().then(this::start);
    parts.then(() -> {
      JsonOut block = block(event("content_block_start").put("index", 0).open("content_block"));
      block.name(turn.tool() == null ? "text" : "input").raw(turn.tool() == null ? "\"\"" : "{}");
      return Sse.event("content_block_start", block.close().close());
    });
    parts.then(() -> Sse.event("ping", event("ping").close()));
    parts.words(turn.text(), turn.end(), this::delta);
    parts.then(
        () -> Sse.event("content_block_stop", event("content_block_stop").put("index", 0).close()));
    parts.then(() -> {
      JsonOut out = stop(event("message_delta").open("delta")).close();
      return Sse.event("message_delta", deltaUsage(out).close());
    });
    return parts.then(() -> Sse.event("message_stop", event("message_stop").close()));
  }

  private JsonOut start() {
    JsonOut out = message(event("message_start").open("message")).list("content").closeList();
    out.putNull("stop_reason").putNull("stop_sequence").putNull("stop_details");
    return Sse.event("message_start", usage(out, 0).close().close());
  }

  private JsonOut delta(String text, int from, int to) {
    JsonOut out = event("content_block_delta").put("index", 0).open("delta");
    out.put("type", turn.tool() == null ? "text_delta" : "input_json_delta");
    out.name(turn.tool() == null ? "text" : "partial_json").raw("\"");
    return Sse.event("content_block_delta", out.escaped(text, from, to).raw("\"").close().close());
  }

  private JsonOut message(JsonOut out) {
    return out.put("id", "msg_" + turn.id())
        .put("type", "message")
        .put("role", "assistant")
        .put("model", turn.model());
  }

  /// The beginning of the one block.
  private JsonOut block(JsonOut out) {
    ToolCall tool = turn.tool();
    if (tool == null) {
      return out.put("type", "text");
    }
    out.put("type", "tool_use").put("id", "toolu_" + turn.id()).put("name", tool.name());
    return out.open("caller").put("type", "direct").close();
  }

  private JsonOut stop(JsonOut out) {
    String stop = turn.stop();
    String reason =
        switch (turn.finish()) {
          case TOOL -> "tool_use";
          case LENGTH -> "max_tokens";
          case STOP -> stop == null ? "end_turn" : "stop_sequence";
        };
    return out.put("stop_reason", reason).put("stop_sequence", stop).putNull("stop_details");
  }

  private JsonOut usage(JsonOut out, int outputTokens) {
    return tokens(out.open("usage"), outputTokens)
        .open("cache_creation")
        .put("ephemeral_5m_input_tokens", 0)
        .put("ephemeral_1h_input_tokens", 0)
        .close()
        .putNull("inference_geo")
        .put("service_tier", "standard")
        .close();
  }

  private JsonOut deltaUsage(JsonOut out) {
    return tokens(out.open("usage"), turn.tokens()).close();
  }

  private JsonOut tokens(JsonOut out, int outputTokens) {
    return out.put("input_tokens", turn.inputTokens())
        .put("cache_creation_input_tokens", 0)
        .put("cache_read_input_tokens", 0)
        .put("output_tokens", outputTokens)
        .putNull("output_tokens_details")
        .putNull("server_tool_use");
  }

  private static JsonOut event(String type) {
    return new JsonOut().open().put("type", type);
  }
}
