package dev.gatewright.policy;

/// A rule of the table.
///
/// @param createdBy `key_…`, `per_…` or `local`
public record StoredRule(RuleOwner owner, Rule rule, String createdBy, long createdMillis) {
  public String id() {
    return rule.id();
  }
}
