package dev.gatewright.explain;

import dev.gatewright.policy.Rule;
import dev.gatewright.policy.RuleCheck;
import dev.gatewright.policy.RuleOwner;
import dev.gatewright.rest.Problem;
import dev.gatewright.rule.RuleRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rules that are not there yet, and how far back to look: the body of `POST /api/policy/preview`.
///
/// @param days 1…7; null = 7
public record PreviewRequest(@Nullable List<@Nullable RuleRequest> rules, @Nullable Integer days) {
  static final int DAYS_MAX = 7;

  /// @throws Problem 422 naming the field
  int checkedDays() {
    if (days == null) {
      return DAYS_MAX;
    }
    if (days < 1 || days > DAYS_MAX) {
      throw Problem.wrong("/days", "%d (expected: 1 to %d)".formatted(days, DAYS_MAX));
    }
    return days;
  }

  /// The rules by their owners.
  ///
  /// @throws Problem 422 naming the field
  Map<RuleOwner, List<Rule>> checkedRules(String organizationId) {
    if (rules == null || rules.isEmpty() || rules.size() > RuleCheck.RULES_MAX) {
      throw Problem.wrong(
          "/rules",
          "%d rules (expected: 1 to %d)"
              .formatted(rules == null ? 0 : rules.size(), RuleCheck.RULES_MAX));
    }
    Map<RuleOwner, List<Rule>> byOwner = new LinkedHashMap<>();
    for (int i = 0; i < rules.size(); i++) {
      RuleRequest rule = rules.get(i);
      if (rule == null) {
        throw Problem.wrong("/rules/" + i, "null (expected: a rule)");
      }
      RuleRequest.Checked checked = rule.checked(organizationId, "/rules/" + i);
      byOwner.computeIfAbsent(checked.owner(), _ -> new ArrayList<>()).add(checked.rule());
    }
    return byOwner;
  }
}
