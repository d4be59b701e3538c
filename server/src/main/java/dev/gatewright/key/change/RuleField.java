package dev.gatewright.key.change;

import dev.gatewright.policy.Rule;
import java.util.Locale;

/// A field of a request that is short for one rule.
enum RuleField {
  MODELS(Rule.Effect.ALLOW, Rule.Type.MODELS),
  DENY_MODELS(Rule.Effect.DENY, Rule.Type.MODELS),
  PROVIDERS(Rule.Effect.ALLOW, Rule.Type.PROVIDERS),
  SERVICES(Rule.Effect.ALLOW, Rule.Type.SERVICES),
  ROOMS(Rule.Effect.ALLOW, Rule.Type.ROOMS),
  IP(Rule.Effect.ALLOW, Rule.Type.IP);

  private final Rule.Effect effect;
  private final Rule.Type type;

  RuleField(Rule.Effect effect, Rule.Type type) {
    this.effect = effect;
    this.type = type;
  }

  Rule.Effect effect() {
    return effect;
  }

  Rule.Type type() {
    return type;
  }

  /// Its name in a request: `deny_models`.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  String pointer() {
    return "/" + word();
  }

  /// True for the rules this field is short for.
  boolean names(Rule rule) {
    return rule.effect() == effect && rule.type() == type;
  }
}
