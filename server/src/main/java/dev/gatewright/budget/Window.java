package dev.gatewright.budget;

import dev.gatewright.tenant.Calendars;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;

/// One window of time: calls opened in it count in it, whenever they end. Instants are compared and
/// never times of day: a day may have 23, 23½, 24½ or 25 hours, or no midnight. Pure.
///
/// @param startMillis epoch milliseconds
/// @param endMillis epoch milliseconds, not in it; 0 = it does not end
public record Window(long startMillis, long endMillis) {
  /// The window that holds an instant.
  ///
  /// @param calendars which zone and week hold, and since when: a new one counts from the end of
  ///   the window in which it was set
  /// @param sinceMillis when counting began: no window starts before
  public static Window at(Period period, Calendars calendars, long sinceMillis, long millis) {
    if (period == Period.LIFETIME) {
      return new Window(sinceMillis, 0);
    }
    Calendars.Entry calendar = calendars.entries().getFirst();
    long from = sinceMillis;
    for (int i = 1; i < calendars.entries().size(); i++) {
      Calendars.Entry next = calendars.entries().get(i);
      long set = next.sinceMillis();
      // One that was set before the one before it held takes its place.
      long change = set <= from ? from : of(period, calendar, set).endMillis;
      if (millis >= change) {
        calendar = next;
        from = change;
      }
    }
    return of(period, calendar, millis).from(from);
  }

  private static Window of(Period period, Calendars.Entry calendar, long millis) {
    LocalDate date = Instant.ofEpochMilli(millis).atZone(calendar.zone()).toLocalDate();
    LocalDate first = first(period, calendar, date);
    Window window = between(period, calendar, first);
    // Where clocks go back over midnight a date comes twice: its first start counts.
    while (millis >= window.endMillis) {
      first = next(period, first);
      window = between(period, calendar, first);
    }
    return window;
  }

  private static Window between(Period period, Calendars.Entry calendar, LocalDate first) {
    return new Window(start(calendar, first), start(calendar, next(period, first)));
  }

  private static LocalDate first(Period period, Calendars.Entry calendar, LocalDate date) {
    return switch (period) {
      case DAY, LIFETIME -> date;
      case WEEK -> date.with(TemporalAdjusters.previousOrSame(calendar.weekStart()));
      case MONTH -> date.withDayOfMonth(1);
    };
  }

  private static LocalDate next(Period period, LocalDate first) {
    return switch (period) {
      case DAY, LIFETIME -> first.plusDays(1);
      case WEEK -> first.plusWeeks(1);
      case MONTH -> first.plusMonths(1);
    };
  }

  private static long start(Calendars.Entry calendar, LocalDate date) {
    return date.atStartOfDay(calendar.zone()).toInstant().toEpochMilli();
  }

  private Window from(long fromMillis) {
    return new Window(Math.max(startMillis, fromMillis), endMillis);
  }
}
