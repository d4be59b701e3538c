package dev.gatewright.credential;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which rungs of the ladder a project's calls may stand on.
public enum PaymentMode {
  /// Credentials of its own alone: those it brings along, its own stored ones, its organization's.
  API_KEYS,
  /// The platform's alone.
  CREDITS,
  /// All of them.
  HYBRID;

  /// As in JSON and in the database.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Null for a word that is none.
  public static @Nullable PaymentMode of(@Nullable String word) {
    for (PaymentMode mode : values()) {
      if (mode.word().equals(word)) {
        return mode;
      }
    }
    return null;
  }

  /// Its own credentials may be used.
  public boolean own() {
    return this != CREDITS;
  }

  /// The platform's may be used.
  public boolean platform() {
    return this != API_KEYS;
  }
}
