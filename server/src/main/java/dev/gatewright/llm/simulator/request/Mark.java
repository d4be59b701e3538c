package dev.gatewright.llm.simulator.request;

import dev.gatewright.json.JsonShape;
import java.util.List;
import java.util.Locale;

/// The places of a request the simulator acts on.
enum Mark {
  MODEL,
  STREAM,
  INCLUDE_USAGE,
  N,
  MAX_TOKENS,
  MAX_COMPLETION_TOKENS,
  MAX_OUTPUT_TOKENS,
  STOP,
  LOGPROBS,
  TOP_LOGPROBS,
  INCLUDE,
  MESSAGES,
  MESSAGE,
  ROLE,
  TYPE,
  CONTENT,
  RESULT,
  SYSTEM,
  TOOL,
  TOOL_NAME,
  TOOL_SCHEMA,
  CHOICE,
  CHOICE_TYPE,
  CHOICE_NAME,
  CHOICE_MODE,
  ALLOWED_NAME,
  FORMAT_TYPE,
  FORMAT_NAME,
  FORMAT_SCHEMA,
  INPUT,
  INPUT_ONE,
  INPUT_TOKEN,
  ENCODING_FORMAT,
  DIMENSIONS,
  PROMPT;

  private static final List<Mark> ALL = List.of(values());

  static Mark of(int mark) {
    return ALL.get(mark - 1);
  }

  int mark() {
    return ALL.indexOf(this) + 1;
  }

  /// Kind and place of the value are told.
  JsonShape place() {
    return JsonShape.place(mark());
  }

  /// A scalar's text as well.
  JsonShape text() {
    return JsonShape.text(mark());
  }

  /// The member's name, where it is the mark's.
  String param() {
    return name().toLowerCase(Locale.ROOT);
  }
}
