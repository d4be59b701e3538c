package dev.gatewright.llm.simulator.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Bounds of a number, as doubles: good enough for what a schema says, and of bounded cost whatever
/// its digits.
///
/// @param low smallest value allowed
/// @param high greatest
/// @param lowOpen `low` itself is not allowed
/// @param highOpen `high` itself is not allowed
/// @param step of which it must be a multiple; 0 = none
record NumberRange(double low, double high, boolean lowOpen, boolean highOpen, double step) {
  static NumberRange of(JsonNode schema) {
    NumberRange range =
        new NumberRange(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, false, false, 0);
    JsonNode openLow = schema.path("exclusiveMinimum");
    JsonNode openHigh = schema.path("exclusiveMaximum");
    range =
        range.and(
            new NumberRange(
                schema.path("minimum").asDouble(Double.NEGATIVE_INFINITY),
                schema.path("maximum").asDouble(Double.POSITIVE_INFINITY),
                // Draft 4 has them as flags.
                openLow.asBoolean(false) && openLow.isBoolean(),
                openHigh.asBoolean(false) && openHigh.isBoolean(),
                Math.abs(schema.path("multipleOf").asDouble(0))));
    if (openLow.isNumber()) {
      range =
          range.and(
              new NumberRange(openLow.doubleValue(), Double.POSITIVE_INFINITY, true, false, 0));
    }
    if (openHigh.isNumber()) {
      range =
          range.and(
              new NumberRange(Double.NEGATIVE_INFINITY, openHigh.doubleValue(), false, true, 0));
    }
    return range;
  }

  static NumberRange of(List<JsonNode> schemas) {
    NumberRange range =
        new NumberRange(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, false, false, 0);
    for (JsonNode schema : schemas) {
      range = range.and(of(schema));
    }
    return range;
  }

  private NumberRange and(NumberRange other) {
    boolean otherLow = other.low > low || (other.low == low && other.lowOpen);
    boolean otherHigh = other.high < high || (other.high == high && other.highOpen);
    return new NumberRange(
        otherLow ? other.low : low,
        otherHigh ? other.high : high,
        otherLow ? other.lowOpen : lowOpen,
        otherHigh ? other.highOpen : highOpen,
        Math.max(step, other.step));
  }

  boolean holds(double value) {
    return (lowOpen ? value > low : value >= low)
        && (highOpen ? value < high : value <= high)
        && (step == 0 || Math.abs(value / step - Math.rint(value / step)) < 1e-9);
  }

  /// A value within, small where it may be; null when there is none.
  ///
  /// @param wanted what it would be without bounds
  @Nullable Double pick(boolean whole, double wanted) {
    double unit = step > 0 ? (whole && step != Math.rint(step) ? wholeStep() : step) : 1;
    double start = Math.ceil(Math.max(low, Math.min(0, high)) / unit) * unit;
    double[] tries = {
      wanted * unit, start + wanted * unit, start, start + unit, (low + high) / 2, low, high
    };
    for (double one : tries) {
      if (Double.isFinite(one) && holds(one) && (!whole || one == Math.rint(one))) {
        return one;
      }
    }
    double below = Math.floor(high / unit) * unit;
    for (double one : new double[] {below, below - unit}) {
      if (Double.isFinite(one) && holds(one) && (!whole || one == Math.rint(one))) {
        return one;
      }
    }
    return null;
  }

  /// The least whole multiple of a broken step, as far as a look shows one.
  private double wholeStep() {
    for (int i = 1; i <= 1000; i++) {
      if (Math.abs(step * i - Math.rint(step * i)) < 1e-9 && Math.rint(step * i) != 0) {
        return Math.rint(step * i);
      }
    }
    return 1;
  }
}
