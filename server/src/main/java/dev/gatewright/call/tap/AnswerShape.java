package dev.gatewright.call.tap;

import static dev.gatewright.json.JsonShape.array;
import static dev.gatewright.json.JsonShape.member;
import static dev.gatewright.json.JsonShape.object;
import static dev.gatewright.json.JsonShape.place;
import static dev.gatewright.json.JsonShape.text;

import dev.gatewright.json.JsonShape;
import dev.gatewright.json.JsonShape.Member;

/// Where an answer, one of its lines or one of its events says what it used, what was written and
/// how it ends: one shape for all, for a name that means something to one means nothing harmful to
/// another. Sources: the API references of OpenAI and Anthropic and of the self-hosted projects,
/// 2026.
final class AnswerShape {
  static final int USAGE = 1;

  /// A usage object that does not stand where the dialect has it, such as `x_groq.usage`.
  static final int USAGE_ASIDE = 2;

  /// Of Anthropic's first event: its output is a guess.
  static final int USAGE_BEGUN = 3;

  static final int PROMPT = 4;
  static final int INPUT = 5;
  static final int OUTPUT = 6;
  static final int TOTAL = 7;

  /// Read from a cache, and a part of the input.
  static final int CACHED = 8;

  /// Anthropic's form counts what came from the cache, and what went there, beside the input.
  static final int CACHE_READ = 9;

  static final int CACHE_WRITTEN = 10;
  static final int CACHE_WRITTEN_INSIDE = 11;
  static final int REASONING = 12;

  /// Parts of the numbers above, priced apart: written to a cache for an hour, sound and pictures.
  static final int CACHE_WRITTEN_1H = 13;

  static final int INPUT_AUDIO = 14;
  static final int INPUT_IMAGE = 15;
  static final int OUTPUT_AUDIO = 16;
  static final int OUTPUT_IMAGE = 17;

  /// Fees beside the tokens.
  static final int WEB_SEARCHES = 18;

  /// Outside any usage object.
  static final int PLAIN_INPUT = 19;

  static final int PLAIN_OUTPUT = 20;
  static final int SECONDS = 21;

  /// A piece of what the model has written.
  static final int TEXT = 22;

  /// The same where it may be an object: a tool's arguments.
  static final int TREE = 23;

  static final int IMAGE = 24;
  static final int PICTURE = 25;
  static final int CHOICES = 26;
  static final int TYPE = 27;
  static final int OBJECT = 28;
  static final int FINISH = 29;
  static final int DONE = 30;
  static final int ERROR = 31;
  static final int ERROR_TYPE = 32;
  static final int ERROR_CODE = 33;
  static final int ERROR_MESSAGE = 34;
  static final int STATUS_CODE = 35;

  /// A member that is none of those a usage chunk consists of.
  static final int OTHER = 36;

  /// By which tier the provider served it, and so bills it.
  static final int TIER = 37;

  /// What an item of the output is, in a whole answer and in an event.
  static final int ITEM_TYPE = 38;

  static final int ITEM_EVENT = 39;

  /// Characters without a meaning, another number of them in each event.
  static final int PADDING = 40;

  /// Which event of its stream it is.
  static final int COUNT = 41;

  /// Which model has answered, as the provider calls it.
  static final int MODEL = 42;

  static final JsonShape ANSWER = answer();

  private AnswerShape() {}

  private static JsonShape answer() {
    JsonShape aside = usage().marked(USAGE_ASIDE);
    JsonShape message =
        written(member("usage", usage().marked(USAGE_BEGUN)), member("model", text(MODEL)));
    JsonShape delta = written(member("stop_reason", text(FINISH))).marked(TEXT);
    JsonShape choice =
        object(
            member("delta", delta),
            member("message", written()),
            member("text", place(TEXT)),
            member("finish_reason", text(FINISH)),
            member("usage", aside));
    JsonShape response =
        object(
                member("usage", usage().marked(USAGE)),
                member("service_tier", text(TIER)),
                member("model", text(MODEL)),
                member("error", error()))
            .marked(TEXT);
    return object(
            // What a usage chunk has beside its usage.
            member("id", object()),
            member("created", object()),
            member("model", text(MODEL)),
            member("system_fingerprint", object()),
            member("service_tier", text(TIER)),
            member("obfuscation", place(PADDING)),
            member("provider", object()),
            member("object", text(OBJECT)),
            member("choices", array(choice).marked(CHOICES)),
            member("usage", usage().marked(USAGE)),
            // The other dialects.
            member("type", text(TYPE)),
            member("sequence_number", place(COUNT)),
            member("message", message),
            member("response", response),
            member("delta", delta),
            member("content", content()),
            member("output", array(item())),
            member("item", object(member("type", text(ITEM_EVENT))).marked(OTHER)),
            member("thinking", place(TEXT)),
            member("meta", object(member("billed_units", usage().marked(USAGE_ASIDE)))),
            member("prompt_eval_count", text(PLAIN_INPUT)),
            member("eval_count", text(PLAIN_OUTPUT)),
            member("tokens_evaluated", text(PLAIN_INPUT)),
            member("tokens_predicted", text(PLAIN_OUTPUT)),
            member("done", place(DONE)),
            member("stop_reason", text(FINISH)),
            member("duration", text(SECONDS)),
            member("images", array(place(IMAGE))),
            member("data", array(place(IMAGE))),
            member("b64_json", place(PICTURE)),
            // Failures.
            member("error", error()),
            member("code", text(ERROR_CODE)),
            member("base_resp", object(member("status_code", text(STATUS_CODE)))),
            // An echo of what the caller said is no evidence.
            member("metadata", place(OTHER)))
        .others(object(member("usage", aside)).marked(OTHER));
  }

