package dev.gatewright.telemetry.trace;

import org.jspecify.annotations.Nullable;

/// Which traces are recorded. Immutable.
///
/// @param ofParent where the caller has decided, that counts
/// @param ratio of all others, by their ids alone, so that all who use the same ratio choose the
///   same ones: 0…1
public record Sampler(boolean ofParent, double ratio) {
  /// What `OTEL_TRACES_SAMPLER` has as its default.
  public static final Sampler DEFAULT = new Sampler(true, 1);

  public Sampler {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("ratio: %s (expected: 0…1)".formatted(ratio));
    }
  }

  /// @param parent the caller's; null = the trace begins here
  /// @param low the second half of the trace's id
  boolean records(@Nullable TraceParent parent, long low) {
    if (ofParent && parent != null) {
      return parent.sampled();
    }
    // The bits that OpenTelemetry's SDKs look at.
    return ratio >= 1 || low >>> 1 < (long) (ratio * Long.MAX_VALUE);
  }
}
