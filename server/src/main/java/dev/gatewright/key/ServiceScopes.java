package dev.gatewright.key;

import dev.gatewright.policy.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The scopes of self-hosted services, `<service>:use` and `<service>:manage`. Use is a rule of the
/// policy; manage is a list of its own, so that no rule, and no absence of rules, implies it. Pure.
public final class ServiceScopes {
  /// A service's id; whether it is configured is asked when it is called.
  public static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{1,30}");

  public static final String EXPECTED =
      "2 to 31 of a-z, 0-9 and -, a letter first; it need not be configured yet";

  private ServiceScopes() {}

  static List<String> of(ApiKey key) {
    if (key.kind() != ApiKey.Kind.LIVE) {
      return List.of();
    }
    List<String> scopes = new ArrayList<>(ofRules(key.rules()));
    key.manages().forEach(service -> scopes.add(service + ":manage"));
    return List.copyOf(scopes);
  }

  /// What these rules let a caller use.
  public static List<String> ofRules(List<Rule> rules) {
    List<String> allowed = values(rules, Rule.Effect.ALLOW);
    List<String> denied = values(rules, Rule.Effect.DENY);
    List<String> scopes = new ArrayList<>();
    for (String service : allowed.isEmpty() ? List.of("*") : allowed) {
      if (!denied.contains(service)) {
        scopes.add(service + ":use");
      }
    }
    return List.copyOf(scopes);
  }

  private static List<String> values(List<Rule> rules, Rule.Effect effect) {
    return rules.stream()
        .filter(rule -> rule.type() == Rule.Type.SERVICES && rule.effect() == effect)
        .flatMap(rule -> rule.values().stream())
        .distinct()
        .toList();
  }
}
