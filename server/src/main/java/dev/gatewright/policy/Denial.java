package dev.gatewright.policy;

/// A policy's no.
///
/// @param layer whose rule it is: `organization`, `project`, `member` or `key`
/// @param rule the rule that denied: a deny rule that matched, or the first allow rule of a type
///   none of whose allow rules matched
/// @param message for the caller; names what was asked for and the rule
public record Denial(String layer, Rule rule, String message) {
  /// More values than this are not repeated in a message.
  private static final int VALUES_SHOWN_MAX = 5;

  static Denial of(String layer, Rule rule, String asked) {
    String why =
        switch (rule.effect()) {
          case ALLOW -> "is not among what the %s's rule allows".formatted(layer);
          case DENY -> "is denied by a rule of the %s".formatted(layer);
        };
    return new Denial(layer, rule, "%s %s: %s".formatted(asked, why, text(rule)));
  }

  /// Such as `allow models fast, local/*`.
  private static String text(Rule rule) {
    StringBuilder text = new StringBuilder();
    text.append(rule.effect().word()).append(' ').append(rule.type().word()).append(' ');
    int shown = Math.min(rule.values().size(), VALUES_SHOWN_MAX);
    text.append(String.join(", ", rule.values().subList(0, shown)));
    if (shown < rule.values().size()) {
      text.append(" and ").append(rule.values().size() - shown).append(" more");
    }
    return text.toString();
  }
}
