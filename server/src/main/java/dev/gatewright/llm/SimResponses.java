package dev.gatewright.llm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.llm.SimPrompt.ToolCall;

/// The simulator's answers in the form of OpenAI's responses.
final class SimResponses {
  private final SimTurn turn;
  private final boolean calls;
  private int sequence;

  SimResponses(SimTurn turn) {
    this.turn = turn;
    this.calls = turn.toolCall() != null;
  }

  SimScript script(boolean stream) {
    return stream
        ? SimScript.stream(events().iterator(), turn.inputTokens(), turn.tokens())
        : SimScript.whole(Json.bytes(response(true)), turn.inputTokens(), turn.tokens());
  }

  private SimEvents events() {
    SimEvents events = new SimEvents();
    events.then(() -> carrying("response.created", "response", response(false)));
    events.then(() -> carrying("response.in_progress", "response", response(false)));
    events.then(() -> item("response.output_item.added", false));
    if (calls) {
      events.each(
          turn.pieces(),
          piece -> sent(inItem("response.function_call_arguments.delta").put("delta", piece)));
      events.then(() ->
          sent(inItem("response.function_call_arguments.done").put("arguments", turn.text())));
    } else {
      events.then(() -> part("response.content_part.added", ""));
      events.each(turn.pieces(), this::delta);
      events.then(() -> sent(inPart("response.output_text.done").put("text", turn.text())));
      events.then(() -> part("response.content_part.done", turn.text()));
    }
    events.then(() -> item("response.output_item.done", true));
    return events.then(() ->
        carrying(
            turn.capped() ? "response.incomplete" : "response.completed",
            "response",
            response(true)));
  }

  private byte[] delta(String piece) {
    ObjectNode event = inPart("response.output_text.delta").put("delta", piece);
    event.putArray("logprobs");
    return sent(event);
  }

  private byte[] item(String type, boolean done) {
    ObjectNode event = event(type).put("output_index", 0);
    event.set("item", item(done));
    return sent(event);
  }

  private byte[] part(String type, String text) {
    ObjectNode event = inPart(type);
    event.set("part", textPart(text));
    return sent(event);
  }

  private byte[] carrying(String type, String name, ObjectNode value) {
    ObjectNode event = event(type);
    event.set(name, value);
    return sent(event);
  }

  private ObjectNode response(boolean done) {
    ObjectNode response =
        Json.object()
            .put("id", "resp_" + turn.id())
            .put("object", "response")
            .put("created_at", Simulator.CREATED_SECONDS)
            .put("status", !done ? "in_progress" : turn.capped() ? "incomplete" : "completed")
            .put("background", false)
            .putNull("error");
    if (done && turn.capped()) {
      response.putObject("incomplete_details").put("reason", "max_output_tokens");
    } else {
      response.putNull("incomplete_details");
    }
    response.putNull("instructions").putNull("max_output_tokens").put("model", turn.model());
    var output = response.putArray("output");
    if (done) {
      output.add(item(true));
    }
    response.put("parallel_tool_calls", true).putNull("previous_response_id");
    response.put("store", false).put("temperature", 1.0).put("top_p", 1.0);
    response.put("tool_choice", "auto").putArray("tools");
    response.put("truncation", "disabled").putNull("user").putObject("metadata");
    response.putObject("text").putObject("format").put("type", "text");
    if (done) {
      response.set("usage", usage());
    } else {
      response.putNull("usage");
    }
    return response;
  }

  private ObjectNode item(boolean done) {
    ObjectNode item = Json.object();
    String status = done ? "completed" : "in_progress";
    ToolCall call = turn.toolCall();
    if (call != null) {
      return item.put("id", itemId())
          .put("type", "function_call")
          .put("status", status)
          .put("call_id", "call_" + turn.id())
          .put("name", call.name())
          .put("arguments", done ? call.arguments() : "");
    }
    item.put("id", itemId()).put("type", "message").put("status", status);
    item.put("role", "assistant");
    var content = item.putArray("content");
    if (done) {
      content.add(textPart(turn.text()));
    }
    return item;
  }

  private static ObjectNode textPart(String text) {
    ObjectNode part = Json.object().put("type", "output_text").put("text", text);
    part.putArray("annotations");
    part.putArray("logprobs");
    return part;
  }

  private ObjectNode usage() {
    ObjectNode usage = Json.object().put("input_tokens", turn.inputTokens());
    usage.putObject("input_tokens_details").put("cached_tokens", 0);
    usage.put("output_tokens", turn.tokens());
    usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
    return usage.put("total_tokens", turn.inputTokens() + turn.tokens());
  }

  private String itemId() {
    return (calls ? "fc_" : "msg_") + turn.id();
  }

  private ObjectNode inItem(String type) {
    return event(type).put("item_id", itemId()).put("output_index", 0);
  }

  private ObjectNode inPart(String type) {
    return inItem(type).put("content_index", 0);
  }

  private ObjectNode event(String type) {
    return Json.object().put("type", type).put("sequence_number", sequence++);
  }

  private static byte[] sent(ObjectNode event) {
    return Sse.event(event.get("type").asText(), event);
  }
}
