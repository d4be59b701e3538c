package dev.gatewright.llm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.llm.SimPrompt.ToolCall;
import org.jspecify.annotations.Nullable;

/// The simulator's answers in the form of OpenAI's chat completions.
final class SimChat {
  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(UTF_8);

  private final SimTurn turn;

  SimChat(SimTurn turn) {
    this.turn = turn;
  }

  SimScript script(boolean stream) {
    return stream
        ? SimScript.stream(events().iterator(), turn.inputTokens(), turn.outputTokens())
        : SimScript.whole(Json.bytes(whole()), turn.inputTokens(), turn.outputTokens());
  }

  private ObjectNode whole() {
    ObjectNode answer = answer("chat.completion");
    ArrayNode choices = answer.putArray("choices");
    for (int i = 0; i < turn.choices(); i++) {
      ObjectNode choice = choices.addObject().put("index", i);
      ObjectNode message = choice.putObject("message").put("role", "assistant");
      if (turn.toolCall() == null) {
        message.put("content", turn.text());
      } else {
        message.putNull("content");
        message.putArray("tool_calls").add(toolCall(turn.toolCall(), turn.toolCall().arguments()));
      }
      message.putNull("refusal");
      choice.putNull("logprobs").put("finish_reason", finishReason());
    }
    answer.set("usage", usage());
    return answer;
  }

  private SimEvents events() {
    SimEvents events = new SimEvents();
    for (int i = 0; i < turn.choices(); i++) {
      int index = i;
      ToolCall call = turn.toolCall();
      ObjectNode first = Json.object().put("role", "assistant");
      if (call == null) {
        events.then(() -> chunk(index, first.put("content", ""), null));
        events.each(
            turn.pieces(), piece -> chunk(index, Json.object().put("content", piece), null));
      } else {
        first.putNull("content").putArray("tool_calls").add(toolCall(call, "").put("index", 0));
        events.then(() -> chunk(index, first, null));
        events.each(turn.pieces(), piece -> chunk(index, arguments(piece), null));
      }
      events.then(() -> chunk(index, Json.object(), finishReason()));
    }
    if (turn.usageAsked()) {
      ObjectNode last = answer("chat.completion.chunk");
      last.putArray("choices");
      last.set("usage", usage());
      events.then(() -> Sse.event(null, last));
    }
    return events.then(DONE::clone);
  }

  private byte[] chunk(int index, ObjectNode delta, @Nullable String finishReason) {
    ObjectNode chunk = answer("chat.completion.chunk");
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", index);
    choice.set("delta", delta);
    choice.putNull("logprobs").put("finish_reason", finishReason);
    if (turn.usageAsked()) {
      chunk.putNull("usage");
    }
    return Sse.event(null, chunk);
  }

  private ObjectNode answer(String object) {
    return Json.object()
        .put("id", "chatcmpl-" + turn.id())
        .put("object", object)
        .put("created", Simulator.CREATED_SECONDS)
        .put("model", turn.model());
  }

  private ObjectNode toolCall(ToolCall call, String arguments) {
    ObjectNode node = Json.object().put("id", "call_" + turn.id()).put("type", "function");
    node.putObject("function").put("name", call.name()).put("arguments", arguments);
    return node;
  }

  private static ObjectNode arguments(String piece) {
    ObjectNode delta = Json.object();
    ObjectNode call = delta.putArray("tool_calls").addObject().put("index", 0);
    call.putObject("function").put("arguments", piece);
    return delta;
  }

  private String finishReason() {
    return turn.toolCall() != null ? "tool_calls" : turn.capped() ? "length" : "stop";
  }

  private ObjectNode usage() {
    ObjectNode usage =
        Json.object()
            .put("prompt_tokens", turn.inputTokens())
            .put("completion_tokens", turn.outputTokens())
            .put("total_tokens", turn.totalTokens());
    usage.putObject("prompt_tokens_details").put("cached_tokens", 0).put("audio_tokens", 0);
    usage.putObject("completion_tokens_details").put("reasoning_tokens", 0).put("audio_tokens", 0);
    return usage;
  }
}
