package dev.gatewright.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/// Answers test keys: deterministic, with exact usage, on every endpoint, under every name. Never
/// calls anybody. `sim/story` tells a story; every other name echoes the last user text. A request
/// with tools whose last text is `call:NAME {json}` is answered with that call.
final class Simulator {
  static final String ECHO = "sim/echo";
  static final String STORY = "sim/story";

  /// The names worth listing.
  static final List<String> MODELS = List.of(ECHO, STORY);

  /// Stands wherever a dialect wants a time: an answer must not differ from one day to the next.
  static final long CREATED_SECONDS = 1_767_225_600;

  private static final String PREFIX = "sim/";

  private Simulator() {}

  /// The name belongs to the simulator alone: live keys do not reach it.
  static boolean answers(String model) {
    return model.startsWith(PREFIX);
  }

  /// @param json the request's body, accepted by the peek
  static SimScript script(Endpoint endpoint, PeekedBody peeked, byte[] json, SimOptions options) {
    JsonNode body = Json.tree(json);
    SimPrompt prompt = SimPrompt.of(endpoint, body);
    return switch (endpoint) {
      case CHAT -> new SimChat(SimTurn.of(peeked, prompt, options)).script(peeked.stream());
      case RESPONSES ->
          new SimResponses(SimTurn.of(peeked, prompt, options)).script(peeked.stream());
      case MESSAGES -> new SimMessages(SimTurn.of(peeked, prompt, options)).script(peeked.stream());
      case COUNT_TOKENS ->
          SimScript.whole(Json.bytes(Json.object().put("input_tokens", prompt.words())), 0, 0);
      case EMBEDDINGS -> SimEmbeddings.script(peeked.model(), body, prompt.words());
      case IMAGES -> SimImages.script(peeked, body, prompt.words());
    };
  }
}
