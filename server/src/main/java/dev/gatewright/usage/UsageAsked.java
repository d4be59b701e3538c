package dev.gatewright.usage;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Extent;
import dev.gatewright.config.Units;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Usd;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What a call asks of usage, by its query.
final class UsageAsked {
  private static final String SINCE_DEFAULT = "7d";
  private static final Duration SINCE_MAX = Duration.ofDays(3_660);
  private static final Duration AHEAD = Duration.ofDays(1);
  private static final Set<String> OUTCOMES =
      Set.of("completed", "cancelled", "failed", "interrupted");

  private final ApiCaller caller;
  private final UnaryOperator<@Nullable String> query;
  private final Instant now;

  /// @param query the value of a name; null = it is not there
  UsageAsked(ApiCaller caller, UnaryOperator<@Nullable String> query, Instant now) {
    this.caller = caller;
    this.query = query;
    this.now = now;
  }

  ZoneId zone() {
    String text = query.apply("tz");
    if (text == null) {
      return ZoneId.of("UTC");
    }
    if (!ZoneId.getAvailableZoneIds().contains(text)) {
      throw Problem.wrong(
          "tz", "%s (expected: a zone such as Europe/Berlin)".formatted(Refusal.shown(text)));
    }
    return ZoneId.of(text);
  }

  /// `[from, to)`; without an end all there is.
  UsageScope scope() {
    String since = query.apply("since");
    String fromText = query.apply("from");
    String toText = query.apply("to");
    if (since != null && (fromText != null || toText != null)) {
      throw Problem.wrong("since", "since: beside from or to (expected: one of both)");
    }
    Instant to = toText == null ? now.plus(AHEAD) : instant("to", toText);
    Instant from = fromText == null ? now.minus(since(since)) : instant("from", fromText);
    if (to.isBefore(from)) {
      throw Problem.wrong("to", "%s (expected: not before from)".formatted(toText));
    }
    if (Duration.between(from, to).compareTo(SINCE_MAX.plus(AHEAD)) > 0) {
      throw Problem.wrong(
          "from", "%s (expected: at most %dd before to)".formatted(fromText, SINCE_MAX.toDays()));
    }
    return new UsageScope(
        caller.tenant().organizationId(),
        caller.extent().confined() ? caller.principal().projects() : null,
        test(),
        Math.max(0, from.toEpochMilli()),
        to.toEpochMilli());
  }

  private static Duration since(@Nullable String text) {
    Duration since = Units.duration(text == null ? SINCE_DEFAULT : text);
    if (since == null || since.isZero() || since.compareTo(SINCE_MAX) > 0) {
      throw Problem.wrong(
          "since",
          "%s (expected: %s, at most %dd)".formatted(text, Units.DURATION, SINCE_MAX.toDays()));
    }
    return since;
  }

  /// A date begins where it does in the zone that was asked for.
  private Instant instant(String name, String text) {
    try {
      Instant at =
          text.length() == 10
              ? LocalDate.parse(text).atStartOfDay(zone()).toInstant()
              : Instant.parse(text);
      if (at.isBefore(Instant.EPOCH) || at.isAfter(now.plus(SINCE_MAX))) {
        throw new DateTimeException("far");
      }
      return at;
    } catch (DateTimeParseException _) {
      throw wrongTime(name, text);
    } catch (DateTimeException _) {
      throw wrongTime(name, text);
    }
  }

  private static Problem wrongTime(String name, String text) {
    return Problem.wrong(
        name, "%s (expected: 2026-11-21, or 2026-11-21T09:00:00Z)".formatted(Refusal.shown(text)));
  }

  boolean test() {
    return switch (query.apply("test")) {
      case null -> false;
      case "true" -> true;
      case "false" -> false;
      case String text ->
          throw Problem.wrong("test", Refusal.shown(text) + " (expected: true or false)");
    };
  }

  /// One or two, by `group` or the older `by`.
  List<UsageGroup> groups() {
    String by = query.apply("by");
    String text = query.apply("group");
    if (by != null && text != null) {
      throw Problem.wrong("by", "by: beside group (expected: one of both)");
    }
    if (text == null) {
      return List.of(group("by", by == null ? UsageGroup.MODEL.word() : by));
    }
    return groups(text, UsageGroup.AT_ONCE_MAX);
  }

