package dev.gatewright.llm.simulator;

import dev.gatewright.llm.simulator.request.ToolCall;
import org.jspecify.annotations.Nullable;

/// The simulator's answers in the form of OpenAI's chat completions.
final class ChatAnswer {
  private final Turn turn;

  ChatAnswer(Turn turn) {
    this.turn = turn;
  }

  Script script() {
    return turn.asked().stream() ? Script.stream(events()) : Script.whole(whole());
  }

  private Parts whole() {
    Parts parts = new Parts().then(() -> answer("chat.completion").list("choices"));
    for (int i = 0; i < turn.choices(); i++) {
      int index = i;
      parts.then(() -> choiceBegins(index)).text(turn.text(), turn.end());
      parts.then(() -> new JsonOut().raw(turn.tool() == null ? "\"" : "\"}}]").raw(afterText()));
      if (turn.logprobs()) {
        parts.then(() -> new JsonOut().raw("{\"content\":["));
        parts.words(
            turn.text(),
            turn.end(),
            (text, from, to) ->
                new JsonOut().raw(from == 0 ? "" : ",").raw(Logprob.full(turn, from, to)));
        parts.then(() -> new JsonOut().raw("],\"refusal\":null}"));
      } else {
        parts.then(() -> new JsonOut().raw("null"));
      }
      parts.then(() -> new JsonOut().raw(",").put("finish_reason", finishReason()).close());
    }
    return parts.then(() -> {
      JsonOut out = new JsonOut().raw("],");
      return usage(out).put("service_tier", "default").putNull("system_fingerprint").close();
    });
  }

  private JsonOut choiceBegins(int index) {
    JsonOut out = new JsonOut().raw(index == 0 ? "" : ",");
    out.raw("{").put("index", index).open("message").put("role", "assistant");
    if (turn.tool() == null) {
      return out.name("content").raw("\"");
    }
    out.putNull("content").list("tool_calls");
    return toolCall(out, turn.tool(), index).raw("\"");
  }

  private static String afterText() {
    return ",\"refusal\":null,\"annotations\":[]},\"logprobs\":";
  }

  private Parts events() {
    Parts parts = new Parts();
    for (int i = 0; i < turn.choices(); i++) {
      int index = i;
      ToolCall tool = turn.tool();
      if (tool == null) {
        parts.then(() -> chunk(index, "\"role\":\"assistant\",\"content\":\"\",\"refusal\":null"));
        parts.words(
            turn.text(),
            turn.end(),
            (text, from, to) ->
                Sse.event(
                    null,
                    chunk(
                        index,
                        new JsonOut().raw("\"content\":\"").escaped(text, from, to).raw("\""),
                        turn.logprobs() ? Logprob.full(turn, from, to) : null,
                        null)));
      } else {
        parts.then(() -> {
          JsonOut delta = new JsonOut().raw("\"role\":\"assistant\",\"content\":null");
          toolCall(delta.list("tool_calls"), tool, index).raw("\"\"},\"index\":0}]");
          return Sse.event(null, chunk(index, delta, null, null));
        });
        parts.words(
            turn.text(),
            turn.end(),
            (text, from, to) ->
                Sse.event(
                    null,
                    chunk(
                        index,
                        new JsonOut()
                            .raw("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"")
                            .escaped(text, from, to)
                            .raw("\"}}]"),
                        null,
                        null)));
      }
      parts.then(() -> Sse.event(null, chunk(index, new JsonOut(), null, finishReason())));
    }
    if (turn.asked().usageAsked()) {
      parts.then(() -> {
        JsonOut out = answer("chat.completion.chunk").list("choices").closeList();
        return Sse.event(null, usage(out).close());
      });
    }
    return parts.then(() -> new JsonOut().raw("data: [DONE]\n\n"));
  }

  private JsonOut chunk(int index, String delta) {
    return Sse.event(null, chunk(index, new JsonOut().raw(delta), null, null));
  }

  private JsonOut chunk(
      int index, JsonOut delta, @Nullable String logprob, @Nullable String finishReason) {
    JsonOut out = answer("chat.completion.chunk").list("choices").open().put("index", index);
    out.open("delta").raw(delta.toString()).close().name("logprobs");
    out.raw(logprob == null ? "null" : "{\"content\":[" + logprob + "],\"refusal\":null}");
    out.put("finish_reason", finishReason).close().closeList();
    return (turn.asked().usageAsked() ? out.putNull("usage") : out).close();
  }

  private JsonOut answer(String object) {
    return new JsonOut()
        .open()
        .put("id", "chatcmpl-" + turn.id())
        .put("object", object)
        .put("created", Simulator.CREATED_SECONDS)
        .put("model", turn.model());
  }

  /// Up to where the arguments begin.
  private JsonOut toolCall(JsonOut out, ToolCall call, int index) {
    String id = "call_" + turn.id() + (index == 0 ? "" : "_" + index);
    return out.open()
        .put("id", id)
        .put("type", "function")
        .open("function")
        .put("name", call.name())
        .name("arguments");
  }

  private String finishReason() {
    return switch (turn.finish()) {
      case TOOL -> "tool_calls";
      case LENGTH -> "length";
      case STOP -> "stop";
    };
  }

  private JsonOut usage(JsonOut out) {
    return out.open("usage")
        .put("prompt_tokens", turn.inputTokens())
        .put("completion_tokens", turn.outputTokens())
        .put("total_tokens", turn.totalTokens())
        .open("prompt_tokens_details")
        .put("cached_tokens", 0)
        .put("cache_write_tokens", 0)
        .put("audio_tokens", 0)
        .close()
        .open("completion_tokens_details")
        .put("reasoning_tokens", 0)
        .put("audio_tokens", 0)
        .put("accepted_prediction_tokens", 0)
        .put("rejected_prediction_tokens", 0)
        .close()
        .close();
  }
}
