package dev.gatewright.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// Rules as JSON: `[{"effect":"allow","type":"models","values":["fast"]}]`, in the database and in
/// answers. Thread-safe.
public final class RulesCodec {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RulesCodec() {}

  public static ArrayNode toJson(List<Rule> rules) {
    ArrayNode array = JSON.createArrayNode();
    for (Rule rule : rules) {
      ObjectNode node = array.addObject();
      node.put("effect", rule.effect().word());
      node.put("type", rule.type().word());
      ArrayNode values = node.putArray("values");
      rule.values().forEach(values::add);
      if (!rule.name().isEmpty()) {
        node.put("name", rule.name());
      }
    }
    return array;
  }

  public static String write(List<Rule> rules) {
    return toJson(rules).toString();
  }

  /// The values of one rule.
  static String writeValues(List<String> values) {
    ArrayNode array = JSON.createArrayNode();
    values.forEach(array::add);
    return array.toString();
  }

  /// Reads what [#writeValues] wrote.
  ///
  /// @throws IllegalStateException for anything else
  static List<String> readValues(String json) {
    try {
      List<String> values = new ArrayList<>();
      JSON.readTree(json).forEach(value -> values.add(value.asText()));
      if (values.isEmpty()) {
        throw new IllegalStateException("a stored rule has no values: " + json);
      }
      return values;
    } catch (JsonProcessingException unreadable) {
      throw new IllegalStateException("a stored rule's values are not JSON", unreadable);
    }
  }

  /// Reads what [#write] wrote.
  ///
  /// @throws IllegalStateException for anything else: a rule that cannot be read must never turn
  ///   into a rule that is not there
  public static List<Rule> read(String json) {
    try {
      List<Rule> rules = new ArrayList<>();
      for (JsonNode node : JSON.readTree(json)) {
        Rule.Effect effect = Rule.Effect.of(node.path("effect").asText());
        Rule.Type type = Rule.Type.of(node.path("type").asText());
        List<String> values = new ArrayList<>();
        node.path("values").forEach(value -> values.add(value.asText()));
        if (effect == null || type == null || RuleCheck.formFault(type, values) != null) {
          throw new IllegalStateException("a stored rule cannot be read: " + node);
        }
        rules.add(new Rule(effect, type, values, node.path("name").asText(), ""));
      }
      return rules;
    } catch (JsonProcessingException unreadable) {
      throw new IllegalStateException("stored rules are not JSON", unreadable);
    }
  }
}
