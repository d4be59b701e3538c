package dev.gatewright.key.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyNotes;
import dev.gatewright.key.KeyPower;
import dev.gatewright.key.KeySpending;
import dev.gatewright.key.change.KeyFields.Fault;
import dev.gatewright.policy.Rule;
import dev.gatewright.policy.RuleText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The body of `PATCH /api/keys/{id}` (a merge patch, RFC 7396): a field that is not there leaves
/// the key as it is, null takes away what the field stands for. Pure.
///
/// @param fields as they came; [#applied] judges them against the key
public record KeyEdit(ObjectNode fields) {
  private static final Set<String> PLAIN =
      Set.of(
          "name",
          "user",
          "owner",
          "tags",
          "metadata",
          "origins",
          "rules",
          "manage",
          "allow_unpriced",
          "max_output_tokens",
          "not_before",
          "expires_at",
          "expires_in");

  /// What comes of an edit.
  sealed interface Applied {
    record Good(ApiKey key) implements Applied {}

    /// @param pointer JSON pointer of the field at fault
    /// @param message names the value and what was expected
    record Wrong(String pointer, String message) implements Applied {}
  }

  /// The key as it is to be.
  Applied applied(ApiKey key, Instant now) {
    try {
      requireKnown();
      List<Rule> rules = KeyFields.bounded(rules(key));
      List<String> manages =
          fields.has("manage") || fields.has("rules") || anyRuleField()
              ? KeyFields.manage(
                  fields.has("manage") ? texts("manage") : new ArrayList<>(key.manages()),
                  key.kind(),
                  rules)
              : key.manages();
      long notBefore = notBefore(key, now);
      Long expires = expires(key, now);
      if (fields.has("not_before") || !Objects.equals(expires, key.expiresMillis())) {
        KeyFields.requireOrder(notBefore, expires);
      }
      return new Applied.Good(
          new ApiKey(
              key.id(),
              key.tenant(),
              key.kind(),
              fields.has("name") ? KeyFields.name(text("name")) : key.name(),
              key.enabled(),
              key.createdBy(),
              key.createdMillis(),
              notBefore,
              expires,
              key.revokedMillis(),
              new KeyPower(
                  rules,
                  manages,
                  fields.has("origins")
                      ? KeyFields.origins(texts("origins"))
                      : key.power().origins(),
                  spending(key.power().spending())),
              notes(key.notes()),
              key.origin(),
              key.weak()));
    } catch (Fault fault) {
      return new Applied.Wrong(fault.pointer(), fault.sentence());
    }
  }

  private KeySpending spending(KeySpending spending) throws Fault {
    return new KeySpending(
        fields.has(KeyFields.ALLOW_UNPRICED)
            ? KeyFields.allowUnpriced(fields.path(KeyFields.ALLOW_UNPRICED))
            : spending.allowUnpriced(),
        fields.has(KeyFields.OUTPUT_TOKENS_MAX)
            ? KeyFields.outputTokensMax(fields.path(KeyFields.OUTPUT_TOKENS_MAX))
            : spending.outputTokensMax());
  }

  private KeyNotes notes(KeyNotes notes) throws Fault {
    return new KeyNotes(
        fields.has("user") ? KeyFields.user(text("user")) : notes.user(),
        fields.has("owner") ? KeyFields.owner(text("owner")) : notes.owner(),
        fields.has("tags") ? KeyFields.tags(texts("tags")) : notes.tags(),
        fields.has("metadata") ? KeyFields.metadata(fields.path("metadata")) : notes.metadata());
  }

  private void requireKnown() throws Fault {
    Set<String> known = new TreeSet<>(PLAIN);
    for (RuleField field : RuleField.values()) {
      known.add(field.word());
    }
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      if (!known.contains(field.getKey())) {
        throw new Fault(
            "/" + field.getKey().replace("~", "~0").replace("/", "~1"),
            "not a field that can be edited (expected: one of %s)"
                .formatted(String.join(", ", known)));
      }
    }
    if (fields.has("rules") && anyRuleField()) {
      throw new Fault(
          "/rules", "given together with a field that is short for one (expected: either)");
    }
  }

  private boolean anyRuleField() {
    for (RuleField field : RuleField.values()) {
      if (fields.has(field.word())) {
        return true;
      }
    }
    return false;
  }

  private List<Rule> rules(ApiKey key) throws Fault {
    if (fields.has("rules")) {
      return KeyFields.rules(ruleTexts());
    }
    List<Rule> rules = new ArrayList<>(key.rules());
    for (RuleField field : RuleField.values()) {
      if (fields.has(field.word())) {
        rules.removeIf(field::names);
        List<@Nullable String> values = texts(field.word());
        if (values != null) {
          rules.add(KeyFields.rule(field, values));
        }
      }
    }
    return rules;
  }

  private long notBefore(ApiKey key, Instant now) throws Fault {
    if (!fields.has("not_before")) {
      return key.notBeforeMillis();
    }
    Instant begins = KeyFields.begins(text("not_before"), now);
    return begins == null ? 0 : begins.toEpochMilli();
  }

  private @Nullable Long expires(ApiKey key, Instant now) throws Fault {
    if (!fields.has("expires_at") && !fields.has("expires_in")) {
      return key.expiresMillis();
    }
    Instant expires = KeyFields.expires(text("expires_in"), text("expires_at"), now);
    return expires == null ? null : (Long) expires.toEpochMilli();
  }

  private @Nullable List<@Nullable RuleText> ruleTexts() throws Fault {
    JsonNode rules = fields.path("rules");
    if (rules.isNull()) {
      return null;
    }
    if (!rules.isArray()) {
      throw new Fault("/rules", "wrong type (expected: an array)");
    }
    List<@Nullable RuleText> texts = new ArrayList<>();
    for (JsonNode rule : rules) {
      String pointer = "/rules/" + texts.size();
      if (!rule.isObject()) {
        throw new Fault(pointer, "wrong type (expected: a rule)");
      }
      for (Map.Entry<String, JsonNode> field : rule.properties()) {
        if (!Set.of("effect", "type", "values", "name").contains(field.getKey())) {
          throw new Fault(
              pointer, "has a field that no rule has (expected: effect, type, values, name)");
        }
      }
      texts.add(
          new RuleText(
              text(pointer + "/effect", rule.path("effect")),
              text(pointer + "/type", rule.path("type")),
              texts(pointer + "/values", rule.path("values")),
              text(pointer + "/name", rule.path("name"))));
    }
    return texts;
  }

  private @Nullable String text(String field) throws Fault {
    return text("/" + field, fields.path(field));
  }

  private @Nullable List<@Nullable String> texts(String field) throws Fault {
    return texts("/" + field, fields.path(field));
  }

  private static @Nullable String text(String pointer, JsonNode value) throws Fault {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new Fault(pointer, "wrong type (expected: a text)");
    }
    return value.asText();
  }

  private static @Nullable List<@Nullable String> texts(String pointer, JsonNode value)
      throws Fault {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isArray()) {
      throw new Fault(pointer, "wrong type (expected: an array of texts)");
    }
    List<@Nullable String> texts = new ArrayList<>();
    for (JsonNode one : value) {
      texts.add(text(pointer + "/" + texts.size(), one));
    }
    return texts;
  }
}
