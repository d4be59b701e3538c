package dev.gatewright.service;

import static dev.gatewright.json.JsonShape.array;
import static dev.gatewright.json.JsonShape.member;
import static dev.gatewright.json.JsonShape.object;
import static dev.gatewright.json.JsonShape.place;
import static dev.gatewright.json.JsonShape.text;

import dev.gatewright.json.JsonShape;

/// Where an answer, one of its lines or one of its events says what it used: one shape for all
/// backends, for a name that means something to one means nothing harmful to another. Sources: the
/// projects' own references, August 2026.
final class AnswerShape {
  static final int INPUT = 1;
  static final int OUTPUT = 2;
  static final int CACHED = 3;
  static final int REASONING = 4;

  /// Anthropic's form counts what came from the cache beside the input.
  static final int CACHE_READ = 5;

  static final int CACHE_WRITTEN = 6;

  /// A piece of what the model has written.
  static final int TEXT = 7;

  static final int SECONDS = 8;
  static final int ERROR = 9;

  /// An element of a list of pictures, where the endpoint makes some.
  static final int IMAGE = 10;

  static final JsonShape ANSWER = answer();

  private AnswerShape() {}

  private static JsonShape answer() {
    JsonShape usage = usage();
    JsonShape parts = array(object(member("text", place(TEXT))));
    JsonShape message =
        object(
            member("content", place(TEXT)),
            member("thinking", place(TEXT)),
            member("reasoning", place(TEXT)),
            member("reasoning_content", place(TEXT)),
            member("usage", begun()));
    JsonShape delta =
        object(
                member("content", place(TEXT)),
                member("reasoning_content", place(TEXT)),
                member("reasoning", place(TEXT)),
                member("text", place(TEXT)),
                member("thinking", place(TEXT)),
                member("partial_json", place(TEXT)))
            .marked(TEXT);
    JsonShape choice =
        object(member("delta", delta), member("message", message), member("text", place(TEXT)));
    return object(
        member("prompt_eval_count", text(INPUT)),
        member("eval_count", text(OUTPUT)),
        member("tokens_evaluated", text(INPUT)),
        member("tokens_predicted", text(OUTPUT)),
        member("message", message),
        member("response", object(member("usage", usage)).marked(TEXT)),
        member("thinking", place(TEXT)),
        member("choices", array(choice)),
        member("delta", delta),
        member("content", place(TEXT).orArrayOf(object(member("text", place(TEXT))))),
        member("output", array(object(member("content", parts)))),
        member("usage", usage),
        member("duration", text(SECONDS)),
        member("images", array(place(IMAGE))),
        member("data", array(place(IMAGE))),
        member("error", place(ERROR)));
  }

  /// Anthropic's first event says a first guess at the output, which is no final word.
  private static JsonShape begun() {
    return object(
        member("input_tokens", text(INPUT)),
        member("cache_read_input_tokens", text(CACHE_READ)),
        member("cache_creation_input_tokens", text(CACHE_WRITTEN)));
  }

  private static JsonShape usage() {
    return object(
        member("prompt_tokens", text(INPUT)),
        member("completion_tokens", text(OUTPUT)),
        member("input_tokens", text(INPUT)),
        member("output_tokens", text(OUTPUT)),
        member("seconds", text(SECONDS)),
        member("cache_read_input_tokens", text(CACHE_READ)),
        member("cache_creation_input_tokens", text(CACHE_WRITTEN)),
        member("prompt_tokens_details", object(member("cached_tokens", text(CACHED)))),
        member("input_tokens_details", object(member("cached_tokens", text(CACHED)))),
        member("completion_tokens_details", object(member("reasoning_tokens", text(REASONING)))),
        member("output_tokens_details", object(member("reasoning_tokens", text(REASONING)))));
  }
}
