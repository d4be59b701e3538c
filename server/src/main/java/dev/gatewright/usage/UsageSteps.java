package dev.gatewright.usage;

import dev.gatewright.ledger.projection.RollupStep;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// The steps of a time in a zone, as arithmetic that a store can do: between two changes of its
/// clocks a zone differs from UTC by a constant. A step has a number: quarters and hours that of
/// the millisecond they begin at, days and months that of the date. Hours are those of the local
/// clock, each once: an hour that a clock shows twice is two.
public final class UsageSteps {
  private static final long QUARTER_MILLIS = 900_000;
  private static final long HOUR_MILLIS = 3_600_000;
  private static final long DAY_MILLIS = 86_400_000;

  /// Where a long time is cut, of so many parts of the whole.
  private static final int[] WINDOWS = {1, 2, 4, 8, 12, 16, 20, 24, 28, 32};

  private static final int WINDOW_WHOLE = 32;

  private final UsageStep step;
  private final ZoneId zone;
  private final long fromMillis;
  private final long toMillis;
  private final List<Section> sections;

  /// @param offsetMillis what the zone's clock is ahead by, before `untilMillis`
  private record Section(long untilMillis, long offsetMillis) {}

  UsageSteps(UsageStep step, ZoneId zone, long fromMillis, long toMillis) {
    this.step = step;
    this.zone = zone;
    this.fromMillis = fromMillis;
    this.toMillis = toMillis;
    this.sections = sections(zone.getRules(), fromMillis, toMillis);
  }

  private static List<Section> sections(ZoneRules rules, long fromMillis, long toMillis) {
    List<Section> sections = new ArrayList<>();
    // A step may begin before its first attempt.
    Instant at = Instant.ofEpochMilli(fromMillis - 2 * DAY_MILLIS);
    ZoneOffsetTransition next = rules.nextTransition(at);
    while (next != null && next.getInstant().toEpochMilli() < toMillis) {
      sections.add(
          new Section(
              next.getInstant().toEpochMilli(), next.getOffsetBefore().getTotalSeconds() * 1_000L));
      at = next.getInstant();
      next = rules.nextTransition(at);
    }
    sections.add(new Section(Long.MAX_VALUE, rules.getOffset(at).getTotalSeconds() * 1_000L));
    return sections;
  }

  /// The number of the step that a column's time lies in; of a month, one of its days'.
  String sql(String column) {
    return choice(column, offset -> number(column, offset));
  }

  private String choice(String column, LongFunction<String> number) {
    StringBuilder sql = new StringBuilder();
    if (sections.size() == 1) {
      return number.apply(sections.getFirst().offsetMillis());
    }
    sql.append("CASE");
    for (Section section : sections.subList(0, sections.size() - 1)) {
      sql.append(" WHEN %s < %d THEN ".formatted(column, section.untilMillis()))
          .append(number.apply(section.offsetMillis()));
    }
    return sql.append(" ELSE ")
        .append(number.apply(sections.getLast().offsetMillis()))
        .append(" END")
        .toString();
  }

  private String number(String column, long offsetMillis) {
    return switch (step) {
      case QUARTER -> "%s / %d * %2$d".formatted(column, QUARTER_MILLIS);
      case HOUR ->
          "(%1$s + %2$d) / %3$d * %3$d - %2$d"
              .formatted(column, Math.floorMod(offsetMillis, HOUR_MILLIS), HOUR_MILLIS);
      case DAY, MONTH -> "(%s + %d) / %d".formatted(column, offsetMillis, DAY_MILLIS);
    };
  }

  private long offset(long millis) {
    for (Section section : sections) {
      if (millis < section.untilMillis()) {
        return section.offsetMillis();
      }
    }
    return sections.getLast().offsetMillis();
  }

  /// The longest sums that lie within one step each.
  RollupStep grain() {
    boolean hours = true;
    boolean days = sections.size() == 1;
    for (Section section : sections) {
      hours &=
          section.offsetMillis() % HOUR_MILLIS == 0
              && (section.untilMillis() == Long.MAX_VALUE
                  || section.untilMillis() % HOUR_MILLIS == 0);
      days &= section.offsetMillis() == 0;
    }
    RollupStep finest = hours ? RollupStep.HOUR : RollupStep.QUARTER;
    return switch (step) {
      case QUARTER -> RollupStep.QUARTER;
      case HOUR -> finest;
      case DAY -> days ? RollupStep.DAY : finest;
      case MONTH -> days ? RollupStep.MONTH : finest;
    };
  }

