package dev.gatewright.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// A text of YAML as a tree whose values are the words that stand there: what a value means is said
/// by the setting it is for. YAML itself takes `off` for false, `1.10` for 1.1 and `0.0000001` for
/// 1.0E-7. Loaded only where there is a file: most commands have none to read.
final class YamlTree {
  private static final YAMLFactory YAML =
      YAMLFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
          .build();

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private YamlTree() {}

  /// Missing where there is nothing.
  static JsonNode of(String yaml) throws IOException {
    try (JsonParser parser = YAML.createParser(yaml)) {
      return parser.nextToken() == null ? NODES.missingNode() : node(parser);
    }
  }

  /// On which line each value of a text stands, by its JSON pointer: from 1, a field's by its name.
  static Map<String, Integer> lines(String yaml) throws IOException {
    Map<String, Integer> lines = new HashMap<>();
    try (JsonParser parser = YAML.createParser(yaml)) {
      while (parser.nextToken() != null) {
        lines.putIfAbsent(
            parser.getParsingContext().pathAsPointer().toString(),
            parser.currentTokenLocation().getLineNr());
      }
    }
    return lines;
  }

  /// What begins at the current token. As deep as the parser lets it be.
  private static JsonNode node(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        ObjectNode mapping = NODES.objectNode();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
          parser.nextToken();
          mapping.set(name, node(parser));
        }
        yield mapping;
      }
      case START_ARRAY -> {
        ArrayNode list = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(node(parser));
        }
        yield list;
      }
      case VALUE_NULL -> NODES.nullNode();
      default -> NODES.textNode(parser.getText());
    };
  }
}
