package dev.gatewright.account;

/// How far a permission goes.
public enum Extent {
  NONE,
  /// Numbers for the whole organization, without whose they are.
  TOTALS,
  /// Everything, with what could be used left out.
  MASKED,
  /// What the caller made or owns, in the projects granted.
  OWN,
  /// The projects granted.
  GRANTED,
  /// All but what concerns owners.
  ALL_BUT_OWNERS,
  ALL;

  /// Whether it stops at the projects a member was given.
  public boolean confined() {
    return this == OWN || this == GRANTED;
  }
}
