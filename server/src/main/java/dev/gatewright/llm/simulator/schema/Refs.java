package dev.gatewright.llm.simulator.schema;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/// Follows `$ref` inside one document (JSON pointers of RFC 6901). Immutable.
record Refs(JsonNode root) {
  /// @throws IllegalArgumentException when nothing stands there
  JsonNode at(String ref) {
    if (!ref.startsWith("#")) {
      throw new IllegalArgumentException("$ref: %s (expected: #/…)".formatted(cut(ref)));
    }
    JsonNode found = root;
    try {
      String pointer = URLDecoder.decode(ref.substring(1), StandardCharsets.UTF_8);
      found = root.at(JsonPointer.compile(pointer));
    } catch (IllegalArgumentException _) {
      found = root.at("/ no such place");
    }
    if (found.isMissingNode()) {
      throw new IllegalArgumentException("$ref: %s leads nowhere".formatted(cut(ref)));
    }
    return found;
  }

  private static String cut(String ref) {
    return ref.length() <= 200 ? ref : ref.substring(0, 200) + "…";
  }
}
