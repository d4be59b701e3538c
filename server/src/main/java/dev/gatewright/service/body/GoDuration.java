package dev.gatewright.service.body;

import java.time.Duration;
import java.util.OptionalDouble;

/// Durations as Go's `time.ParseDuration` reads them, for Ollama is written in Go.
final class GoDuration {
  private GoDuration() {}

  /// Seconds; empty when it is no duration.
  static OptionalDouble seconds(String text) {
    boolean negative = text.startsWith("-");
    String rest = negative || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return OptionalDouble.of(0);
    }
    if (rest.isEmpty()) {
      return OptionalDouble.empty();
    }
    double sum = 0;
    int at = 0;
    while (at < rest.length()) {
      int number = at;
      while (at < rest.length() && (digit(rest.charAt(at)) || rest.charAt(at) == '.')) {
        at++;
      }
      int unit = at;
      while (at < rest.length() && !digit(rest.charAt(at)) && rest.charAt(at) != '.') {
        at++;
      }
      String digits = rest.substring(number, unit);
      double scale = scale(rest.substring(unit, at));
      if (scale == 0 || !digits.matches("[0-9]{1,18}(\\.[0-9]{0,18})?|\\.[0-9]{1,18}")) {
        return OptionalDouble.empty();
      }
      sum += Double.parseDouble(digits) * scale;
    }
    return OptionalDouble.of(negative ? -sum : sum);
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  private static double scale(String unit) {
    return switch (unit) {
      case "h" -> 3_600;
      case "m" -> 60;
      case "s" -> 1;
      case "ms" -> 1e-3;
      case "us", "µs", "μs" -> 1e-6;
      case "ns" -> 1e-9;
      default -> 0;
    };
  }

  static String text(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
