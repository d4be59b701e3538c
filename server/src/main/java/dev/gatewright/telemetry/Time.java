package dev.gatewright.telemetry;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// The one source of time, passed in so that tests decide what time it is. Thread-safe.
///
/// @param wall what the calendar says; may jump, so it never decides an order
/// @param nanoSource a steady counter for durations and deadlines, in nanoseconds
public record Time(InstantSource wall, LongSupplier nanoSource) implements InstantSource {
  public static Time system() {
    return new Time(InstantSource.system(), System::nanoTime);
  }

  @Override
  public Instant instant() {
    return wall.instant();
  }

  /// Milliseconds since 1970-01-01 UTC.
  @Override
  public long millis() {
    return wall.millis();
  }

  /// Nanoseconds of the steady counter; only differences mean anything.
  public long nanos() {
    return nanoSource.getAsLong();
  }
}