  /// At most one that is no time; for a series.
  List<UsageGroup> besideTime() {
    String text = query.apply("group");
    List<UsageGroup> groups = text == null ? List.of() : groups(text, 1);
    if (groups.stream().anyMatch(group -> group.step != null)) {
      throw Problem.wrong("group", text + " (expected: no time; a series is one of step)");
    }
    return groups;
  }

  private List<UsageGroup> groups(String text, int most) {
    List<UsageGroup> groups = new ArrayList<>();
    for (String word : text.split(",", most + 2)) {
      UsageGroup group = group("group", word);
      if (groups.contains(group) || groups.size() == most) {
        throw Problem.wrong(
            "group", "%s (expected: at most %d, each once)".formatted(Refusal.shown(text), most));
      }
      groups.add(group);
    }
    return groups;
  }

  private UsageGroup group(String name, String word) {
    UsageGroup group = UsageGroup.of(word);
    if (group == null) {
      throw Problem.wrong(
          name, "%s (expected: %s)".formatted(Refusal.shown(word), UsageGroup.WORDS));
    }
    if (group.personal() && caller.extent() == Extent.TOTALS) {
      throw Problem.lacking(Permission.USAGE_READ, "your role sees totals, not whose they are");
    }
    return group;
  }

  UsageStep step() {
    String text = query.apply("step");
    if (text == null) {
      return UsageStep.DAY;
    }
    UsageStep step = UsageStep.of(text);
    if (step == null) {
      throw Problem.wrong(
          "step", "%s (expected: %s)".formatted(Refusal.shown(text), UsageStep.WORDS));
    }
    return step;
  }

  /// Whether the answer is a table in text.
  boolean csv() {
    return switch (query.apply("format")) {
      case null -> false;
      case "json" -> false;
      case "csv" -> true;
      case String text ->
          throw Problem.wrong(
              "format", "%s (expected: json or csv)".formatted(Refusal.shown(text)));
    };
  }

  UsageFilter sumFilter() {
    String key = query.apply("key");
    if (key != null && caller.extent() == Extent.TOTALS) {
      throw Problem.lacking(Permission.USAGE_READ, "your role sees totals, not whose they are");
    }
    return UsageFilter.ofSums(
        key, query.apply("model"), query.apply("service"), tag(), query.apply("project"));
  }

  UsageFilter eventFilter() {
    String outcome = query.apply("outcome");
    if (outcome != null && !OUTCOMES.contains(outcome)) {
      throw Problem.wrong(
          "outcome",
          "%s (expected: completed, cancelled, failed or interrupted)"
              .formatted(Refusal.shown(outcome)));
    }
    String status = query.apply("status");
    if (status != null && !status.matches("[1-9][0-9]{0,2}")) {
      throw Problem.wrong("status", "%s (expected: 1 to 999)".formatted(Refusal.shown(status)));
    }
    return new UsageFilter(
        query.apply("key"),
        query.apply("model"),
        query.apply("service"),
        tag(),
        query.apply("project"),
        outcome,
        status == null ? null : Integer.valueOf(status),
        query.apply("request"),
        cost("min_cost"),
        cost("max_cost"));
  }

  private @Nullable String tag() {
    String tag = query.apply("tag");
    if (tag != null && (tag.isEmpty() || tag.indexOf('\n') >= 0)) {
      throw Problem.wrong("tag", "tag: no tag (expected: a word that keys carry)");
    }
    return tag;
  }

  private @Nullable Long cost(String name) {
    String text = query.apply(name);
    if (text == null) {
      return null;
    }
    OptionalLong nano = Usd.parse(text);
    if (nano.isEmpty() || nano.getAsLong() < 0) {
      throw Problem.wrong(
          name,
          "%s (expected: USD such as 0.05)"
              .formatted(Refusal.shown(text.toLowerCase(Locale.ROOT))));
    }
    return nano.getAsLong();
  }
}
