package dev.gatewright.key;

import dev.gatewright.policy.Rule;
import java.util.List;

/// What a key may do, as far as the key itself says. Immutable.
///
/// @param rules the key's own layer of policy
/// @param manages services whose manage paths it reaches, such as pulling a model; never implied by
///   a rule
/// @param origins pages it may be used from, as browsers write them; none = from anywhere
/// @param spending what its calls may cost
public record KeyPower(
    List<Rule> rules, List<String> manages, List<String> origins, KeySpending spending) {
  /// Whatever its organization may.
  public static final KeyPower WHOLE = new KeyPower(List.of(), List.of(), List.of());

  public KeyPower {
    rules = List.copyOf(rules);
    manages = List.copyOf(manages);
    origins = List.copyOf(origins);
  }

  /// One that says nothing of what its calls may cost.
  public KeyPower(List<Rule> rules, List<String> manages, List<String> origins) {
    this(rules, manages, origins, KeySpending.NONE);
  }

  public static KeyPower of(List<Rule> rules) {
    return new KeyPower(rules, List.of(), List.of());
  }
}
