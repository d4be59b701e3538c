package dev.gatewright.key;

import dev.gatewright.account.Tenant;
import dev.gatewright.config.Units;
import dev.gatewright.policy.Rule;
import dev.gatewright.policy.RuleCheck;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The body of `POST /api/keys`, as it came; [#checked] is the way to a [NewKey].
///
/// @param kind `live`, `test` or `admin`; null = live
/// @param expiresIn a duration such as `30d`; not together with `expiresAt`
/// @param expiresAt RFC 3339
/// @param notBefore RFC 3339
/// @param models short for a rule `allow models`
/// @param ip short for a rule `allow ip`
record KeyRequest(
    @Nullable String name,
    @Nullable String kind,
    @Nullable String expiresIn,
    @Nullable String expiresAt,
    @Nullable String notBefore,
    @Nullable List<@Nullable String> models,
    @Nullable List<@Nullable String> ip,
    @Nullable List<@Nullable RuleRequest> rules) {
  private static final Duration LIFE_MAX = Duration.ofDays(3650);

  record RuleRequest(
      @Nullable String effect, @Nullable String type, @Nullable List<@Nullable String> values) {}

  /// What came of it.
  sealed interface Checked {
    record Good(NewKey key) implements Checked {}

    /// @param pointer JSON pointer of the field at fault
    /// @param message names the value and what was expected
    record Wrong(String pointer, String message) implements Checked {}
  }

  Checked checked(Tenant tenant, Instant now) {
    try {
      ApiKey.Kind wanted = KeyFormat.kindOf(kind == null ? "live" : kind);
      if (wanted == null) {
        throw new Fault("/kind", "%s (expected: live, test or admin)".formatted(kind));
      }
      Instant expires = expires(now);
      Instant begins = time("/not_before", notBefore);
      if (begins != null && expires != null && !begins.isBefore(expires)) {
        throw new Fault("/not_before", "%s (expected: before expires_at)".formatted(begins));
      }
      return new Checked.Good(
          new NewKey(
              tenant,
              wanted,
              checkedName(),
              begins == null ? 0 : begins.toEpochMilli(),
              expires == null ? null : expires.toEpochMilli(),
              checkedRules()));
    } catch (Fault fault) {
      return new Checked.Wrong(fault.pointer, String.valueOf(fault.getMessage()));
    }
  }

  private String checkedName() throws Fault {
    String text = name == null ? "" : name.strip();
    if (text.isEmpty() || text.length() > NewKey.NAME_CHARACTERS_MAX) {
      throw new Fault(
          "/name",
          "%d characters (expected: 1 to %d)".formatted(text.length(), NewKey.NAME_CHARACTERS_MAX));
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new Fault("/name", "has control characters (expected: none)");
    }
    return text;
  }

  private @Nullable Instant expires(Instant now) throws Fault {
    if (expiresIn != null && expiresAt != null) {
      throw new Fault("/expires_at", "given together with expires_in (expected: one of them)");
    }
    if (expiresIn != null) {
      Duration life = Units.duration(expiresIn);
      if (life == null || life.isZero() || life.compareTo(LIFE_MAX) > 0) {
        throw new Fault(
            "/expires_in", "%s (expected: %s, at most 3650d)".formatted(expiresIn, Units.DURATION));
      }
      return now.plus(life);
    }
    Instant expires = time("/expires_at", expiresAt);
    if (expires != null && (!expires.isAfter(now) || expires.isAfter(now.plus(LIFE_MAX)))) {
      throw new Fault(
          "/expires_at", "%s (expected: in the future, at most 3650 days)".formatted(expires));
    }
    return expires;
  }

  private static @Nullable Instant time(String pointer, @Nullable String text) throws Fault {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException wrong) {
      throw new Fault(pointer, "%s (expected: such as 2027-01-31T12:00:00Z)".formatted(text));
    }
  }

  private List<Rule> checkedRules() throws Fault {
    List<Rule> all = new ArrayList<>();
    add(all, "/models", Rule.Effect.ALLOW, Rule.Type.MODELS, models);
    add(all, "/ip", Rule.Effect.ALLOW, Rule.Type.IP, ip);
    List<@Nullable RuleRequest> more = rules == null ? List.of() : rules;
    if (more.size() > RuleCheck.RULES_MAX) {
      throw new Fault(
          "/rules", "%d rules (expected: at most %d)".formatted(more.size(), RuleCheck.RULES_MAX));
    }
    for (int i = 0; i < more.size(); i++) {
      String pointer = "/rules/" + i;
      RuleRequest rule = more.get(i);
      if (rule == null) {
        throw new Fault(pointer, "null (expected: a rule)");
      }
      Rule.Effect effect = rule.effect() == null ? null : Rule.Effect.of(rule.effect());
      if (effect == null) {
        throw new Fault(
            pointer + "/effect", "%s (expected: allow or deny)".formatted(rule.effect()));
      }
      Rule.Type type = rule.type() == null ? null : Rule.Type.of(rule.type());
      if (type == null) {
        throw new Fault(
            pointer + "/type",
            "%s (expected: models, providers, services, rooms or ip)".formatted(rule.type()));
      }
      add(
          all,
          pointer + "/values",
          effect,
          type,
          rule.values() == null ? List.of() : rule.values());
    }
    int values = all.stream().mapToInt(rule -> rule.values().size()).sum();
    if (values > RuleCheck.VALUES_MAX) {
      throw new Fault(
          "/rules",
          "%d values in all rules (expected: at most %d)".formatted(values, RuleCheck.VALUES_MAX));
    }
    return all;
  }

  private static void add(
      List<Rule> all,
      String pointer,
      Rule.Effect effect,
      Rule.Type type,
      @Nullable List<@Nullable String> values)
      throws Fault {
    if (values == null) {
      return;
    }
    List<String> texts = new ArrayList<>();
    for (String value : values) {
      texts.add(value == null ? "" : value);
    }
    RuleCheck.Fault fault = RuleCheck.fault(type, texts);
    if (fault != null) {
      String place = fault.index() < 0 ? pointer : pointer + "/" + fault.index();
      throw new Fault(place, fault.message());
    }
    all.add(new Rule(effect, type, texts));
  }

  /// Leads from a field at fault to [Checked.Wrong], inside this record alone.
  private static final class Fault extends Exception {
    private static final long serialVersionUID = 1L;

    private final String pointer;

    Fault(String pointer, String message) {
      super(message, null, false, false);
      this.pointer = pointer;
    }
  }
}
