package dev.gatewright.usage;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What usage is summed by.
public enum UsageGroup {
  /// The name the callers asked for.
  MODEL("model"),
  /// `provider/model` as used.
  TARGET("target"),
  PROVIDER("provider"),
  KEY("key_id"),
  PROJECT("project_id"),
  /// Whose key it is.
  MEMBER("member_id"),
  SERVICE("service"),
  SITE("site"),
  /// A call of two tags counts in both.
  TAG("tags"),
  DAY(UsageStep.DAY),
  HOUR(UsageStep.HOUR);

  static final int AT_ONCE_MAX = 2;

  /// Words for messages.
  static final String WORDS =
      Arrays.stream(values()).map(UsageGroup::word).collect(Collectors.joining(", "));

  /// The column; empty for a time.
  final String column;

  final @Nullable UsageStep step;

  UsageGroup(String column) {
    this.column = column;
    this.step = null;
  }

  UsageGroup(UsageStep step) {
    this.column = "";
    this.step = step;
  }

  /// The word in the query and the name of the field in the answer.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Names people, or what they hold.
  boolean personal() {
    return this == KEY || this == MEMBER;
  }

  static @Nullable UsageGroup of(String word) {
    for (UsageGroup group : values()) {
      if (group.word().equals(word)) {
        return group;
      }
    }
    return null;
  }

  /// The column of distinct requests within groups of these, and the condition that says the same
  /// of a single attempt. A request has one model, key and time (that of its first attempt), but
  /// may have tried several targets and providers; it counts once in the group of each.
  static Requests requests(List<UsageGroup> groups) {
    if (groups.contains(TARGET)) {
      return new Requests("first_on_target", "first_on_target = 1");
    }
    return groups.contains(PROVIDER)
        ? new Requests("first_on_provider", "first_on_provider = 1")
        : new Requests("first_attempts", "ordinal = 0");
  }

  record Requests(String column, String condition) {}
}
