package dev.gatewright.llm.simulator;

import dev.gatewright.llm.simulator.request.ToolCall;

/// The simulator's answers in the form of OpenAI's responses. A text stands in a stream five times;
/// each time it leaves in parts.
final class ResponsesAnswer {
  private final Turn turn;
  private final boolean calls;
  private int sequence;

  ResponsesAnswer(Turn turn) {
    this.turn = turn;
    this.calls = turn.tool() != null;
  }

  Script script() {
    return turn.asked().stream()
        ? Script.stream(events())
        : Script.whole(ended(new Parts().then(() -> new JsonOut().raw("{"))));
  }

  private Parts events() {
    Parts parts = new Parts();
    parts.then(() -> begun("response.created")).then(() -> begun("response.in_progress"));
    parts.then(() -> {
      JsonOut out = inOutput("response.output_item.added").open("item");
      out = calls ? call(out, "in_progress").put("arguments", "") : message(out, "in_progress");
      return Sse.event(
          "response.output_item.added", (calls ? out : out.closeList()).close().close());
    });
    if (calls) {
      argumentsCome(parts);
    } else {
      textComes(parts);
    }
    opened(parts, "response.output_item.done", "item", true);
    item(parts);
    closed(parts);
    String last = turn.capped() ? "response.incomplete" : "response.completed";
    opened(parts, last, "response", false);
    return closed(ended(parts));
  }

  private void argumentsCome(Parts parts) {
    String delta = "response.function_call_arguments.delta";
    parts.words(
        turn.text(),
        turn.end(),
        (text, from, to) ->
            Sse.event(
                delta,
                inItem(delta).name("delta").raw("\"").escaped(text, from, to).raw("\"").close()));
    parts.then(() -> {
      String done = "response.function_call_arguments.done";
      ToolCall call = turn.tool();
      return Sse.event(
          done,
          inItem(done)
              .put("name", call == null ? "" : call.name())
              .put("arguments", turn.text())
              .close());
    });
  }

  private void textComes(Parts parts) {
    parts.then(() -> {
      JsonOut out = inPart("response.content_part.added").open("part");
      out.put("type", "output_text").put("text", "").list("annotations").closeList();
      out.list("logprobs").closeList();
      return Sse.event("response.content_part.added", out.close().close());
    });
    String delta = "response.output_text.delta";
    parts.words(
        turn.text(),
        turn.end(),
        (text, from, to) -> {
          JsonOut out = inPart(delta).name("delta").raw("\"").escaped(text, from, to).raw("\"");
          out.list("logprobs").raw(turn.logprobs() ? Logprob.full(turn, from, to) : "");
          return Sse.event(delta, out.closeList().close());
        });
    parts.then(() -> begin("response.output_text.done", inPart("response.output_text.done")));
    text(parts);
    closed(parts);
    parts.then(() -> {
      JsonOut out = inPart("response.content_part.done").open("part");
      out.put("type", "output_text").list("annotations").closeList();
      return begin("response.content_part.done", out);
    });
    text(parts);
    parts.then(() -> new JsonOut().raw("}"));
    closed(parts);
  }

  /// The members `text` and `logprobs`.
  private void text(Parts parts) {
    parts.then(() -> new JsonOut().raw(",\"text\":\"")).text(turn.text(), turn.end());
    parts.then(() -> new JsonOut().raw("\",\"logprobs\":["));
    if (turn.logprobs()) {
      parts.words(
          turn.text(),
          turn.end(),
          (text, from, to) ->
              new JsonOut().raw(from == 0 ? "" : ",").raw(Logprob.full(turn, from, to)));
    }
    parts.then(() -> new JsonOut().raw("]"));
  }

  /// The members of the finished item.
  private void item(Parts parts) {
    String status = turn.capped() ? "incomplete" : "completed";
    if (calls) {
      parts.then(() -> call(new JsonOut(), status).name("arguments").raw("\""));
      parts.text(turn.text(), turn.end()).then(() -> new JsonOut().raw("\"}"));
    } else {
      parts.then(() -> {
        JsonOut out = message(new JsonOut(), status).open().put("type", "output_text");
        return out.list("annotations").closeList();
      });
      text(parts);
      parts.then(() -> new JsonOut().raw("}]}"));
    }
  }

  /// The finished response, but for its opening brace.
  private Parts ended(Parts parts) {
    parts.then(() -> response(new JsonOut(), true).list("output").raw("{"));
    item(parts);
    return parts.then(() -> {
      JsonOut out = rest(new JsonOut().raw("]")).open("usage");
      out.put("input_tokens", turn.inputTokens()).open("input_tokens_details");
      out.put("cached_tokens", 0).put("cache_write_tokens", 0).close();
      out.put("output_tokens", turn.tokens()).open("output_tokens_details");
      out.put("reasoning_tokens", 0).close();
      out.put("total_tokens", turn.inputTokens() + (long) turn.tokens()).close();
      return out.close();
    });
  }

  private JsonOut begun(String type) {
    JsonOut out = response(event(type).open("response"), false).list("output").closeList();
    return Sse.event(type, rest(out).putNull("usage").close().close());
  }

  private JsonOut response(JsonOut out, boolean done) {
    boolean cut = done && turn.capped();
    out.put("id", "resp_" + turn.id())
        .put("object", "response")
        .put("created_at", Simulator.CREATED_SECONDS)
        .put("status", !done ? "in_progress" : cut ? "incomplete" : "completed")
        .put("background", false)
        .putNull("error");
    if (cut) {
      out.open("incomplete_details").put("reason", "max_output_tokens").close();
    } else {
      out.putNull("incomplete_details");
    }
    return out.putNull("instructions").putNull("max_output_tokens").put("model", turn.model());
  }

  private static JsonOut rest(JsonOut out) {
    return out.put("parallel_tool_calls", true)
        .putNull("previous_response_id")
        .put("store", false)
        .name("temperature")
        .raw("1.0")
        .name("top_p")
        .raw("1.0")
        .put("tool_choice", "auto")
        .list("tools")
        .closeList()
        .put("truncation", "disabled")
        .putNull("user")
        .open("metadata")
        .close()
        .open("text")
        .open("format")
        .put("type", "text")
        .close()
        .close();
  }

  private JsonOut call(JsonOut out, String status) {
    ToolCall call = turn.tool();
    return out.put("id", itemId())
        .put("type", "function_call")
        .put("status", status)
        .put("call_id", "call_" + turn.id())
        .put("name", call == null ? "" : call.name());
  }

  /// Up to where its content begins.
  private JsonOut message(JsonOut out, String status) {
    return out.put("id", itemId())
        .put("type", "message")
        .put("status", status)
        .put("role", "assistant")
        .list("content");
  }

  /// An event that holds an object whose members come as further parts.
  private void opened(Parts parts, String type, String name, boolean output) {
    parts.then(() -> begin(type, (output ? inOutput(type) : event(type)).open(name)));
  }

  private static JsonOut begin(String type, JsonOut data) {
    return Sse.begin(type).raw(data.toString());
  }

  private static Parts closed(Parts parts) {
    return parts.then(() -> new JsonOut().raw("}\n\n"));
  }

  private String itemId() {
    return (calls ? "fc_" : "msg_") + turn.id();
  }

  private JsonOut inOutput(String type) {
    return event(type).put("output_index", 0);
  }

  private JsonOut inItem(String type) {
    return inOutput(type).put("item_id", itemId());
  }

  private JsonOut inPart(String type) {
    return inItem(type).put("content_index", 0);
  }

  private JsonOut event(String type) {
    return new JsonOut().open().put("type", type).put("sequence_number", sequence++);
  }
}
