package dev.gatewright.key.migration.file;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import java.io.IOException;

/// Reads the value a parser stands at, whole, so that a fault in it is a fault of its row alone.
final class RowTree {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY).build();

  private RowTree() {}

  /// @throws FieldText.Wrong when a field comes twice: nobody can say which of the two holds
  static JsonNode read(JsonParser parser) throws IOException, FieldText.Wrong {
    try (TokenBuffer row = new TokenBuffer(parser)) {
      row.copyCurrentStructure(parser);
      try {
        JsonNode tree = JSON.readTree(row.asParserOnFirstToken());
        return tree == null ? NullNode.instance : tree;
      } catch (JsonMappingException twice) {
        throw new FieldText.Wrong("a field is there twice (expected: each once)");
      }
    }
  }
}
