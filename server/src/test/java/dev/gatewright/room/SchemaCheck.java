package dev.gatewright.room;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.room.wire.RoomJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Checks JSON against the part of JSON Schema our schema files use.
public final class SchemaCheck {
  private final JsonNode schemas;
  private final boolean nulls;

  private SchemaCheck(JsonNode schemas, boolean nulls) {
    this.schemas = schemas;
    this.nulls = nulls;
  }

  /// @param file under `room/schema/`
  public static SchemaCheck of(String file) {
    try (InputStream in = SchemaCheck.class.getResourceAsStream("/room/schema/" + file)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return new SchemaCheck(Objects.requireNonNull(RoomJson.parse(text)), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The same, where null unsets a property.
  public SchemaCheck withNulls() {
    return new SchemaCheck(schemas, true);
  }

  /// What is wrong; empty when nothing is.
  public List<String> faults(String schema, JsonNode value) {
    List<String> faults = new ArrayList<>();
    check(schemas.path(schema), value, "", faults);
    return faults;
  }

  private void check(JsonNode schema, JsonNode value, String at, List<String> faults) {
    if (nulls && value.isNull()) {
      return;
    }
    if (schema.isMissingNode()) {
      faults.add(at + ": no schema");
    } else if (schema.has("oneOf")) {
      long fitting =
          schema
              .path("oneOf")
              .valueStream()
              .filter(each -> {
                List<String> own = new ArrayList<>();
                check(each, value, at, own);
                return own.isEmpty();
              })
              .count();
      if (fitting != 1) {
        faults.add(at + ": fits " + fitting + " of oneOf");
      }
    } else if (schema.has("enum")) {
      if (schema.path("enum").valueStream().noneMatch(value::equals)) {
        faults.add(at + ": " + value + " is not in " + schema.path("enum"));
      }
    } else {
      typed(schema, value, at, faults);
    }
  }

  private void typed(JsonNode schema, JsonNode value, String at, List<String> faults) {
    boolean fits =
        switch (schema.path("type").asText()) {
          case "object" -> value.isObject();
          case "array" -> value.isArray();
          case "string" -> value.isTextual();
          case "boolean" -> value.isBoolean();
          case "integer" -> value.isIntegralNumber();
          case "number" -> value.isNumber();
          default -> throw new IllegalStateException("schema at " + at);
        };
    if (!fits) {
      faults.add(at + ": " + value + " is no " + schema.path("type").asText());
      return;
    }
    if (value.isNumber()
        && ((schema.has("minimum") && value.asLong() < schema.path("minimum").asLong())
            || (schema.has("maximum") && value.asLong() > schema.path("maximum").asLong()))) {
      faults.add(at + ": " + value + " is out of range");
    }
    if (schema.has("maxLength") && value.asText().length() > schema.path("maxLength").asInt()) {
      faults.add(at + ": too long");
    }
    for (JsonNode required : schema.path("required")) {
      if (!value.has(required.asText())) {
        faults.add(at + "/" + required.asText() + ": missing");
      }
    }
    if (value.isObject() && schema.has("properties")) {
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        JsonNode below = schema.path("properties").path(field.getKey());
        if (below.isMissingNode()) {
          faults.add(at + "/" + field.getKey() + ": unknown property");
        } else {
          check(below, field.getValue(), at + "/" + field.getKey(), faults);
        }
      }
    }
    if (value.isArray() && schema.has("items")) {
      value.forEach(item -> check(schema.path("items"), item, at + "/-", faults));
    }
  }
}
