package dev.gatewright.llm.simulator.request;

import dev.gatewright.edge.Refusal;
import dev.gatewright.json.JsonKind;
import dev.gatewright.json.JsonWalker;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The whole numbers of a request, each within the bounds a live provider sets. Confined to one
/// thread.
final class Numbers {
  static final int CHOICES_MAX = 128;
  static final int IMAGES_MAX = 10;
  static final int TOP_LOGPROBS_MAX = 20;
  private static final int DIMENSIONS_MAX = 4_096;
  private static final int DIMENSIONS = 1_536;

  private final Form form;
  private final Map<Mark, Long> numbers = new EnumMap<>(Mark.class);
  private @Nullable Refusal fault;

  Numbers(Form form) {
    this.form = form;
  }

  void number(Mark mark, JsonWalker at) {
    if (at.kind() == JsonKind.NULL) {
      return;
    }
    long low = mark == Mark.TOP_LOGPROBS ? 0 : 1;
    long high =
        switch (mark) {
          case N -> form == Form.IMAGES ? IMAGES_MAX : CHOICES_MAX;
          case TOP_LOGPROBS -> TOP_LOGPROBS_MAX;
          case DIMENSIONS -> DIMENSIONS_MAX;
          default -> Integer.MAX_VALUE;
        };
    long number = at.number();
    if (number < low || number > high) {
      fault =
          Refusal.invalid(
              "%s: %s (expected: a whole number from %d to %d)"
                  .formatted(mark.param(), Tools.cut(at.textStart()), low, high),
              mark.param());
    } else {
      numbers.put(mark, number);
    }
  }

  @Nullable Refusal fault(boolean logprobs) {
    if (fault == null && form == Form.MESSAGES && !numbers.containsKey(Mark.MAX_TOKENS)) {
      fault = Refusal.invalid("max_tokens: Field required", "max_tokens");
    }
    if (fault == null && form == Form.CHAT && numbers.containsKey(Mark.TOP_LOGPROBS) && !logprobs) {
      fault =
          Refusal.invalid(
              "top_logprobs: only allowed where `logprobs` is true (expected: logprobs: true)",
              "top_logprobs");
    }
    return fault;
  }

  int choices() {
    return number(Mark.N, 1);
  }

  /// -1 = none.
  int tokensMax() {
    return number(
        Mark.MAX_COMPLETION_TOKENS, number(Mark.MAX_OUTPUT_TOKENS, number(Mark.MAX_TOKENS, -1)));
  }

  /// -1 = no log probabilities.
  int topLogprobs(boolean logprobs) {
    return logprobs ? number(Mark.TOP_LOGPROBS, 0) : -1;
  }

  int dimensions() {
    return number(Mark.DIMENSIONS, DIMENSIONS);
  }

  private int number(Mark mark, int absent) {
    Long number = numbers.get(mark);
    return number == null ? absent : number.intValue();
  }
}
