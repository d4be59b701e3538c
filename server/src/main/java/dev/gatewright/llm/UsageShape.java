package dev.gatewright.llm;

import static dev.gatewright.json.JsonShape.array;
import static dev.gatewright.json.JsonShape.member;
import static dev.gatewright.json.JsonShape.object;
import static dev.gatewright.json.JsonShape.place;
import static dev.gatewright.json.JsonShape.text;

import dev.gatewright.json.JsonShape;
import dev.gatewright.json.JsonShape.Member;

/// Where an answer carries its usage and its text: of a streamed answer the shape of one event's
/// data, of a whole answer the shape of its body. Sources: the API references of OpenAI and
/// Anthropic, 2026.
final class UsageShape {
  static final int USAGE = 1;
  static final int INPUT = 2;
  static final int OUTPUT = 3;
  static final int CACHED = 4;
  static final int CACHE_WRITTEN = 5;
  static final int REASONING = 6;

  /// A piece of what the model has written; its length counts where the provider reports nothing.
  static final int TEXT = 7;

  static final int CHOICES = 8;

  private static final JsonShape CHAT_USAGE =
      object(
              member("prompt_tokens", text(INPUT)),
              member("completion_tokens", text(OUTPUT)),
              member("prompt_tokens_details", object(member("cached_tokens", text(CACHED)))),
              member(
                  "completion_tokens_details", object(member("reasoning_tokens", text(REASONING)))))
          .marked(USAGE);

  private static final JsonShape RESPONSES_USAGE =
      object(
              member("input_tokens", text(INPUT)),
              member("output_tokens", text(OUTPUT)),
              member("input_tokens_details", object(member("cached_tokens", text(CACHED)))),
              member("output_tokens_details", object(member("reasoning_tokens", text(REASONING)))))
          .marked(USAGE);

  private static final JsonShape MESSAGES_USAGE =
      object(
          member("input_tokens", text(INPUT)),
          member("output_tokens", text(OUTPUT)),
          member("cache_read_input_tokens", text(CACHED)),
          member("cache_creation_input_tokens", text(CACHE_WRITTEN)));

  private static final JsonShape CHAT_EVENT = chat("delta");
  private static final JsonShape CHAT_ANSWER = chat("message");

  private static final JsonShape RESPONSES_EVENT =
      object(
          member("delta", place(TEXT)),
          member("response", object(member("usage", RESPONSES_USAGE))));
  private static final JsonShape RESPONSES_ANSWER =
      object(
          member(
              "output",
              array(
                  object(
                      member("content", array(object(member("text", place(TEXT))))),
                      member("arguments", place(TEXT))))),
          member("usage", RESPONSES_USAGE));

  /// `message_start` carries the input's tokens and a first guess at the output's; only the usage
  /// of `message_delta` is final.
  private static final JsonShape MESSAGES_EVENT =
      object(
          member("message", object(member("usage", MESSAGES_USAGE))),
          member("delta", object(texts("text", "thinking", "partial_json"))),
          member("usage", MESSAGES_USAGE.marked(USAGE)));

  private static final JsonShape MESSAGES_ANSWER =
      object(
          member("content", array(object(texts("text", "thinking")))),
          member("usage", MESSAGES_USAGE.marked(USAGE)));

  private static final JsonShape EMBEDDINGS_ANSWER = object(member("usage", CHAT_USAGE));
  private static final JsonShape IMAGES_ANSWER = object(member("usage", RESPONSES_USAGE));

  private UsageShape() {}

  static JsonShape ofEvent(Endpoint endpoint) {
    return switch (endpoint) {
      case CHAT -> CHAT_EVENT;
      case RESPONSES -> RESPONSES_EVENT;
      case MESSAGES -> MESSAGES_EVENT;
      case EMBEDDINGS -> EMBEDDINGS_ANSWER;
      case IMAGES -> IMAGES_ANSWER;
      case COUNT_TOKENS -> object();
    };
  }

  static JsonShape ofAnswer(Endpoint endpoint) {
    return switch (endpoint) {
      case CHAT -> CHAT_ANSWER;
      case RESPONSES -> RESPONSES_ANSWER;
      case MESSAGES -> MESSAGES_ANSWER;
      case EMBEDDINGS -> EMBEDDINGS_ANSWER;
      case IMAGES -> IMAGES_ANSWER;
      case COUNT_TOKENS -> object();
    };
  }

  private static JsonShape chat(String carrier) {
    JsonShape call = object(member("function", object(texts("name", "arguments"))));
    JsonShape written =
        object(
            member("content", place(TEXT)),
            member("tool_calls", array(call)),
            member("reasoning_content", place(TEXT)),
            member("reasoning", place(TEXT)),
            member("refusal", place(TEXT)));
    return object(
        member("choices", array(object(member(carrier, written))).marked(CHOICES)),
        member("usage", CHAT_USAGE));
  }

  private static Member[] texts(String... names) {
    Member[] members = new Member[names.length];
    for (int i = 0; i < names.length; i++) {
      members[i] = member(names[i], place(TEXT));
    }
    return members;
  }
}
