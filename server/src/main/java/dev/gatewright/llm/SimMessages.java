package dev.gatewright.llm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.llm.SimPrompt.ToolCall;

/// The simulator's answers in the form of Anthropic's messages.
final class SimMessages {
  private final SimTurn turn;

  SimMessages(SimTurn turn) {
    this.turn = turn;
  }

  SimScript script(boolean stream) {
    return stream
        ? SimScript.stream(events().iterator(), turn.inputTokens(), turn.tokens())
        : SimScript.whole(Json.bytes(whole()), turn.inputTokens(), turn.tokens());
  }

  private ObjectNode whole() {
    ObjectNode message = message();
    ToolCall call = turn.toolCall();
    ArrayNode content = message.putArray("content");
    if (call == null) {
      content.addObject().put("type", "text").put("text", turn.text());
    } else {
      content.add(toolUse(call).set("input", SimTurn.arguments(call)));
    }
    message.put("stop_reason", stopReason()).putNull("stop_sequence");
    message.set("usage", usage(turn.tokens()));
    return message;
  }

  private SimEvents events() {
    ToolCall call = turn.toolCall();
    SimEvents events = new SimEvents();
    events.then(this::start);
    events.then(() -> {
      ObjectNode block =
          call == null ? Json.object().put("type", "text").put("text", "") : toolUse(call);
      if (call != null) {
        block.putObject("input");
      }
      ObjectNode event = event("content_block_start").put("index", 0);
      event.set("content_block", block);
      return sent(event);
    });
    events.then(() -> sent(event("ping")));
    events.each(turn.pieces(), this::delta);
    events.then(() -> sent(event("content_block_stop").put("index", 0)));
    events.then(this::end);
    return events.then(() -> sent(event("message_stop")));
  }

  private byte[] start() {
    ObjectNode message = message();
    message.putArray("content");
    message.putNull("stop_reason").putNull("stop_sequence");
    message.set("usage", usage(0));
    ObjectNode event = event("message_start");
    event.set("message", message);
    return sent(event);
  }

  private byte[] delta(String piece) {
    ObjectNode event = event("content_block_delta").put("index", 0);
    ObjectNode delta = event.putObject("delta");
    if (turn.toolCall() == null) {
      delta.put("type", "text_delta").put("text", piece);
    } else {
      delta.put("type", "input_json_delta").put("partial_json", piece);
    }
    return sent(event);
  }

  private byte[] end() {
    ObjectNode event = event("message_delta");
    event.putObject("delta").put("stop_reason", stopReason()).putNull("stop_sequence");
    event.putObject("usage").put("output_tokens", turn.tokens());
    return sent(event);
  }

  private ObjectNode message() {
    return Json.object()
        .put("id", "msg_" + turn.id())
        .put("type", "message")
        .put("role", "assistant")
        .put("model", turn.model());
  }

  private ObjectNode toolUse(ToolCall call) {
    return Json.object()
        .put("type", "tool_use")
        .put("id", "toolu_" + turn.id())
        .put("name", call.name());
  }

  private ObjectNode usage(int outputTokens) {
    return Json.object()
        .put("input_tokens", turn.inputTokens())
        .put("cache_creation_input_tokens", 0)
        .put("cache_read_input_tokens", 0)
        .put("output_tokens", outputTokens);
  }

  private String stopReason() {
    return turn.toolCall() != null ? "tool_use" : turn.capped() ? "max_tokens" : "end_turn";
  }

  private static ObjectNode event(String type) {
    return Json.object().put("type", type);
  }

  private static byte[] sent(ObjectNode event) {
    return Sse.event(event.get("type").asText(), event);
  }
}
