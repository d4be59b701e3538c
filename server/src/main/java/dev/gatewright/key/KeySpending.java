package dev.gatewright.key;

import org.jspecify.annotations.Nullable;

/// What a key says of what its calls may cost, beside its budgets and limits. Immutable.
///
/// @param allowUnpriced its calls may go to what has no price, though credit or a hard budget
///   limits them; null = it says nothing
/// @param outputTokensMax the most tokens an answer may have; null = it says nothing
public record KeySpending(@Nullable Boolean allowUnpriced, @Nullable Long outputTokensMax) {
  public static final KeySpending NONE = new KeySpending(null, null);

  /// More than any model writes.
  public static final long OUTPUT_TOKENS_MAX = 1_000_000_000;

  public KeySpending {
    if (outputTokensMax != null && (outputTokensMax < 1 || outputTokensMax > OUTPUT_TOKENS_MAX)) {
      throw new IllegalArgumentException("output tokens: " + outputTokensMax);
    }
  }

  /// It lets calls through that nobody can count.
  public boolean unpriced() {
    return Boolean.TRUE.equals(allowUnpriced);
  }
}
