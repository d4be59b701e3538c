package dev.gatewright.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.tenant.Calendars;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// When windows begin and end: by instants, in any zone.
class WindowTest {
  private static Calendars in(String zone) {
    return new Calendars(List.of(new Calendars.Entry(0, ZoneId.of(zone), DayOfWeek.MONDAY)));
  }

  private static long at(String instant) {
    return Instant.parse(instant).toEpochMilli();
  }

  private static String text(Window window) {
    return Instant.ofEpochMilli(window.startMillis())
        + " "
        + Instant.ofEpochMilli(window.endMillis());
  }

  private static String day(String zone, String instant) {
    return text(Window.at(Period.DAY, in(zone), 0, at(instant)));
  }

  /// Days23And25h: an early reset.
  @Test
  void days_of_23_and_25_hours_last_as_long_as_they_do() {
    assertThat(day("Europe/Berlin", "2026-03-29T12:00:00Z"))
        .isEqualTo("2026-03-28T23:00:00Z 2026-03-29T22:00:00Z");
    assertThat(day("Europe/Berlin", "2026-10-25T22:59:59.999Z"))
        .isEqualTo("2026-10-24T22:00:00Z 2026-10-25T23:00:00Z");
    assertThat(day("Europe/Berlin", "2026-10-25T23:00:00Z"))
        .isEqualTo("2026-10-25T23:00:00Z 2026-10-26T23:00:00Z");
  }

  /// LordHowe: half an hour lost.
  @Test
  void days_of_half_an_hour_more_or_less_last_as_long_as_they_do() {
    assertThat(day("Australia/Lord_Howe", "2026-04-04T20:00:00Z"))
        .isEqualTo("2026-04-04T13:00:00Z 2026-04-05T13:30:00Z");
    assertThat(day("Australia/Lord_Howe", "2026-10-03T20:00:00Z"))
        .isEqualTo("2026-10-03T13:30:00Z 2026-10-04T13:00:00Z");
  }

  /// Santiago: a day without midnight, skipped.
  @Test
  void a_day_without_midnight_begins_when_it_begins() {
    assertThat(day("America/Santiago", "2026-09-06T04:00:00Z"))
        .isEqualTo("2026-09-06T04:00:00Z 2026-09-07T03:00:00Z");
    assertThat(day("America/Santiago", "2026-09-06T03:59:59.999Z"))
        .isEqualTo("2026-09-05T04:00:00Z 2026-09-06T04:00:00Z");
  }

  /// Tokyo: reset 9 hours late.
  @Test
  void a_day_in_tokyo_begins_at_its_midnight() {
    assertThat(day("Asia/Tokyo", "2026-11-27T15:00:00Z"))
        .isEqualTo("2026-11-27T15:00:00Z 2026-11-28T15:00:00Z");
  }

  @Test
  void weeks_begin_on_the_day_chosen_and_months_on_their_first() {
    Calendars sunday =
        new Calendars(List.of(new Calendars.Entry(0, ZoneId.of("UTC"), DayOfWeek.SUNDAY)));
    assertThat(text(Window.at(Period.WEEK, sunday, 0, at("2026-11-28T00:00:00Z"))))
        .isEqualTo("2026-11-22T00:00:00Z 2026-11-29T00:00:00Z");
    assertThat(text(Window.at(Period.WEEK, in("UTC"), 0, at("2026-11-29T00:00:00Z"))))
        .isEqualTo("2026-11-23T00:00:00Z 2026-11-30T00:00:00Z");
    assertThat(text(Window.at(Period.MONTH, in("America/New_York"), 0, at("2026-03-20T00:00:00Z"))))
        .isEqualTo("2026-03-01T05:00:00Z 2026-04-01T04:00:00Z");
    assertThat(Window.at(Period.LIFETIME, sunday, 7, 9)).isEqualTo(new Window(7, 0));
  }

  @Test
  void counting_begins_when_the_budget_is_made() {
    Window first =
        Window.at(Period.DAY, in("UTC"), at("2026-11-27T13:00:00Z"), at("2026-11-27T14:00:00Z"));
    assertThat(text(first)).isEqualTo("2026-11-27T13:00:00Z 2026-11-28T00:00:00Z");
  }

  /// A new zone counts from the next window, and one that is taken back before that never.
  @Test
  void a_new_zone_counts_from_the_next_window() {
    Calendars.Entry utc = new Calendars.Entry(0, ZoneId.of("UTC"), DayOfWeek.MONDAY);
    Calendars.Entry tokyo =
        new Calendars.Entry(at("2026-11-27T10:00:00Z"), ZoneId.of("Asia/Tokyo"), DayOfWeek.MONDAY);
    Calendars.Entry berlin =
        new Calendars.Entry(
            at("2026-11-27T11:00:00Z"), ZoneId.of("Europe/Berlin"), DayOfWeek.MONDAY);
    Calendars one = new Calendars(List.of(utc, tokyo));
    Calendars two = new Calendars(List.of(utc, tokyo, berlin));

    assertThat(text(Window.at(Period.DAY, one, 0, at("2026-11-27T23:00:00Z"))))
        .isEqualTo("2026-11-27T00:00:00Z 2026-11-28T00:00:00Z");
    assertThat(text(Window.at(Period.DAY, one, 0, at("2026-11-28T00:00:00Z"))))
        .isEqualTo("2026-11-28T00:00:00Z 2026-11-28T15:00:00Z");
    assertThat(text(Window.at(Period.MONTH, one, 0, at("2026-11-30T23:59:59Z"))))
        .isEqualTo("2026-11-01T00:00:00Z 2026-12-01T00:00:00Z");
    assertThat(text(Window.at(Period.DAY, two, 0, at("2026-11-27T23:30:00Z"))))
        .isEqualTo("2026-11-27T00:00:00Z 2026-11-28T00:00:00Z");
    assertThat(text(Window.at(Period.DAY, two, 0, at("2026-11-28T12:00:00Z"))))
        .isEqualTo("2026-11-28T00:00:00Z 2026-11-28T23:00:00Z");
  }

  /// Every instant is in exactly one window, in every zone, over all changes of its clocks.
  @Test
  void windows_of_every_zone_follow_each_other_without_a_gap() {
    List<String> wrong = new ArrayList<>();
    long from = at("2025-12-31T00:00:00Z");
    long to = at("2027-01-02T00:00:00Z");
    for (String zone : ZoneId.getAvailableZoneIds()) {
      Calendars calendars = in(zone);
      long millis = from;
      while (millis < to) {
        Window window = Window.at(Period.DAY, calendars, 0, millis);
        long length = window.endMillis() - window.startMillis();
        LocalDate date =
            Instant.ofEpochMilli(window.startMillis()).atZone(ZoneId.of(zone)).toLocalDate();
        if (window.startMillis() > millis
            || window.endMillis() <= millis
            || window.startMillis() % Duration.ofMinutes(15).toMillis() != 0
            || length > Duration.ofHours(26).toMillis()
            || !Window.at(Period.DAY, calendars, 0, window.endMillis() - 1).equals(window)
            || date.getYear() < 2025) {
          wrong.add(zone + " " + text(window));
        }
        millis = window.endMillis();
      }
    }
    assertThat(wrong).isEmpty();
  }
}
