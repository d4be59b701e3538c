package dev.gatewright.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.gatewright.edge.Refusal;
import java.io.IOException;
import java.time.Instant;

/// JSON of the REST resources: snake_case, times in RFC 3339; a field nobody knows is an error, and
/// so is whatever another reader could understand differently. Thread-safe.
public final class Json {
  static final int DEPTH_MAX = 32;
  static final int NUMBER_CHARACTERS_MAX = 100;
  static final int NAME_CHARACTERS_MAX = 1_024;

  static final JsonMapper MAPPER = mapper();

  private Json() {}

  private static JsonMapper mapper() {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxNumberLength(NUMBER_CHARACTERS_MAX)
                    .maxNameLength(NAME_CHARACTERS_MAX)
                    .maxStringLength(ApiRoute.BODY_BYTES_MOST)
                    .build())
            // Names of callers are not worth remembering for all time.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();
    JsonMapper.Builder builder =
        JsonMapper.builder(factory)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .addModule(new SimpleModule().addSerializer(Instant.class, new Rfc3339()));
    for (LogicalType type :
        new LogicalType[] {LogicalType.Textual, LogicalType.Integer, LogicalType.Boolean}) {
      builder.withCoercionConfig(
          type,
          coercions -> {
            for (CoercionInputShape shape : CoercionInputShape.values()) {
              coercions.setCoercion(shape, CoercionAction.Fail);
            }
          });
    }
    return builder.build();
  }

  /// Reads a whole document into `type`.
  ///
  /// @throws Problem 400 when it is not JSON, 422 when it does not fit
  public static <T> T read(byte[] body, Class<T> type) {
    JsonNode tree = tree(body);
    if (tree.isNull()) {
      throw Problem.wrong("", "null (expected: an object)");
    }
    try {
      return MAPPER.treeToValue(tree, type);
    } catch (JsonMappingException misfit) {
      throw Faults.misfit(misfit);
    } catch (JsonProcessingException bug) {
      throw new IllegalStateException("a tree is no text", bug);
    }
  }

  /// Reads a whole document.
  ///
  /// @throws Problem 400 when it is not JSON, 422 when it is beyond what any of ours may be
  public static JsonNode tree(byte[] body) {
    String text = JsonCheck.text(body);
    JsonCheck.values(text, body.length);
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException bad) {
      throw new Problem(Refusal.invalid("body: not JSON: " + Faults.firstLine(bad)));
    }
  }

  /// A value of ours as a tree.
  public static JsonNode treeOf(Object value) {
    return MAPPER.valueToTree(value);
  }

  /// A value of ours as text.
  public static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException bug) {
      throw new IllegalStateException("a value of ours could not be written as JSON", bug);
    }
  }

  private static final class Rfc3339 extends JsonSerializer<Instant> {
    @Override
    public void serialize(Instant time, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(time.toString());
    }
  }
}
