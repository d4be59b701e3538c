package dev.gatewright.policy;

/// A policy's no.
///
/// @param layer whose rule it is: `organization`, `project`, `member` or `key`
/// @param rule the rule that denied: a deny rule that matched, or the first allow rule of a type
///   none of whose allow rules matched
/// @param message for the caller; names what was asked for and the rule
public record Denial(String layer, Rule rule, String message) {
  static Denial of(String layer, Rule rule, String asked) {
    String why =
        switch (rule.effect()) {
          case ALLOW -> "is not among what the %s's rule allows".formatted(layer);
          case DENY -> "is denied by a rule of the %s".formatted(layer);
        };
    return new Denial(layer, rule, "%s %s: %s".formatted(asked, why, rule.text()));
  }
}
