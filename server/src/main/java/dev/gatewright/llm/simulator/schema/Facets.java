package dev.gatewright.llm.simulator.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Schemas that one value has to fit together, with references and `allOf` opened up, and the
/// choices still to be made among them.
///
/// @param schemas objects, each once
/// @param choices in the order met
record Facets(List<JsonNode> schemas, List<Choice> choices) {
  /// `anyOf`, `oneOf` or `if`.
  ///
  /// @param of a schema that holds nothing but the choice, to judge what a branch led to
  /// @param branches what is to be fitted in addition, the first one first
  record Choice(JsonNode of, List<List<JsonNode>> branches) {}

  /// Null when one of them allows nothing.
  static @Nullable Facets of(List<JsonNode> schemas, Refs refs, Work work) {
    return new Facets(List.of(), List.of()).and(schemas, refs, work);
  }

  @Nullable Choice firstChoice() {
    return choices.isEmpty() ? null : choices.getFirst();
  }

  /// These with one branch taken.
  @Nullable Facets with(Choice choice, List<JsonNode> branch, Refs refs, Work work) {
    List<Choice> left = new ArrayList<>(choices);
    left.remove(choice);
    return new Facets(schemas, left).and(branch, refs, work);
  }

  private @Nullable Facets and(List<JsonNode> more, Refs refs, Work work) {
    Set<JsonNode> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<JsonNode> all = new ArrayList<>(schemas);
    seen.addAll(schemas);
    List<Choice> pending = new ArrayList<>(choices);
    List<JsonNode> open = new ArrayList<>(more);
    for (int i = 0; i < open.size(); i++) {
      work.spend(1);
      JsonNode schema = open.get(i);
      if (schema.isBoolean() && !schema.booleanValue()) {
        return null;
      }
      if (!schema.isObject() || !seen.add(schema)) {
        continue;
      }
      all.add(schema);
      if (schema.path("$ref").isTextual()) {
        open.add(refs.at(schema.get("$ref").textValue()));
      }
      schema.path("allOf").forEach(open::add);
      choices(schema, pending);
    }
    return new Facets(all, pending);
  }

  private static void choices(JsonNode schema, List<Choice> into) {
    for (String keyword : List.of("anyOf", "oneOf")) {
      JsonNode branches = schema.path(keyword);
      if (branches.isArray()) {
        List<List<JsonNode>> each = new ArrayList<>();
        // Where one branch allows anything, another says more of what is wanted.
        branches.forEach(branch -> each.add(List.of(branch)));
        each.sort(Comparator.comparing(branch -> allowsAnything(branch.getFirst())));
        into.add(new Choice(only(keyword, branches), each));
      }
    }
    if (schema.has("if")) {
      JsonNode then = schema.path("then");
      JsonNode otherwise = schema.path("else");
      var condition = JsonNodeFactory.instance.objectNode();
      condition.set("if", schema.get("if"));
      if (!then.isMissingNode()) {
        condition.set("then", then);
      }
      if (!otherwise.isMissingNode()) {
        condition.set("else", otherwise);
      }
      List<JsonNode> holds = new ArrayList<>(List.of(schema.get("if")));
      holds.add(then);
      into.add(new Choice(condition, List.of(List.of(otherwise), holds)));
    }
  }

  private static boolean allowsAnything(JsonNode schema) {
    int notes = 0;
    for (String note : List.of("title", "description", "default", "examples")) {
      notes += schema.has(note) ? 1 : 0;
    }
    return schema.size() == notes && !(schema.isBoolean() && !schema.booleanValue());
  }

  private static JsonNode only(String keyword, JsonNode value) {
    return JsonNodeFactory.instance.objectNode().set(keyword, value);
  }
}
