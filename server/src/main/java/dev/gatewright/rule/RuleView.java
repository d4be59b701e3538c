package dev.gatewright.rule;

import dev.gatewright.policy.Rule;
import dev.gatewright.policy.StoredRule;
import dev.gatewright.rest.ETag;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A rule as REST shows it; the schema `PolicyRule` in `openapi/policy.yaml`.
final class RuleView {
  private RuleView() {}

  static Map<String, @Nullable Object> of(StoredRule stored) {
    Rule rule = stored.rule();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", stored.id());
    fields.put("on", stored.owner().layer().word());
    fields.put("subject_id", stored.owner().subjectId());
    fields.put("effect", rule.effect().word());
    fields.put("type", rule.type().word());
    fields.put("values", rule.values());
    fields.put("name", rule.name());
    fields.put("created_by", stored.createdBy());
    Long created = stored.createdMillis();
    fields.put("created_at", created == null ? null : Instant.ofEpochMilli(created).toString());
    return fields;
  }

  /// A rule never changes: its tag says that it is there.
  static String tag(StoredRule stored) {
    return ETag.of(stored.id());
  }
}
