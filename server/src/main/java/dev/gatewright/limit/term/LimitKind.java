package dev.gatewright.limit.term;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a limit counts.
public enum LimitKind {
  REQUESTS,
  /// What goes in, cached or not.
  INPUT_TOKENS,
  /// What comes out, reasoning included.
  OUTPUT_TOKENS,
  /// Calls that run at once.
  CONCURRENCY,
  /// Nano-USD by the list price, whoever pays.
  SPEND;

  /// All words, for errors.
  public static final String WORDS = "requests, input_tokens, output_tokens, concurrency or spend";

  /// As in JSON, in errors and in the database.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Null for a word that is none.
  public static @Nullable LimitKind of(@Nullable String word) {
    for (LimitKind kind : values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    return null;
  }
}