  /// The sums of UTC that are as long as the steps, which may begin at other times; null = there
  /// are none.
  @Nullable RollupStep alike() {
    return switch (step) {
      case DAY -> RollupStep.DAY;
      case MONTH -> RollupStep.MONTH;
      case QUARTER, HOUR -> null;
    };
  }

  /// The number of the step of UTC that a column's time lies in.
  String utcSql(String column) {
    return number(column, 0);
  }

  /// A piece of time.
  record Span(long fromMillis, long toMillis) {}

  /// The zone's days or months between two times, each cut at these.
  List<Span> spans(long from, long to) {
    List<Span> spans = new ArrayList<>();
    for (long at = from; at < to; ) {
      LocalDate date = date(at);
      LocalDate next =
          step == UsageStep.MONTH ? date.withDayOfMonth(1).plusMonths(1) : date.plusDays(1);
      long until = Math.min(to, next.atStartOfDay(zone).toInstant().toEpochMilli());
      spans.add(new Span(at, until));
      at = until;
    }
    return spans;
  }

  /// The time in pieces, first short ones, none of which ends within an hour of the zone.
  List<Span> windows(long from, long to) {
    List<Span> windows = new ArrayList<>();
    long begin = from;
    for (int share : WINDOWS) {
      long end = share == WINDOW_WHOLE ? to : hour(from + (to - from) / WINDOW_WHOLE * share);
      if (begin < end) {
        windows.add(new Span(begin, end));
        begin = end;
      }
    }
    return windows;
  }

  /// What UTC counts to another step than this zone does.
  ///
  /// @param alike from [#alike]; both ends begin one of its steps
  List<Span> moved(RollupStep alike, long firstMillis, long lastMillis) {
    List<Span> moved = new ArrayList<>();
    for (long begin = firstMillis; begin < lastMillis; ) {
      long end = alike.ceiling(begin + 1);
      long utc = step(begin / DAY_MILLIS);
      for (Span span : spans(begin, end)) {
        if (step(date(span.fromMillis()).toEpochDay()) != utc) {
          moved.add(span);
        }
      }
      begin = end;
    }
    return moved;
  }

  /// The step's number, from what [#sql] yields.
  long step(long number) {
    if (step != UsageStep.MONTH) {
      return number;
    }
    LocalDate date = LocalDate.ofEpochDay(number);
    return date.getYear() * 12L + date.getMonthValue() - 1;
  }

  /// How many there are at the most, without counting them.
  long most() {
    long length =
        switch (step) {
          case QUARTER -> QUARTER_MILLIS;
          case HOUR -> HOUR_MILLIS;
          case DAY -> DAY_MILLIS;
          case MONTH -> 28 * DAY_MILLIS;
        };
    return (toMillis - fromMillis) / length + 2;
  }

  /// All of them, in their order.
  List<Long> all() {
    TreeSet<Long> all = new TreeSet<>();
    if (step == UsageStep.QUARTER || step == UsageStep.HOUR) {
      for (long at = fromMillis - Math.floorMod(fromMillis, QUARTER_MILLIS);
          at < toMillis;
          at += QUARTER_MILLIS) {
        all.add(step == UsageStep.QUARTER ? at : hour(Math.max(at, fromMillis)));
      }
    } else {
      LocalDate last = date(toMillis - 1);
      for (LocalDate date = date(fromMillis); !date.isAfter(last); date = date.plusDays(1)) {
        all.add(step(date.toEpochDay()));
      }
    }
    return List.copyOf(all);
  }

  private long hour(long millis) {
    long ahead = Math.floorMod(offset(millis), HOUR_MILLIS);
    return Math.floorDiv(millis + ahead, HOUR_MILLIS) * HOUR_MILLIS - ahead;
  }

  private LocalDate date(long millis) {
    return Instant.ofEpochMilli(millis).atZone(zone).toLocalDate();
  }

  /// When a step begins.
  Instant start(long number) {
    return switch (step) {
      case QUARTER, HOUR -> Instant.ofEpochMilli(number);
      case DAY -> LocalDate.ofEpochDay(number).atStartOfDay(zone).toInstant();
      case MONTH ->
          YearMonth.of((int) (number / 12), (int) (number % 12) + 1)
              .atDay(1)
              .atStartOfDay(zone)
              .toInstant();
    };
  }

  /// A step as a group's name: `2026-11-21`, or the hour with what the clock was ahead by.
  String label(long number) {
    return step == UsageStep.DAY
        ? LocalDate.ofEpochDay(number).toString()
        : start(number)
            .atZone(zone)
            .toOffsetDateTime()
            .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
  }
}
