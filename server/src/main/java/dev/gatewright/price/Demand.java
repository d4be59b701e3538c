package dev.gatewright.price;

import dev.gatewright.ledger.Hold;

/// What a request may use at most, by what is known before it is sent.
///
/// @param bytes of the request; no token is less than one
/// @param inputTokens estimated, attachments included
/// @param outputCap the most tokens it may write; negative = it names none
/// @param choices answers asked for; at least 1 counts
public record Demand(long bytes, long inputTokens, long outputCap, long choices) {
  /// Reserved for a call that names no cap, where the price does not say what a model can write.
  static final long OUTPUT_TOKENS = 32_768;

  /// What a picture or a page of a document comes to at most likely.
  private static final long ATTACHMENT_TOKENS = 4_096;

  /// More than any model writes: what a caller names beyond counts as this.
  private static final long OUTPUT_TOKENS_MAX = 1_000_000_000;

  private static final long CHOICES_MAX = 1_000;

  public Demand {
    outputCap = Math.min(outputCap, OUTPUT_TOKENS_MAX);
    choices = Math.clamp(choices, 1, CHOICES_MAX);
  }

  private long input() {
    return Math.max(bytes, inputTokens / 1_000 * ATTACHMENT_TOKENS);
  }

  private long output(PriceEntry entry) {
    if (outputCap >= 0) {
      return outputCap;
    }
    return entry.output() > 0 ? entry.output() : OUTPUT_TOKENS;
  }

  /// Nano-USD.
  long most(PriceEntry entry) {
    return Math.min(Reservation.most(entry, input(), output(entry) * choices), Hold.NANO_MAX);
  }

  /// The largest cap for which [#most] is within `roomNano`; negative = there is none.
  long fits(PriceEntry entry, long roomNano) {
    if (Reservation.most(entry, input(), 0) > roomNano) {
      return -1;
    }
    long low = 0;
    long high = output(entry);
    while (low < high) {
      long middle = low + (high - low + 1) / 2;
      if (Reservation.most(entry, input(), middle * choices) <= roomNano) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
