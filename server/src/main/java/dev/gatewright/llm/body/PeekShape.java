package dev.gatewright.llm.body;

import static dev.gatewright.json.JsonShape.anywhere;
import static dev.gatewright.json.JsonShape.member;
import static dev.gatewright.json.JsonShape.object;
import static dev.gatewright.json.JsonShape.place;
import static dev.gatewright.json.JsonShape.text;

import dev.gatewright.json.JsonShape;
import dev.gatewright.json.JsonShape.Member;
import java.util.ArrayList;
import java.util.List;

/// Every member of a request's body we act on, of all endpoints together: a name that means
/// something on one endpoint means nothing harmful on another. State kept at the provider is known
/// by its name, at any depth below messages, input and tools; below schemas and a tool's arguments
/// the same names are the caller's own affair.
final class PeekShape {
  static final int MODEL = 1;
  static final int STREAM = 2;
  static final int STREAM_OPTIONS = 3;
  static final int INCLUDE_USAGE = 4;
  static final int OUTPUT_CAP = 5;
  static final int CHOICES = 6;
  static final int TOOL = 7;
  static final int ROOT = 8;
  static final int BACKGROUND = 9;

  /// A container's name, or an object that asks for a new one.
  static final int CONTAINER = 10;

  static final int ITEM = 11;
  static final int ITEM_TYPE = 12;
  static final int ITEM_ROLE = 13;
  static final int ITEM_ID = 14;
  static final int ITEM_RESULT = 15;

  /// A picture, a sound or a document, or where there is one.
  static final int ATTACHMENT = 16;

  static final int TIER = 17;
  static final int COMPLETION_CAP = 18;
  static final int OUTPUT_TOKENS_CAP = 19;

  /// State wherever the value is not empty; the marks from here on index [#STATE_PATHS].
  private static final int STATE = 32;

  /// Names of things that a provider keeps for whoever has its credential. Sources: the API
  /// references of OpenAI and Anthropic, 2026.
  private static final List<String> KEPT =
      List.of(
          "file_id", "file_ids", "container_id", "vector_store_id", "vector_store_ids", "skill_id");

  /// What stands below these is the caller's own.
  private static final List<String> OWN =
      List.of(
          "schema",
          "parameters",
          "properties",
          "input_schema",
          "output_schema",
          "json_schema",
          "input_examples",
          "input",
          "arguments",
          "metadata",
          "env");

  /// What the marks [#STATE] … stand for, as a caller reads it in a refusal.
  private static final List<String> STATE_PATHS = new ArrayList<>();

  static final JsonShape REQUEST = request();

  private PeekShape() {}

  /// Null for the marks of anything else.
  static @org.jspecify.annotations.Nullable String statePath(int mark) {
    return mark < STATE ? null : STATE_PATHS.get(mark - STATE);
  }

  private static JsonShape state(String path) {
    STATE_PATHS.add(path);
    return place(STATE + STATE_PATHS.size() - 1);
  }

  private static JsonShape request() {
    return object(
            member("model", text(MODEL)),
            member("stream", place(STREAM)),
            member("messages", anywhere(below("messages", true))),
            member("input", input()),
            member("max_tokens", text(OUTPUT_CAP)),
            member("max_completion_tokens", text(COMPLETION_CAP)),
            member("max_output_tokens", text(OUTPUT_TOKENS_CAP)),
            member("n", text(CHOICES)),
            member("service_tier", text(TIER)),
            member(
                "stream_options",
                object(member("include_usage", place(INCLUDE_USAGE))).marked(STREAM_OPTIONS)),
            member("tools", tools()),
            member("previous_response_id", state("previous_response_id")),
            member("conversation", state("conversation")),
            member("background", place(BACKGROUND)),
            member("prompt", object(member("id", state("prompt.id")))),
            member("container", state("container")))
        .marked(ROOT);
  }

  private static JsonShape input() {
    Member[] below = below("input", true);
    JsonShape deep = anywhere(below);
    JsonShape item =
        object(
                with(
                    below,
                    member("type", deep.orText(ITEM_TYPE)),
                    member("role", deep.marked(ITEM_ROLE)),
                    member("id", deep.marked(ITEM_ID)),
                    member("result", deep.marked(ITEM_RESULT))))
            .others(deep)
            .orArrayOf(deep)
            .marked(ITEM);
    return object(below).others(deep).orArrayOf(item);
  }

  private static JsonShape tools() {
    Member[] below = below("tools", false);
    JsonShape deep = anywhere(below);
    JsonShape tool = object(below).others(deep).orArrayOf(deep).marked(TOOL);
    return object(below).others(deep).orArrayOf(tool);
  }

  /// @param top the member of the body that this stands below
  /// @param attachments it may hold some
  private static Member[] below(String top, boolean attachments) {
    List<Member> members = new ArrayList<>();
    for (String name : KEPT) {
      members.add(member(name, state("%s[]…%s".formatted(top, name))));
    }
    for (String name : OWN) {
      members.add(member(name, object()));
    }
    Member[] kept = members.toArray(Member[]::new);
    members.add(member("container", anywhere(kept).marked(CONTAINER)));
    if (attachments) {
      JsonShape data = text(ATTACHMENT);
      members.add(
          member("image_url", anywhere(with(kept, member("url", data))).orText(ATTACHMENT)));
      members.add(member("input_audio", anywhere(with(kept, member("data", data)))));
      members.add(
          member("source", anywhere(with(kept, member("data", data), member("url", data)))));
      members.add(member("file_data", data));
      members.add(member("file_url", data));
      members.add(member("audio", object(member("id", state(top + "[]…audio.id")))));
    }
    return members.toArray(Member[]::new);
  }

  private static Member[] with(Member[] members, Member... more) {
    Member[] all = java.util.Arrays.copyOf(members, members.length + more.length);
    System.arraycopy(more, 0, all, members.length, more.length);
    return all;
  }
}
