package dev.gatewright.price.book;

/// How a quantity is rounded before it is priced.
///
/// @param min at least so much is charged, in the meter's unit; 0 = no least
/// @param step in the meter's unit; 0 = as it is
/// @param nearest to the nearest step; else up
/// @param per so many are one of what has the price: a hundred documents; 1 = each
public record Quantity(long min, long step, boolean nearest, long per) {
  public Quantity {
    if (min < 0 || step < 0 || per < 1) {
      throw new IllegalArgumentException(
          "min %d, step %d, per %d (expected: >= 0)".formatted(min, step, per));
    }
  }

  /// @param used in the meter's unit times `scale`
  /// @return the same, rounded
  public long rounded(long used, long scale) {
    long rounded = used;
    if (step > 0) {
      long size = step * scale;
      rounded = nearest ? (used + size / 2) / size * size : Math.ceilDiv(used, size) * size;
    }
    return Math.ceilDiv(Math.max(rounded, min * scale), per) * per;
  }
}
