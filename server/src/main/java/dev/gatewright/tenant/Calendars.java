package dev.gatewright.tenant;

import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// In which time zone an organization's days begin, and on which day its weeks, and what held
/// before: what was counted by one calendar is not counted anew by the next. Immutable.
///
/// @param entries oldest first, at least one
public record Calendars(List<Entry> entries) {
  /// What holds from an instant on.
  ///
  /// @param sinceMillis when it was set, epoch milliseconds; 0 = from the beginning
  public record Entry(long sinceMillis, ZoneId zone, DayOfWeek weekStart) {
    /// `monday`, as in JSON.
    public String weekStartWord() {
      return weekStart.name().toLowerCase(Locale.ROOT);
    }
  }

  /// Days of UTC, weeks from Monday on.
  public static final Calendars UTC =
      new Calendars(List.of(new Entry(0, ZoneId.of("UTC"), DayOfWeek.MONDAY)));

  /// The longest a window lasts; what held before nobody asks for any more.
  private static final long KEPT_MILLIS = 70L * 86_400_000;

  private static final int ENTRIES_MAX = 32;

  public Calendars {
    entries = List.copyOf(entries);
    if (entries.isEmpty()) {
      throw new IllegalArgumentException("calendars: none (expected: at least one)");
    }
  }

  /// What was set last.
  public Entry latest() {
    return entries.getLast();
  }

  /// What held at an instant.
  public Entry at(long millis) {
    Entry held = entries.getFirst();
    for (Entry entry : entries) {
      held = entry.sinceMillis <= millis ? entry : held;
    }
    return held;
  }

  /// The same with another one from `nowMillis` on.
  ///
  /// @param zone null = as it is
  /// @param weekStart null = as it is
  Calendars with(@Nullable ZoneId zone, @Nullable DayOfWeek weekStart, long nowMillis) {
    Entry last = latest();
    Entry next =
        new Entry(
            nowMillis,
            zone == null ? last.zone : zone,
            weekStart == null ? last.weekStart : weekStart);
    if (next.zone.equals(last.zone) && next.weekStart == last.weekStart) {
      return this;
    }
    List<Entry> kept = new ArrayList<>(entries);
    while (kept.size() > 1 && kept.get(1).sinceMillis < nowMillis - KEPT_MILLIS) {
      kept.removeFirst();
    }
    if (kept.size() >= ENTRIES_MAX) {
      kept.removeFirst();
    }
    kept.add(next);
    return new Calendars(kept);
  }

  /// As it is kept: a line each.
  public String text() {
    if (equals(UTC)) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (Entry entry : entries) {
      text.append(entry.sinceMillis).append(' ').append(entry.zone.getId());
      text.append(' ').append(entry.weekStartWord()).append('\n');
    }
    return text.toString();
  }

  /// @throws IllegalArgumentException when it is no such text
  public static Calendars parse(String text) {
    if (text.isEmpty()) {
      return UTC;
    }
    return new Calendars(
        text.lines()
            .map(line -> {
              String[] words = line.split(" ", -1);
              return new Entry(
                  Long.parseLong(words[0]),
                  ZoneId.of(words[1]),
                  DayOfWeek.valueOf(words[2].toUpperCase(Locale.ROOT)));
            })
            .toList());
  }
}
