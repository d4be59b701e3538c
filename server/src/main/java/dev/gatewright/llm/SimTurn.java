package dev.gatewright.llm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.llm.SimPrompt.ToolCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the simulator answers, before it has a dialect's form.
///
/// @param model the name asked for; it comes back
/// @param pieces the text, a word a piece
/// @param capped the text was cut at the output cap
/// @param toolCall instead of a text; null = none
/// @param choices how often the answer is given
/// @param id deterministic; the dialect puts its prefix before it
record SimTurn(
    String model,
    List<String> pieces,
    boolean capped,
    @Nullable ToolCall toolCall,
    int choices,
    int inputTokens,
    boolean usageAsked,
    String id) {
  private static final int STORY_WORDS = 50;
  private static final int CHOICES_MAX = 16;

  static SimTurn of(PeekedBody peeked, SimPrompt prompt, SimOptions options) {
    List<String> pieces = pieces(peeked, prompt, options);
    long cap = peeked.outputTokensMax();
    boolean capped = cap >= 0 && cap < pieces.size() && prompt.toolCall() == null;
    return new SimTurn(
        peeked.model(),
        capped ? pieces.subList(0, (int) cap) : pieces,
        capped,
        prompt.toolCall(),
        Math.clamp(peeked.choices(), 1, CHOICES_MAX),
        prompt.words(),
        peeked.usageAsked(),
        "sim%016x".formatted(SimNoise.hash(peeked.model() + '\n' + prompt.text())));
  }

  private static List<String> pieces(PeekedBody peeked, SimPrompt prompt, SimOptions options) {
    if (prompt.toolCall() != null) {
      return SimWords.split(prompt.toolCall().arguments());
    }
    int wanted = options.tokens();
    if (peeked.model().equals(Simulator.STORY)) {
      return SimWords.story(wanted >= 0 ? wanted : STORY_WORDS);
    }
    List<String> echo = SimWords.split(prompt.text());
    if (wanted < 0) {
      return echo;
    }
    return wanted <= echo.size() ? echo.subList(0, wanted) : SimWords.story(wanted);
  }

  String text() {
    return String.join("", pieces);
  }

  /// Tokens of one choice.
  int tokens() {
    return pieces.size();
  }

  long outputTokens() {
    return (long) tokens() * choices;
  }

  long totalTokens() {
    return inputTokens + outputTokens();
  }

  /// For the tests of tools: the arguments as a tree.
  static JsonNode arguments(ToolCall call) {
    return Json.treeOrEmpty(call.arguments());
  }
}
