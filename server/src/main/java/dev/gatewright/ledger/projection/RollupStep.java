package dev.gatewright.ledger.projection;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/// How long a time the row of a sum stands for, in UTC. Every day of every zone begins on a quarter
/// of an hour, so the shortest serve any zone.
public enum RollupStep {
  QUARTER(15),
  HOUR(60),
  DAY(1_440),
  /// A calendar month; its minutes are a name.
  MONTH(43_200);

  public static final List<RollupStep> FROM_SHORTEST = List.of(QUARTER, HOUR, DAY, MONTH);

  private static final long MINUTE_MILLIS = 60_000;

  private final int minutes;

  RollupStep(int minutes) {
    this.minutes = minutes;
  }

  /// As it stands on rows.
  public int minutes() {
    return minutes;
  }

  /// When the step began that this time lies in.
  public long floor(long millis) {
    if (this == MONTH) {
      return millis(date(millis).withDayOfMonth(1));
    }
    long step = minutes * MINUTE_MILLIS;
    return Math.floorDiv(millis, step) * step;
  }

  /// The first beginning of a step that is not before this time.
  public long ceiling(long millis) {
    long floor = floor(millis);
    if (floor == millis) {
      return floor;
    }
    return this == MONTH ? millis(date(floor).plusMonths(1)) : floor + minutes * MINUTE_MILLIS;
  }

  private static LocalDate date(long millis) {
    return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC).toLocalDate();
  }

  private static long millis(LocalDate date) {
    return date.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
  }
}
