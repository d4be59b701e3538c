package dev.gatewright.llm.simulator.request;

import static dev.gatewright.json.JsonShape.array;
import static dev.gatewright.json.JsonShape.member;
import static dev.gatewright.json.JsonShape.object;

import dev.gatewright.json.JsonShape;

/// Where in a request of each form stands what the simulator acts on (API references of November
/// 2026).
final class RequestShape {
  private static final JsonShape CHAT = chat();
  private static final JsonShape RESPONSES = responses();
  private static final JsonShape MESSAGES = messages();
  private static final JsonShape EMBEDDINGS = embeddings();
  private static final JsonShape IMAGES =
      object(
          member("model", Mark.MODEL.text()),
          member("stream", Mark.STREAM.place()),
          member("prompt", Mark.PROMPT.place()),
          member("n", Mark.N.text()));

  private RequestShape() {}

  static JsonShape of(Form form) {
    return switch (form) {
      case CHAT -> CHAT;
      case RESPONSES -> RESPONSES;
      case MESSAGES, COUNT_TOKENS -> MESSAGES;
      case EMBEDDINGS -> EMBEDDINGS;
      case IMAGES -> IMAGES;
    };
  }

  private static JsonShape chat() {
    JsonShape function =
        object(
            member("name", Mark.TOOL_NAME.text()), member("parameters", Mark.TOOL_SCHEMA.place()));
    JsonShape allowed =
        array(object(member("function", object(member("name", Mark.ALLOWED_NAME.text())))));
    return object(
        member("model", Mark.MODEL.text()),
        member("stream", Mark.STREAM.place()),
        member("stream_options", object(member("include_usage", Mark.INCLUDE_USAGE.place()))),
        member("n", Mark.N.text()),
        member("max_tokens", Mark.MAX_TOKENS.text()),
        member("max_completion_tokens", Mark.MAX_COMPLETION_TOKENS.text()),
        member("stop", Mark.STOP.text().orArrayOf(Mark.STOP.text())),
        member("logprobs", Mark.LOGPROBS.place()),
        member("top_logprobs", Mark.TOP_LOGPROBS.text()),
        member("messages", turns(member("content", content()))),
        member("tools", array(tool(member("function", function), member("custom", function)))),
        member(
            "tool_choice",
            choice(
                member("type", Mark.CHOICE_TYPE.text()),
                member("function", object(member("name", Mark.CHOICE_NAME.text()))),
                member("custom", object(member("name", Mark.CHOICE_NAME.text()))),
                member(
                    "allowed_tools",
                    object(member("mode", Mark.CHOICE_MODE.text()), member("tools", allowed))))),
        member(
            "response_format",
            object(
                member("type", Mark.FORMAT_TYPE.text()),
                member(
                    "json_schema",
                    object(
                        member("name", Mark.FORMAT_NAME.text()),
                        member("schema", Mark.FORMAT_SCHEMA.place()))))));
  }

  private static JsonShape responses() {
    JsonShape format =
        object(
            member("type", Mark.FORMAT_TYPE.text()),
            member("name", Mark.FORMAT_NAME.text()),
            member("schema", Mark.FORMAT_SCHEMA.place()));
    JsonShape input =
        turns(
            member("type", Mark.TYPE.text()),
            member("content", content()),
            member("output", result()));
    return object(
        member("model", Mark.MODEL.text()),
        member("stream", Mark.STREAM.place()),
        member("max_output_tokens", Mark.MAX_OUTPUT_TOKENS.text()),
        member("top_logprobs", Mark.TOP_LOGPROBS.text()),
        member("include", array(Mark.INCLUDE.text())),
        member("instructions", Mark.SYSTEM.place()),
        member("input", input),
        member(
            "tools",
            array(
                tool(
                    member("name", Mark.TOOL_NAME.text()),
                    member("parameters", Mark.TOOL_SCHEMA.place())))),
        member(
            "tool_choice",
            choice(
                member("type", Mark.CHOICE_TYPE.text()),
                member("name", Mark.CHOICE_NAME.text()),
                member("mode", Mark.CHOICE_MODE.text()),
                member("tools", array(object(member("name", Mark.ALLOWED_NAME.text())))))),
        member("text", object(member("format", format))));
  }

  private static JsonShape messages() {
    JsonShape format =
        object(
            member("type", Mark.FORMAT_TYPE.text()), member("schema", Mark.FORMAT_SCHEMA.place()));
    return object(
        member("model", Mark.MODEL.text()),
        member("stream", Mark.STREAM.place()),
        member("max_tokens", Mark.MAX_TOKENS.text()),
        member("stop_sequences", array(Mark.STOP.text())),
        member("system", Mark.SYSTEM.place().orArrayOf(texts(Mark.SYSTEM))),
        member("messages", turns(member("content", content()))),
        member(
            "tools",
            array(
                tool(
                    member("name", Mark.TOOL_NAME.text()),
                    member("input_schema", Mark.TOOL_SCHEMA.place())))),
        member(
            "tool_choice",
            object(
                member("type", Mark.CHOICE_TYPE.text()), member("name", Mark.CHOICE_NAME.text()))),
        member("output_config", object(member("format", format))),
        member("output_format", format));
  }

  private static JsonShape embeddings() {
    return object(
        member("model", Mark.MODEL.text()),
        member(
            "input",
            Mark.INPUT
                .place()
                .orArrayOf(Mark.INPUT_ONE.place().orArrayOf(Mark.INPUT_TOKEN.place()))),
        member("encoding_format", Mark.ENCODING_FORMAT.text()),
        member("dimensions", Mark.DIMENSIONS.text()));
  }

  private static JsonShape turns(JsonShape.Member... members) {
    JsonShape.Member[] all = new JsonShape.Member[members.length + 1];
    all[0] = member("role", Mark.ROLE.text());
    System.arraycopy(members, 0, all, 1, members.length);
    return Mark.MESSAGES.place().orArrayOf(object(all).marked(Mark.MESSAGE.mark()));
  }

  /// A text or a list of parts; a `tool_result` holds texts of its own.
  private static JsonShape content() {
    return Mark.CONTENT
        .place()
        .orArrayOf(object(member("text", Mark.CONTENT.place()), member("content", result())));
  }

  private static JsonShape result() {
    return Mark.RESULT.place().orArrayOf(texts(Mark.RESULT));
  }

  private static JsonShape texts(Mark mark) {
    return object(member("text", mark.place()));
  }

  /// A word, or an object.
  private static JsonShape choice(JsonShape.Member... members) {
    return object(members).orText(Mark.CHOICE.mark());
  }

  private static JsonShape tool(JsonShape.Member... members) {
    return object(members).marked(Mark.TOOL.mark());
  }
}
