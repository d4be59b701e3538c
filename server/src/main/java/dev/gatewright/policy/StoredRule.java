package dev.gatewright.policy;

import org.jspecify.annotations.Nullable;

/// A rule and whose it is.
///
/// @param createdBy `key_…`, `per_…` or `local`; null for a key's rule, of which the audit chain
///   alone knows
/// @param createdMillis null where `createdBy` is
public record StoredRule(
    RuleOwner owner, Rule rule, @Nullable String createdBy, @Nullable Long createdMillis) {
  /// A rule that stands in a key's row.
  public StoredRule(RuleOwner ofKey, Rule rule) {
    this(ofKey, rule, null, null);
  }

  /// `rule_…`
  public String id() {
    return RuleIds.of(owner.layer(), owner.subjectId(), rule);
  }
}
