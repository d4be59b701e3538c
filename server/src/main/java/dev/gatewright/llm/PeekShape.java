package dev.gatewright.llm;

import static dev.gatewright.json.JsonShape.array;
import static dev.gatewright.json.JsonShape.member;
import static dev.gatewright.json.JsonShape.object;
import static dev.gatewright.json.JsonShape.place;
import static dev.gatewright.json.JsonShape.text;

import dev.gatewright.json.JsonShape;

/// Every path of a request's body we act on, of all endpoints together: a name that means something
/// on one endpoint means nothing harmful on another. Fields that name state kept at the provider
/// are listed by path, not by name, so a `file_id` in a tool's schema stays the caller's own
/// affair.
final class PeekShape {
  static final int MODEL = 1;
  static final int STREAM = 2;
  static final int STREAM_OPTIONS = 3;
  static final int INCLUDE_USAGE = 4;
  static final int OUTPUT_CAP = 5;
  static final int CHOICES = 6;
  static final int TOOL = 7;
  static final int ROOT = 8;

  /// State wherever the value is not null; the marks from here on index [#STATE_PATHS].
  static final int STATE = 16;

  static final int BACKGROUND = 32;
  static final int TOOL_CONTAINER = 33;
  static final int ITEM = 34;
  static final int ITEM_TYPE = 35;
  static final int ITEM_ROLE = 36;
  static final int ITEM_ID = 37;

  /// What the marks [#STATE] … stand for, as a caller reads it in a refusal.
  private static final String[] STATE_PATHS = {
    "previous_response_id",
    "conversation",
    "prompt.id",
    "container",
    "tools[].vector_store_ids",
    "messages[].content[].file.file_id",
    "messages[].content[].source.file_id",
    "input[].content[].file_id",
    "input[].output[].file_id",
  };

  static final JsonShape REQUEST = request();

  private PeekShape() {}

  static String statePath(int mark) {
    return STATE_PATHS[mark - STATE];
  }

  static boolean isState(int mark) {
    return mark >= STATE && mark < STATE + STATE_PATHS.length;
  }

  private static JsonShape state(String path) {
    for (int i = 0; i < STATE_PATHS.length; i++) {
      if (STATE_PATHS[i].equals(path)) {
        return place(STATE + i);
      }
    }
    throw new IllegalArgumentException(path);
  }

  private static JsonShape request() {
    return object(
            member("model", text(MODEL)),
            member("stream", place(STREAM)),
            member("messages", array(object(member("content", content())))),
            member("input", array(item().marked(ITEM))),
            member("max_tokens", text(OUTPUT_CAP)),
            member("max_completion_tokens", text(OUTPUT_CAP)),
            member("max_output_tokens", text(OUTPUT_CAP)),
            member("n", text(CHOICES)),
            member(
                "stream_options",
                object(member("include_usage", place(INCLUDE_USAGE))).marked(STREAM_OPTIONS)),
            member("tools", array(tool().marked(TOOL))),
            member("previous_response_id", state("previous_response_id")),
            member("conversation", state("conversation")),
            member("background", place(BACKGROUND)),
            member("prompt", object(member("id", state("prompt.id")))),
            member("container", state("container")))
        .marked(ROOT);
  }

  /// Content parts of a message; an Anthropic `tool_result` holds parts of its own.
  private static JsonShape content() {
    JsonShape source = object(member("file_id", state("messages[].content[].source.file_id")));
    JsonShape file = object(member("file_id", state("messages[].content[].file.file_id")));
    JsonShape inner = array(object(member("file", file), member("source", source)));
    return array(object(member("file", file), member("source", source), member("content", inner)));
  }

  private static JsonShape item() {
    return object(
        member("type", text(ITEM_TYPE)),
        member("role", place(ITEM_ROLE)),
        member("id", place(ITEM_ID)),
        member("content", array(object(member("file_id", state("input[].content[].file_id"))))),
        member("output", array(object(member("file_id", state("input[].output[].file_id"))))));
  }

  private static JsonShape tool() {
    return object(
        member("container", place(TOOL_CONTAINER)),
        member("vector_store_ids", state("tools[].vector_store_ids")));
  }
}
