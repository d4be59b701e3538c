package dev.gatewright.price.fare;

import dev.gatewright.ledger.Hold;
import dev.gatewright.price.book.PriceEntry;
import java.util.Map;

/// What a request may use at most, by what is known before it is sent.
///
/// @param bytes of the request; no token is less than one
/// @param inputTokens estimated, attachments included
/// @param outputCap the most tokens it may write; negative = it names none
/// @param choices answers asked for; at least 1 counts
/// @param searches of the web, whose findings are read as well
/// @param others used at most beside tokens and searches, by leaf meter
public record Demand(
    long bytes,
    long inputTokens,
    long outputCap,
    long choices,
    long searches,
    Map<String, Long> others) {
  /// Reserved for a call that names no cap, where the price does not say what a model can write.
  static final long OUTPUT_TOKENS = 32_768;

  /// What a picture or a page of a document comes to at most likely.
  private static final long ATTACHMENT_TOKENS = 4_096;

  /// More than any model writes: what a caller names beyond counts as this.
  private static final long OUTPUT_TOKENS_MAX = 1_000_000_000;

  private static final long CHOICES_MAX = 1_000;

  /// What a model reads at most where its price does not say.
  private static final long CONTEXT_TOKENS = 200_000;

  public Demand {
    outputCap = Math.min(outputCap, OUTPUT_TOKENS_MAX);
    choices = Math.clamp(choices, 1, CHOICES_MAX);
    others = Map.copyOf(others);
  }

  /// Of a call to a model.
  public static Demand ofModel(
      long bytes, long inputTokens, long outputCap, long choices, long searches) {
    return new Demand(
        bytes,
        inputTokens,
        outputCap,
        choices,
        searches,
        Map.of("images", Math.clamp(choices, 1, CHOICES_MAX), "web_search", searches));
  }

  /// Of a call to a service.
  ///
  /// @param others what its request asks for beside tokens, by leaf meter
  public static Demand ofService(
      long bytes, long outputCap, long choices, Map<String, Long> others) {
    return new Demand(bytes, 0, outputCap, choices, 0, others);
  }

  private long input(PriceEntry entry) {
    long own = Math.max(bytes, inputTokens / 1_000 * ATTACHMENT_TOKENS);
    // What is found is read by the model: up to what it can read at all.
    long found = entry.context() > 0 ? entry.context() : CONTEXT_TOKENS;
    return searches > 0 ? Math.max(own, found) : own;
  }

  private long output(PriceEntry entry) {
    return outputCap >= 0 ? outputCap : outputOf(entry);
  }

  static long outputOf(PriceEntry entry) {
    return entry.output() > 0 ? entry.output() : OUTPUT_TOKENS;
  }

  /// Nano-USD.
  long most(PriceEntry entry) {
    return Math.min(
        Reservation.most(entry, input(entry), output(entry) * choices, others), Hold.NANO_MAX);
  }

  /// The largest cap for which [#most] is within `roomNano`; negative = there is none.
  public long fits(PriceEntry entry, long roomNano) {
    if (Reservation.most(entry, input(entry), 0, others) > roomNano) {
      return -1;
    }
    long low = 0;
    long high = output(entry);
    while (low < high) {
      long middle = low + (high - low + 1) / 2;
      if (Reservation.most(entry, input(entry), middle * choices, others) <= roomNano) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
