package dev.gatewright.json;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The state inside one JSON number or literal, which may be split at any byte. Confined to its
/// walker.
final class JsonScalars {
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

  /// Where in a number: each step names what has just been read.
  private enum Part {
    NOTHING,
    MINUS,
    ZERO,
    INTEGER,
    POINT,
    FRACTION,
    E,
    SIGN,
    EXPONENT
  }

  private Part number = Part.NOTHING;
  private byte[] literal = NULL;
  private int matched;
  private boolean broken;

  void beginNumber() {
    number = Part.NOTHING;
  }

  void beginLiteral(JsonKind kind) {
    literal = kind == JsonKind.TRUE ? TRUE : kind == JsonKind.FALSE ? FALSE : NULL;
    matched = 0;
    broken = false;
  }

  /// Goes on inside the number; stops at the first byte that cannot belong to it.
  int number(byte[] part, int from, int to) {
    int at = from;
    while (at < to) {
      Part next = next(part[at]);
      if (next == null) {
        return at;
      }
      number = next;
      at++;
      if (next == Part.INTEGER || next == Part.FRACTION || next == Part.EXPONENT) {
        // Digits behind a digit change nothing.
        while (at < to && part[at] >= '0' && part[at] <= '9') {
          at++;
        }
      }
    }
    return at;
  }

  private @Nullable Part next(byte b) {
    if (b >= '0' && b <= '9') {
      return switch (number) {
        case NOTHING, MINUS -> b == '0' ? Part.ZERO : Part.INTEGER;
        case ZERO -> null;
        case INTEGER -> Part.INTEGER;
        case POINT, FRACTION -> Part.FRACTION;
        case E, SIGN, EXPONENT -> Part.EXPONENT;
      };
    }
    return switch (b) {
      case '-' -> number == Part.NOTHING ? Part.MINUS : number == Part.E ? Part.SIGN : null;
      case '+' -> number == Part.E ? Part.SIGN : null;
      case '.' -> number == Part.ZERO || number == Part.INTEGER ? Part.POINT : null;
      case 'e', 'E' ->
          number == Part.ZERO || number == Part.INTEGER || number == Part.FRACTION ? Part.E : null;
      default -> null;
    };
  }

  boolean numberMayEnd() {
    return switch (number) {
      case ZERO, INTEGER, FRACTION, EXPONENT -> true;
      case NOTHING, MINUS, POINT, E, SIGN -> false;
    };
  }

  int literal(byte[] part, int from, int to) {
    int at = from;
    while (at < to && matched < literal.length) {
      if (part[at] != literal[matched]) {
        broken = true;
        return at;
      }
      matched++;
      at++;
    }
    return at;
  }

  boolean literalBroken() {
    return broken;
  }

  boolean literalEnded() {
    return !broken && matched == literal.length;
  }

  /// A byte that may stand behind a scalar.
  static boolean delimiter(byte b) {
    return ",]} \t\r\n".indexOf(b) >= 0;
  }

  static boolean letter(byte b) {
    return (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
  }

  static int endOfWord(byte[] part, int from, int to) {
    int at = from;
    while (at < to && !delimiter(part[at])) {
      at++;
    }
    return at;
  }
}