  private static JsonShape error() {
    return object(
            member("type", text(ERROR_TYPE)),
            member("code", text(ERROR_CODE)),
            member("message", text(ERROR_MESSAGE)))
        .orText(ERROR);
  }

  private static JsonShape content() {
    return place(TEXT)
        .orArrayOf(
            object(
                member("text", place(TEXT)),
                member("thinking", place(TEXT).orArrayOf(object(member("text", place(TEXT))))),
                member("input", object().marked(TREE))));
  }

  private static JsonShape item() {
    return object(
        member("type", text(ITEM_TYPE)),
        member("content", content()),
        member("arguments", object().marked(TREE)),
        member("input", place(TEXT)));
  }

  private static JsonShape written(Member... more) {
    JsonShape function =
        object(member("name", place(TEXT)), member("arguments", object().marked(TREE)));
    Member[] members = {
      member("content", content()),
      member("reasoning_content", place(TEXT)),
      member("reasoning", place(TEXT)),
      member("thinking", place(TEXT)),
      member("text", place(TEXT)),
      member("refusal", place(TEXT)),
      member("partial_json", place(TEXT)),
      member("tool_calls", array(object(member("function", function)))),
      member("function_call", function)
    };
    Member[] all = java.util.Arrays.copyOf(members, members.length + more.length);
    System.arraycopy(more, 0, all, members.length, more.length);
    return object(all);
  }

  private static JsonShape usage() {
    JsonShape ofInput =
        object(
            member("cached_tokens", text(CACHED)),
            member("audio_tokens", text(INPUT_AUDIO)),
            member("image_tokens", text(INPUT_IMAGE)),
            member("cache_write_tokens", text(CACHE_WRITTEN_INSIDE)),
            member("cache_creation_tokens", text(CACHE_WRITTEN_INSIDE)),
            member("cache_creation_input_tokens", text(CACHE_WRITTEN_INSIDE)));
    JsonShape ofOutput =
        object(
            member("reasoning_tokens", text(REASONING)),
            member("audio_tokens", text(OUTPUT_AUDIO)),
            member("image_tokens", text(OUTPUT_IMAGE)));
    return object(
        member("prompt_tokens", text(PROMPT)),
        member("input_tokens", text(INPUT)),
        member("completion_tokens", text(OUTPUT)),
        member("output_tokens", text(OUTPUT)),
        member("total_tokens", text(TOTAL)),
        member("cache_read_input_tokens", text(CACHE_READ)),
        member("cache_creation_input_tokens", text(CACHE_WRITTEN)),
        member(
            "cache_creation", object(member("ephemeral_1h_input_tokens", text(CACHE_WRITTEN_1H)))),
        member("server_tool_use", object(member("web_search_requests", text(WEB_SEARCHES)))),
        member("service_tier", text(TIER)),
        member("prompt_cache_hit_tokens", text(CACHED)),
        member("cached_tokens", text(CACHED)),
        member("num_cached_tokens", text(CACHED)),
        member("reasoning_tokens", text(REASONING)),
        member("prompt_tokens_details", ofInput),
        member("prompt_token_details", ofInput),
        member("input_tokens_details", ofInput),
        member("completion_tokens_details", ofOutput),
        member("output_tokens_details", ofOutput),
        member(
            "billed_units",
            object(member("input_tokens", text(INPUT)), member("output_tokens", text(OUTPUT)))),
        member("seconds", text(SECONDS)));
  }
}
