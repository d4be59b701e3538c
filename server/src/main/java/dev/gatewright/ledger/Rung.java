package dev.gatewright.ledger;

import java.util.Locale;

/// Whose credential an attempt goes out with. The order stands in stored rows: new ones go last,
/// and there is room for eight.
public enum Rung {
  /// Nobody's: the simulator, or a row older than this.
  NONE,
  /// One the caller brought along.
  HEADER,
  PROJECT,
  ORGANIZATION,
  /// The gate's own.
  PLATFORM;

  /// As in JSON and in the database; empty for nobody's.
  public String word() {
    return this == NONE ? "" : name().toLowerCase(Locale.ROOT);
  }

  /// What [#ordinal] said; [#NONE] for one that a newer build wrote.
  static Rung of(int ordinal) {
    Rung[] all = values();
    return ordinal < all.length ? all[ordinal] : NONE;
  }
}
