package dev.gatewright.llm.simulator;

import dev.gatewright.llm.simulator.request.Asked;
import dev.gatewright.llm.simulator.request.ToolCall;
import org.jspecify.annotations.Nullable;

/// What the simulator answers, before it has a dialect's form.
///
/// @param asked what it answers
/// @param text the answer's, or the arguments of the tool's call
/// @param end where the text ends
/// @param tokens of one choice
/// @param finish why it ends there
/// @param stop the stop text it ended before; null = none
/// @param tool called instead of a text; null = none
record Turn(
    Asked asked,
    String text,
    int end,
    int tokens,
    Finish finish,
    @Nullable String stop,
    @Nullable ToolCall tool) {

  enum Finish {
    /// The text was whole, or a stop text came.
    STOP,
    /// The text was cut at the output cap.
    LENGTH,
    TOOL
  }

  String model() {
    return asked.model();
  }

  String id() {
    return asked.id();
  }

  int choices() {
    return asked.choices();
  }

  int inputTokens() {
    return asked.words();
  }

  long outputTokens() {
    return (long) tokens * choices();
  }

  long totalTokens() {
    return inputTokens() + outputTokens();
  }

  boolean capped() {
    return finish == Finish.LENGTH;
  }

  boolean logprobs() {
    return asked.topLogprobs() >= 0 && tool == null;
  }
}
