package dev.gatewright.limit.term;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Usd;
import org.jspecify.annotations.Nullable;

/// How much of what in which time, as it came: in a limit's own body, and in a new key's.
///
/// @param max a whole number; of `spend` a text in USD
/// @param per null for `concurrency`, and for no other
public record LimitForm(@Nullable String kind, @Nullable JsonNode max, @Nullable String per) {
  /// What came of it.
  public sealed interface Checked {
    /// @param per null for [LimitKind#CONCURRENCY], and for no other
    record Good(LimitKind kind, long max, @Nullable Window per) implements Checked {
      public Limit limit(String id, String on) {
        return new Limit(id, on, kind, max, per);
      }
    }

    /// @param pointer JSON pointer of the field at fault
    /// @param message names the value and what was expected
    record Wrong(String pointer, String message) implements Checked {}
  }

  /// @param pointer JSON pointer of the form itself; empty = the body
  public Checked checked(String pointer) {
    LimitKind wanted = LimitKind.of(kind);
    if (wanted == null) {
      return wrong(pointer + "/kind", kind, LimitKind.WORDS);
    }
    Window window = Window.of(per);
    if (wanted == LimitKind.CONCURRENCY && per != null) {
      return wrong(pointer + "/per", per, "nothing: concurrency counts calls at once");
    }
    if (wanted != LimitKind.CONCURRENCY && window == null) {
      return wrong(pointer + "/per", per, Window.WORDS);
    }
    long amount = amount(wanted, max);
    return amount < 1
        ? wrong(pointer + "/max", max == null ? null : max.asText(), expected(wanted))
        : new Checked.Good(wanted, amount, window);
  }

  private static Checked wrong(String pointer, @Nullable String value, String expected) {
    return new Checked.Wrong(
        pointer, "%s (expected: %s)".formatted(Refusal.shown(String.valueOf(value)), expected));
  }

  private static String expected(LimitKind kind) {
    return kind == LimitKind.SPEND
        ? Usd.PAYMENT
        : "a whole number, 1 to %d".formatted(Limit.AMOUNT_MAX);
  }

  /// In the kind's own unit; 0 = none.
  private static long amount(LimitKind kind, @Nullable JsonNode max) {
    if (max == null) {
      return 0;
    }
    if (kind == LimitKind.SPEND) {
      return max.isTextual() ? Usd.payment(max.asText()).orElse(0) : 0;
    }
    boolean whole = max.isIntegralNumber() && max.canConvertToLong();
    return whole && max.asLong() <= Limit.AMOUNT_MAX ? max.asLong() : 0;
  }
}
