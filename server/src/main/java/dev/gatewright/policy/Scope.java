package dev.gatewright.policy;

import dev.gatewright.net.Cidr;
import dev.gatewright.net.IpLiteral;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Compares what two keys' rules let through: a key must not make, or be handed, one that may do
/// more than itself. Pure.
///
/// The comparison is on the rules' text and errs on the side of no: a narrower key repeats the deny
/// rules of the wider one and names, in allow rules, values inside those of the wider one.
public final class Scope {
  private Scope() {}

  /// The rule of `outer` that `inner` goes beyond, or null when `inner` lies within `outer`.
  public static @Nullable Rule exceeded(List<Rule> outer, List<Rule> inner) {
    for (Rule.Type type : Rule.Type.values()) {
      List<Rule> allows = of(outer, type, Rule.Effect.ALLOW);
      List<String> inside = values(of(inner, type, Rule.Effect.ALLOW));
      if (!allows.isEmpty() && (inside.isEmpty() || !covers(type, values(allows), inside))) {
        return allows.getFirst();
      }
      List<String> denied = values(of(inner, type, Rule.Effect.DENY));
      for (Rule deny : of(outer, type, Rule.Effect.DENY)) {
        if (!covers(type, denied, deny.values())) {
          return deny;
        }
      }
    }
    return null;
  }

  private static List<Rule> of(List<Rule> rules, Rule.Type type, Rule.Effect effect) {
    return rules.stream().filter(rule -> rule.type() == type && rule.effect() == effect).toList();
  }

  private static List<String> values(List<Rule> rules) {
    List<String> values = new ArrayList<>();
    for (Rule rule : rules) {
      values.addAll(rule.values());
    }
    return values;
  }

  /// Every one of `narrow` lies within some of `wide`.
  private static boolean covers(Rule.Type type, List<String> wide, List<String> narrow) {
    return switch (type) {
      case PRICES -> {
        List<PriceTerms> prices = wide.stream().map(PriceTerms::parse).toList();
        yield narrow.stream()
            .map(PriceTerms::parse)
            .allMatch(one -> prices.stream().anyMatch(each -> each.covers(one)));
      }
      case IP -> narrow.stream().allMatch(value -> coversRange(wide, value));
      case MODELS, PROVIDERS, SERVICES, ROOMS -> {
        Names names = new Names(wide);
        yield narrow.stream().allMatch(names::covers);
      }
    };
  }

  private static boolean coversRange(List<String> wide, String narrow) {
    Cidr inner = Cidr.parse(narrow);
    String text = inner.toString();
    InetAddress first =
        Objects.requireNonNull(IpLiteral.parse(text.substring(0, text.indexOf('/'))), text);
    return wide.stream()
        .map(Cidr::parse)
        .anyMatch(outer -> outer.bits() <= inner.bits() && outer.contains(first));
  }
}
