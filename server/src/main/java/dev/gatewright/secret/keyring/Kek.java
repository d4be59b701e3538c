package dev.gatewright.secret.keyring;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A master key as the store knows it: by its fingerprint.
///
/// @param proof a known text wrapped with it: what opens it is this key
/// @param retiredMillis since when nothing is wrapped with it any more; null = something may be
public record Kek(
    String id, State state, String proof, long createdMillis, @Nullable Long retiredMillis) {
  /// What it is used for.
  public enum State {
    /// New keys are wrapped with it. One at a time.
    ACTIVE,
    /// Keys wrapped with it are being wrapped anew.
    RETIRING,
    /// Nothing is wrapped with it.
    RETIRED;

    /// As in JSON and in the database.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }
}
