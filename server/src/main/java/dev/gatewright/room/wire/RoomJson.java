package dev.gatewright.room.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// JSON as rooms speak it: snake_case, duplicates refused, one document and nothing after it, of a
/// size that a tree of it cannot hurt. Thread-safe.
public final class RoomJson {
  private static final int DEPTH_MAX = 32;
  private static final int NUMBER_CHARACTERS_MAX = 100;
  private static final int NAME_CHARACTERS_MAX = 1_024;

  /// Names and values; 100 of Daily's rooms are some 5,000. As a tree these are 4 MiB at most.
  private static final int TOKENS_MAX = 40_000;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH_MAX)
                          .maxNumberLength(NUMBER_CHARACTERS_MAX)
                          .maxNameLength(NAME_CHARACTERS_MAX)
                          .build())
                  // Names that strangers choose are not worth remembering.
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .build())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private RoomJson() {}

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /// The document in `text`; null when it is not one, or beyond what any of ours is: 32 levels,
  /// 40,000 names and values, names of 1,024 characters.
  public static @Nullable JsonNode parse(String text) {
    try {
      if (!isModest(text)) {
        return null;
      }
      JsonNode node = MAPPER.readTree(text);
      return node == null || node.isMissingNode() ? null : node;
    } catch (JsonProcessingException _) {
      return null;
    }
  }

  /// A tree takes many times its text, so what it would hold is counted first.
  private static boolean isModest(String text) throws JsonProcessingException {
    if (text.length() <= TOKENS_MAX) {
      return true;
    }
    try (JsonParser parser = MAPPER.createParser(text)) {
      int tokens = 0;
      while (parser.nextToken() != null) {
        if (++tokens > TOKENS_MAX) {
          return false;
        }
      }
      return true;
    } catch (JsonProcessingException bad) {
      throw bad;
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  public static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A value of ours could not be written as JSON.", e);
    }
  }

  public static ObjectNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /// Reads a tree that was checked before; one that does not fit is a bug.
  public static <T> T read(JsonNode node, Class<T> type) {
    try {
      return MAPPER.treeToValue(node, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "A checked document does not fit " + type.getSimpleName() + ".", e);
    }
  }
}
