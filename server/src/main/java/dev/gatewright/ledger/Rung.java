package dev.gatewright.ledger;

import java.util.Locale;

/// Whose credential an attempt goes out with. The codes stand in stored rows, and there is room for
/// eight.
public enum Rung {
  /// Nobody's: the simulator, or a row older than this.
  NONE(0),
  /// One the caller brought along.
  HEADER(1),
  PROJECT(2),
  ORGANIZATION(3),
  /// The gate's own.
  PLATFORM(4);

  /// As in the log: three bits.
  private final int code;

  private final String word;

  Rung(int code) {
    this.code = code;
    this.word = code == 0 ? "" : name().toLowerCase(Locale.ROOT);
  }

  /// As in the log: three bits.
  public int code() {
    return code;
  }

  /// [#NONE] for one that a newer build wrote.
  public static Rung of(int code) {
    for (Rung rung : values()) {
      if (rung.code == code) {
        return rung;
      }
    }
    return NONE;
  }

  /// As in JSON and in the database; empty for nobody's.
  public String word() {
    return word;
  }
}
