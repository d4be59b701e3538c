package dev.gatewright.llm.simulator.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// The `type` keyword: what it allows, and what a schema without it most likely means.
final class Types {
  private static final List<String> ALL =
      List.of("string", "object", "array", "integer", "number", "boolean", "null");

  /// Keywords that speak of one type only, and the type.
  private static final List<List<String>> TELLING =
      List.of(
          List.of("object", "properties", "required", "additionalProperties", "minProperties"),
          List.of("array", "items", "prefixItems", "minItems", "contains", "uniqueItems"),
          List.of("string", "minLength", "maxLength", "pattern", "format"),
          List.of("number", "minimum", "maximum", "exclusiveMinimum", "multipleOf"));

  private Types() {}

  static boolean allow(JsonNode types, JsonNode value) {
    if (types.isTextual()) {
      return is(types.textValue(), value);
    }
    if (!types.isArray()) {
      return true;
    }
    for (JsonNode type : types) {
      if (is(type.asText(), value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean is(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      case "number" -> value.isNumber();
      case "integer" -> value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue());
      default -> false;
    };
  }

  /// Types that all of the schemas allow, the likeliest first.
  static List<String> common(List<JsonNode> schemas) {
    List<String> types = new ArrayList<>(ALL);
    for (JsonNode schema : schemas) {
      JsonNode named = schema.path("type");
      if (named.isTextual() || named.isArray()) {
        types = narrowed(types, named);
      }
    }
    if (types.size() == ALL.size()) {
      for (List<String> telling : TELLING) {
        if (schemas.stream().anyMatch(schema -> telling.stream().skip(1).anyMatch(schema::has))) {
          types.remove(telling.getFirst());
          types.addFirst(telling.getFirst());
          return types;
        }
      }
    }
    return types;
  }

  private static List<String> narrowed(List<String> types, JsonNode named) {
    List<String> kept = new ArrayList<>();
    for (JsonNode type : named.isArray() ? named : List.of(named)) {
      String name = type.asText();
      if (types.contains(name)) {
        kept.add(name);
      } else if (name.equals("number") && types.contains("integer")) {
        kept.add("integer");
      } else if (name.equals("integer") && types.contains("number")) {
        kept.add("integer");
      }
    }
    return kept;
  }
}
