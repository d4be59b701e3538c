package dev.gatewright.service.body;

import dev.gatewright.json.JsonKind;
import dev.gatewright.json.JsonWalker;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// How much a request asks for, as far as its body says so.
///
/// @param outputTokens the most it may write; negative = it names no cap
/// @param choices answers asked for, at least 1
/// @param images pictures asked for; negative = nobody looked
/// @param characters to be spoken; negative = nobody looked
public record BodyAsks(long outputTokens, long choices, long images, long characters) {
  /// Of a body that nobody looked into.
  public static final BodyAsks UNSEEN = new BodyAsks(-1, 1, -1, -1);

  private static final long COUNT_MAX = 1_000_000_000;
  private static final int DIGITS_MAX = 40;
  private static final BigDecimal MAX = BigDecimal.valueOf(COUNT_MAX);

  /// Adds up while a body is read. Confined to one thread.
  static final class Sum {
    private long output = -1;
    private long choices = 1;
    private long images = 1;

    /// A value whose field says how much is asked for.
    void take(BodyField.Rule rule, JsonWalker at) {
      long count = count(at);
      if (count < 0) {
        return;
      }
      switch (rule) {
        case OUTPUT -> output = Math.max(output, count);
        case CHOICES -> choices = Math.max(choices, count);
        case IMAGES -> images = Math.clamp(images * count, 1, COUNT_MAX);
        default -> {}
      }
    }

    BodyAsks with(long characters) {
      return new BodyAsks(output, choices, images, characters);
    }
  }

  /// A number however it is written, rounded up; what nobody can read counts as the most there is,
  /// and negative ones (no cap) as none.
  private static long count(JsonWalker at) {
    String text = at.kind() == JsonKind.NUMBER || at.kind() == JsonKind.STRING ? at.text() : null;
    if (text == null) {
      return at.kind() == JsonKind.NULL ? -1 : COUNT_MAX;
    }
    BigDecimal value = read(text.strip());
    if (value == null) {
      return COUNT_MAX;
    }
    return value.signum() < 0 ? -1 : ceil(value);
  }

  private static long ceil(BigDecimal value) {
    return value.compareTo(MAX) > 0
        ? COUNT_MAX
        : value.setScale(0, RoundingMode.CEILING).longValueExact();
  }

  private static @Nullable BigDecimal read(String text) {
    if (text.length() > DIGITS_MAX) {
      return null;
    }
    try {
      BigDecimal value = new BigDecimal(text);
      if (value.scale() > DIGITS_MAX) {
        return BigDecimal.valueOf(value.signum());
      }
      // 1e999999999 has more digits than anybody has room for.
      return value.precision() - value.scale() > DIGITS_MAX ? null : value;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
