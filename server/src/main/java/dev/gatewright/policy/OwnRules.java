package dev.gatewright.policy;

import java.util.List;

/// The rules of one caller that is kept in memory, compiled, and who else has rules for its calls.
/// Immutable but for what it remembers.
public final class OwnRules {
  private final PolicyView view;
  private final Policy alone;
  private final List<RuleOwner> owners;

  /// The age of all policies at which nobody but the caller itself had rules; -1 = never.
  private volatile long aloneAt = -1;

  /// @param owners outermost first
  public OwnRules(PolicyView view, List<RuleOwner> owners) {
    this.view = view;
    this.alone = Policy.of(view);
    this.owners = owners;
  }

  public PolicyView view() {
    return view;
  }

  List<RuleOwner> owners() {
    return owners;
  }

  Policy alone() {
    return alone;
  }

  boolean aloneAt(long age) {
    return aloneAt == age;
  }

  void foundAlone(long age) {
    aloneAt = age;
  }
}
