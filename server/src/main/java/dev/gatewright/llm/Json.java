package dev.gatewright.llm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;

/// Trees for what we write ourselves: errors, lists of models, the simulator's answers. What passes
/// through never becomes a tree.
final class Json {
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads a body a [BodyPeek] has accepted.
  static JsonNode tree(byte[] json) {
    try {
      return MAPPER.readTree(json);
    } catch (java.io.IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A text that should be a JSON object; an empty one when it is not.
  static JsonNode treeOrEmpty(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      return object();
    }
  }
}
