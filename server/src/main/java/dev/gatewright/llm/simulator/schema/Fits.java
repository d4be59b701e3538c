package dev.gatewright.llm.simulator.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;

/// Does a value fit a schema? Knows drafts 4 to 2020-12 but for `pattern`, `format`,
/// `patternProperties` and `unevaluated*`, which it takes for granted: matching a caller's pattern
/// could take for ever. Confined to one thread.
final class Fits {
  private static final int DEPTH_MAX = 100;

  private final Refs refs;
  private final Work work;
  private int depth;

  Fits(Refs refs, Work work) {
    this.refs = refs;
    this.work = work;
  }

  boolean fits(JsonNode schema, JsonNode value) {
    work.spend(1);
    if (schema.isBoolean() || !schema.isObject() || depth >= DEPTH_MAX) {
      return !schema.isBoolean() || schema.booleanValue();
    }
    depth++;
    try {
      return Types.allow(schema.path("type"), value)
          && listed(schema, value)
          && combined(schema, value)
          && switch (value.getNodeType()) {
            case OBJECT -> object(schema, value);
            case ARRAY -> array(schema, value);
            case STRING -> string(schema, value.textValue());
            case NUMBER -> NumberRange.of(schema).holds(value.doubleValue());
            default -> true;
          };
    } finally {
      depth--;
    }
  }

  private boolean listed(JsonNode schema, JsonNode value) {
    if (schema.has("const") && !same(schema.get("const"), value)) {
      return false;
    }
    JsonNode values = schema.path("enum");
    work.spend(values.size());
    return !values.isArray() || any(values, one -> same(one, value));
  }

  static boolean same(JsonNode one, JsonNode other) {
    return (one.isNumber() && other.isNumber())
        ? one.doubleValue() == other.doubleValue()
        : one.equals(other);
  }

  private boolean combined(JsonNode schema, JsonNode value) {
    if (schema.path("$ref").isTextual() && !fits(refs.at(schema.get("$ref").textValue()), value)) {
      return false;
    }
    for (JsonNode part : schema.path("allOf")) {
      if (!fits(part, value)) {
        return false;
      }
    }
    if (schema.path("anyOf").isArray() && !any(schema.get("anyOf"), one -> fits(one, value))) {
      return false;
    }
    if (schema.path("oneOf").isArray() && fitting(schema.get("oneOf"), value) != 1) {
      return false;
    }
    if (schema.has("not") && fits(schema.get("not"), value)) {
      return false;
    }
    if (schema.has("if")) {
      String branch = fits(schema.get("if"), value) ? "then" : "else";
      return !schema.has(branch) || fits(schema.get(branch), value);
    }
    return true;
  }

  private long fitting(JsonNode schemas, JsonNode value) {
    return StreamSupport.stream(schemas.spliterator(), false)
        .filter(one -> fits(one, value))
        .count();
  }

  private boolean object(JsonNode schema, JsonNode value) {
    for (JsonNode name : schema.path("required")) {
      work.spend(1);
      if (name.isTextual() && !value.has(name.textValue())) {
        return false;
      }
    }
    if (value.size() < schema.path("minProperties").asInt(0)
        || value.size() > schema.path("maxProperties").asInt(Integer.MAX_VALUE)) {
      return false;
    }
    JsonNode properties = schema.path("properties");
    JsonNode others =
        schema.has("patternProperties")
            ? schema.path("nothing")
            : schema.path("additionalProperties");
    for (Map.Entry<String, JsonNode> member : value.properties()) {
      JsonNode known = properties.path(member.getKey());
      if (!fits(known.isMissingNode() ? others : known, member.getValue())) {
        return false;
      }
      for (JsonNode other : schema.path("dependentRequired").path(member.getKey())) {
        if (!value.has(other.asText())) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean array(JsonNode schema, JsonNode value) {
    if (value.size() < schema.path("minItems").asInt(0)
        || value.size() > schema.path("maxItems").asInt(Integer.MAX_VALUE)) {
      return false;
    }
    for (int i = 0; i < value.size(); i++) {
      if (!fits(Items.at(schema, i), value.get(i))) {
        return false;
      }
    }
    if (schema.path("uniqueItems").asBoolean(false)) {
      Set<JsonNode> seen = new HashSet<>();
      for (JsonNode one : value) {
        if (!seen.add(one)) {
          return false;
        }
      }
    }
    return !schema.has("contains")
        || StreamSupport.stream(value.spliterator(), false)
                .filter(one -> fits(schema.get("contains"), one))
                .count()
            >= schema.path("minContains").asInt(1);
  }

  private static boolean string(JsonNode schema, String text) {
    int length = text.codePointCount(0, text.length());
    return length >= schema.path("minLength").asInt(0)
        && length <= schema.path("maxLength").asInt(Integer.MAX_VALUE);
  }

  private static boolean any(JsonNode all, java.util.function.Predicate<JsonNode> test) {
    for (JsonNode one : all) {
      if (test.test(one)) {
        return true;
      }
    }
    return false;
  }
}
