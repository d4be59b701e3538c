package dev.gatewright.llm.simulator.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;

/// The smallest value a JSON schema allows: what is required and nothing else, no deeper than it
/// must be, with numbers, words and choices that a seed decides.
public final class SchemaInstance {
  /// Longer schemas are refused: the bound of the tree that is made of one.
  public static final int SCHEMA_BYTES_MAX = 128 << 10;

  /// Longer instances are refused.
  public static final int CHARS_MAX = 64 << 10;

  private static final int NESTING_MAX = 32;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              com.fasterxml.jackson.core.JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(200)
                          .maxNumberLength(400)
                          .build())
                  .build())
          .build();

  private SchemaInstance() {}

  /// What came of it.
  public sealed interface Made {
    /// The instance, as JSON text.
    record Json(String text) implements Made {}

    /// Why there is none.
    record Refused(String why) implements Made {}
  }

  /// @param schema JSON, at most [#SCHEMA_BYTES_MAX] bytes
  /// @param wish used instead when it is JSON that fits; empty = none
  public static Made of(byte[] schema, long seed, String wish) {
    if (schema.length > SCHEMA_BYTES_MAX) {
      return new Made.Refused(
          "%d bytes (expected: ≤ %d bytes)".formatted(schema.length, SCHEMA_BYTES_MAX));
    }
    try {
      return made(MAPPER.readTree(schema), seed, wish);
    } catch (IOException _) {
      return new Made.Refused(
          "it cannot be read (expected: JSON nested ≤ 200 levels, numbers of ≤ 400 digits)");
    } catch (Work.Exhausted _) {
      return new Made.Refused(
          "no small instance of it was found (expected: one of ≤ %d characters, in ≤ %d steps)"
              .formatted(CHARS_MAX, Work.STEPS_MAX));
    } catch (IllegalArgumentException e) {
      return new Made.Refused(String.valueOf(e.getMessage()));
    }
  }

  private static Made made(JsonNode schema, long seed, String wish) throws IOException {
    Refs refs = new Refs(schema);
    Work work = new Work();
    Fits fits = new Fits(refs, work);
    if (wish.length() <= CHARS_MAX && wish.stripLeading().startsWith("{")) {
      JsonNode wished = wished(wish);
      if (wished.isObject() && fits.fits(schema, wished)) {
        return new Made.Json(wish.strip());
      }
    }
    long next = seed;
    for (Maker.Taste taste : Maker.Taste.values()) {
      for (int nesting = 1; nesting <= NESTING_MAX; nesting++) {
        Maker maker = new Maker(refs, fits, work, taste, nesting);
        JsonNode value = maker.make(List.of(schema), next);
        if (value != null && fits.fits(schema, value)) {
          String text = MAPPER.writeValueAsString(value);
          return text.length() <= CHARS_MAX ? new Made.Json(text) : tooLarge();
        }
        if (!maker.wasTooDeep()) {
          break;
        }
      }
      next += 7;
    }
    return new Made.Refused("no value fits it");
  }

  private static Made tooLarge() {
    throw new Work.Exhausted();
  }

  private static JsonNode wished(String wish) {
    try {
      return MAPPER.readTree(wish);
    } catch (JsonProcessingException _) {
      return MAPPER.nullNode();
    }
  }
}
