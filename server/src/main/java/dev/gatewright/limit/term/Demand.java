package dev.gatewright.limit.term;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// What a call asks of the limits that stand behind it, by what is known before it is sent. What it
/// really used is settled when it is over.
///
/// @param inputTokens estimated
/// @param outputTokens at most, or what is usual where the caller names no cap
/// @param costNano estimated, in nano-USD; asked only where a limit counts money
/// @param shared on what limits hold for everybody's calls together: `service:…`, `site:…`
/// @param family in whose words the caller is told
public record Demand(
    long inputTokens,
    long outputTokens,
    LongSupplier costNano,
    List<String> shared,
    LimitHeaders family) {
  /// A call that has no tokens and no price.
  public static final Demand ONE = new Demand(0, 0, () -> 0, List.of(), LimitHeaders.OPENAI);

  /// Taken of output tokens where a caller names no cap: what most answers stay below. The rest is
  /// charged when it is known.
  public static final long OUTPUT_TOKENS_USUAL = 1_024;

  /// A call of a service.
  ///
  /// @param inputTokens estimated; 0 for one that has none, and then no tokens come out
  /// @param costNano what that costs; asked only where a limit counts money
  public static Demand of(String service, long inputTokens, LongSupplier costNano) {
    long output = inputTokens > 0 ? OUTPUT_TOKENS_USUAL : 0;
    return new Demand(
        inputTokens, output, costNano, List.of("service:" + service), LimitHeaders.OPENAI);
  }

  /// A call of a model.
  ///
  /// @param outputCap the caller's; negative = none
  /// @param choices answers asked for; at least 1 counts
  public static Demand of(
      long inputTokens, long outputCap, long choices, LongSupplier costNano, LimitHeaders family) {
    return new Demand(inputTokens, output(outputCap, choices), costNano, List.of(), family);
  }

  /// The same of a call that came to a site.
  ///
  /// @param site whose limits hold for everybody's calls there
  public Demand through(String site) {
    List<String> all = new ArrayList<>(shared);
    all.add("site:" + site);
    return new Demand(inputTokens, outputTokens, costNano, List.copyOf(all), family);
  }

  /// What may come out at most, or usually does where nothing says how much that is.
  public static long output(long cap, long choices) {
    long one = cap >= 0 ? Math.min(cap, Limit.AMOUNT_MAX) : OUTPUT_TOKENS_USUAL;
    long all = one * Math.clamp(choices, 1, CHOICES_MAX);
    return Math.min(all, Limit.AMOUNT_MAX);
  }

  /// More than any provider gives.
  private static final long CHOICES_MAX = 1_024;

  /// In a limit's own unit.
  public long of(LimitKind kind) {
    return switch (kind) {
      case REQUESTS, CONCURRENCY -> 1;
      case INPUT_TOKENS -> inputTokens;
      case OUTPUT_TOKENS -> outputTokens;
      case SPEND -> costNano.getAsLong();
    };
  }
}
