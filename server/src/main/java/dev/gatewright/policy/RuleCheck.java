package dev.gatewright.policy;

import dev.gatewright.net.Cidr;
import dev.gatewright.price.meter.Leaves;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a well-formed rule is, for those who write rules. Pure.
public final class RuleCheck {
  public static final int RULES_MAX = 64;

  /// Of one rule, and of all rules of one owner together.
  public static final int VALUES_MAX = 256;

  public static final int VALUE_CHARACTERS_MAX = 256;
  public static final int NAME_CHARACTERS_MAX = 64;

  private RuleCheck() {}

  /// A fault in a rule.
  ///
  /// @param index which value, or -1 when the list itself is at fault
  /// @param message names the value and what was expected
  public record Fault(int index, String message) {}

  /// The first fault of the values for a rule of `type`, or null.
  public static @Nullable Fault fault(Rule.Type type, List<String> values) {
    Fault form = formFault(type, values);
    if (form != null || type != Rule.Type.PRICES) {
      return form;
    }
    for (int i = 0; i < values.size(); i++) {
      for (PriceTerms.Term term : PriceTerms.parse(values.get(i)).terms()) {
        if (!Leaves.priced(term.meter())) {
          return new Fault(
              i, "%s (expected: a meter: %s)".formatted(term.meter(), Leaves.EXPECTED));
        }
      }
    }
    return null;
  }

  /// The first fault of a stored rule's values, or null: which meters there are changes from one
  /// version to another, and what was stored stays readable.
  static @Nullable Fault formFault(Rule.Type type, List<String> values) {
    if (values.isEmpty()) {
      return new Fault(-1, "no values (expected: at least one; leave the rule out to allow all)");
    }
    if (values.size() > VALUES_MAX) {
      return new Fault(-1, "%d values (expected: at most %d)".formatted(values.size(), VALUES_MAX));
    }
    for (int i = 0; i < values.size(); i++) {
      String message = fault(type, values.get(i));
      if (message != null) {
        return new Fault(i, message);
      }
    }
    return null;
  }

  /// What is wrong with what a rule is called, or null.
  static @Nullable String nameFaultOf(String name) {
    if (name.length() > NAME_CHARACTERS_MAX) {
      return "%d characters (expected: at most %d)".formatted(name.length(), NAME_CHARACTERS_MAX);
    }
    return name.chars().anyMatch(Character::isISOControl)
        ? "has control characters (expected: none)"
        : null;
  }

  /// Why these are too many for one owner, or null.
  public static @Nullable String tooMany(List<Rule> rules) {
    int values = rules.stream().mapToInt(rule -> rule.values().size()).sum();
    return values > VALUES_MAX || rules.size() > RULES_MAX
        ? "%d values in %d rules (expected: at most %d in %d)"
            .formatted(values, rules.size(), VALUES_MAX, RULES_MAX)
        : null;
  }

  private static @Nullable String fault(Rule.Type type, String value) {
    if (value.isEmpty() || value.length() > VALUE_CHARACTERS_MAX) {
      return "%d characters (expected: 1…%d)".formatted(value.length(), VALUE_CHARACTERS_MAX);
    }
    return switch (type) {
      case IP -> addressFault(value);
      case PRICES -> priceFault(value);
      case MODELS, PROVIDERS, SERVICES, ROOMS -> nameFault(value);
    };
  }

  private static @Nullable String addressFault(String value) {
    try {
      Cidr.parse(value);
      return null;
    } catch (IllegalArgumentException wrong) {
      return wrong.getMessage();
    }
  }

  private static @Nullable String priceFault(String value) {
    try {
      PriceTerms.parse(value);
      return null;
    } catch (IllegalArgumentException wrong) {
      return wrong.getMessage();
    }
  }

  private static @Nullable String nameFault(String value) {
    int star = value.indexOf('*');
    if (star >= 0 && star < value.length() - 1) {
      return "%s (expected: `*` at the end only)".formatted(value);
    }
    boolean printable = value.chars().allMatch(c -> c > ' ' && c != 0x7f);
    return printable ? null : "a name with a space or control character (expected: none)";
  }
}
