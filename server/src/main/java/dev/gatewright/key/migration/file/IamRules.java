package dev.gatewright.key.migration.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.gatewright.key.migration.file.FieldText.Wrong;
import dev.gatewright.policy.RuleText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules of an llmgateway key, as its API gives them or, as text, its table. A restriction that
/// cannot be kept refuses its key: it would come out wider than it was. Pure.
final class IamRules {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final Map<String, String> TYPES =
      Map.of("models", "models", "providers", "providers", "ip_cidrs", "ip");
  private static final Map<String, String> VALUES =
      Map.of("models", "models", "providers", "providers", "ip_cidrs", "ipCidrs");
  private static final Set<String> FIELDS =
      Set.of(
          "id",
          "createdAt",
          "created_at",
          "updatedAt",
          "updated_at",
          "apiKeyId",
          "api_key_id",
          "status",
          "ruleType",
          "rule_type",
          "ruleValue",
          "rule_value");

  private IamRules() {}

  static List<@Nullable RuleText> read(String field, JsonNode value) throws Wrong {
    List<@Nullable RuleText> texts = new ArrayList<>();
    JsonNode rules = parsed(field, value);
    if (rules.isNull()) {
      return texts;
    }
    if (!rules.isArray()) {
      throw new Wrong(field + ": not a list of rules");
    }
    for (JsonNode rule : rules) {
      RuleText text = rule(field, parsed(field, rule));
      if (text != null) {
        texts.add(text);
      }
    }
    return texts;
  }

  /// Null for a rule that is switched off.
  private static @Nullable RuleText rule(String field, JsonNode rule) throws Wrong {
    if (!rule.isObject()) {
      throw new Wrong(field + ": a rule that is no object");
    }
    for (Map.Entry<String, JsonNode> part : rule.properties()) {
      if (!FIELDS.contains(part.getKey())) {
        throw new Wrong(field + ": a rule with a field that is not understood");
      }
    }
    if (rule.has("status")) {
      Boolean on = FieldText.flag(field, FieldText.scalar(field, rule.path("status")));
      if (on == null) {
        throw new Wrong(field + ": a rule that is neither active nor inactive");
      }
      if (!on) {
        return null;
      }
    }
    String kind = String.valueOf(FieldText.text(rule, "ruleType", "rule_type"));
    int underscore = kind.indexOf('_');
    String effect = underscore < 0 ? "" : kind.substring(0, underscore);
    String about = kind.substring(underscore + 1);
    String type = TYPES.get(about);
    if (type == null || !(effect.equals("allow") || effect.equals("deny"))) {
      throw new Wrong(
          "a rule on %s cannot be kept (expected: models, providers or ip_cidrs)"
              .formatted(about.matches("[a-z_]{1,30}") ? about : "something unknown"));
    }
    JsonNode value =
        parsed(field, rule.has("ruleValue") ? rule.path("ruleValue") : rule.path("rule_value"));
    String part = VALUES.get(about);
    if (!value.isObject() || value.size() != 1 || !value.has(part)) {
      throw new Wrong(field + ": a rule on %s whose value is not %s alone".formatted(about, part));
    }
    List<@Nullable String> names = FieldNames.of(field, value.path(part));
    if (names == null) {
      throw new Wrong(field + ": a rule on %s that names all or nothing".formatted(about));
    }
    return new RuleText(effect, type, names);
  }

  /// A table's column comes as text.
  private static JsonNode parsed(String field, JsonNode value) throws Wrong {
    if (!value.isTextual()) {
      return value;
    }
    if (value.asText().isBlank()) {
      return NullNode.instance;
    }
    try {
      return JSON.readTree(value.asText());
    } catch (JsonProcessingException unreadable) {
      throw new Wrong(field + ": a text that is not JSON");
    }
  }
}
