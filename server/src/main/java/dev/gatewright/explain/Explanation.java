package dev.gatewright.explain;

import dev.gatewright.admission.Judge.Judgement;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Rung;
import dev.gatewright.policy.Denial;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What would become of a call, as REST shows it; the schema `Explanation` in
/// `openapi/explain.yaml`.
final class Explanation {
  private Explanation() {}

  static Map<String, @Nullable Object> passes(Judgement.Passes passes) {
    Rung rung = passes.rung();
    Map<String, String> credential = rung == Rung.NONE ? null : Map.of("rung", rung.word());
    return fields(null, null, passes.target(), credential);
  }

  /// @param denial the rule's no; null when no rule says it
  static Map<String, @Nullable Object> refused(Refusal refusal, @Nullable Denial denial) {
    return fields(refusal, denial, null, null);
  }

  private static Map<String, @Nullable Object> fields(
      @Nullable Refusal refusal,
      @Nullable Denial denial,
      @Nullable String target,
      @Nullable Map<String, String> credential) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("allowed", refusal == null);
    fields.put("status", refusal == null ? 200 : refusal.status());
    fields.put("message", refusal == null ? null : refusal.message());
    fields.put("rule", denial == null ? null : rule(denial));
    fields.put("target", target);
    fields.put("credential", credential);
    fields.put("help", refusal == null ? null : refusal.help());
    return fields;
  }

  private static Map<String, Object> rule(Denial denial) {
    Map<String, Object> rule = new LinkedHashMap<>();
    rule.put("id", denial.ruleId());
    rule.put("name", denial.rule().name());
    rule.put("on", denial.layer().word());
    return rule;
  }
}
