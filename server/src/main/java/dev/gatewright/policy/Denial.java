package dev.gatewright.policy;

/// A policy's no.
///
/// @param layer whose rule it is
/// @param subjectId the owner: `org_…`, `prj_…`, `per_…` or `key_…`
/// @param rule the rule that denied: a deny rule that matched, or the first allow rule of a type
///   none of whose allow rules matched
/// @param message for the caller; names what was asked for and the rule
public record Denial(Layer layer, String subjectId, Rule rule, String message) {
  static Denial of(Layer layer, String subjectId, Rule rule, String asked) {
    String why =
        switch (rule.effect()) {
          case ALLOW -> "is not among what the %s's rule allows".formatted(layer.word());
          case DENY -> "is denied by a rule of the %s".formatted(layer.word());
        };
    return new Denial(layer, subjectId, rule, "%s %s: %s".formatted(asked, why, rule.text()));
  }

  /// `rule_…`, by which it can be found and removed.
  public String ruleId() {
    return RuleIds.of(layer, subjectId, rule);
  }

  /// Which rule it is, who can change it, and how to ask for more.
  ///
  /// @param callerId `key_…`
  /// @param options of `gatewright policy explain`, such as `--model fast`
  public String help(String callerId, String options) {
    String name = rule.name().isEmpty() ? "" : " (%s)".formatted(rule.name());
    String whose =
        layer == Layer.KEY
            ? "the key " + subjectId
            : "the %s %s".formatted(layer.word(), subjectId);
    return "It is rule %s%s of %s. Owners and admins of the organization can change it. To see what decides: gatewright policy explain %s %s"
        .formatted(ruleId(), name, whose, callerId, options);
  }
}
