package dev.gatewright.key.change;

import dev.gatewright.account.Tenant;
import dev.gatewright.config.Units;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyFormat;
import dev.gatewright.key.NewKey;
import dev.gatewright.key.ServiceScopes;
import dev.gatewright.key.migration.file.ImportRow;
import dev.gatewright.policy.Layer;
import dev.gatewright.policy.Policy;
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
/// @param services short for a rule `allow services`
/// @param manage services whose manage paths it shall reach
/// @param user whom it is given to
public record KeyRequest(
    @Nullable String name,
    @Nullable String kind,
    @Nullable String expiresIn,
    @Nullable String expiresAt,
    @Nullable String notBefore,
    @Nullable List<@Nullable String> models,
    @Nullable List<@Nullable String> ip,
    @Nullable List<@Nullable RuleRequest> rules,
    @Nullable List<@Nullable String> services,
    @Nullable List<@Nullable String> manage,
    @Nullable String user) {
  private static final Duration LIFE_MAX = Duration.ofDays(3650);

  public record RuleRequest(
      @Nullable String effect, @Nullable String type, @Nullable List<@Nullable String> values) {

    public static @Nullable List<@Nullable RuleRequest> of(
        @Nullable List<ImportRow.@Nullable RuleText> rules) {
      if (rules == null) {
        return null;
      }
      List<@Nullable RuleRequest> requests = new ArrayList<>();
      for (ImportRow.RuleText rule : rules) {
        requests.add(
            rule == null ? null : new RuleRequest(rule.effect(), rule.type(), rule.values()));
      }
      return requests;
    }
  }

  /// What came of it.
  public sealed interface Checked {
    record Good(NewKey key) implements Checked {}

    /// @param pointer JSON pointer of the field at fault
    /// @param message names the value and what was expected
    record Wrong(String pointer, String message) implements Checked {}
  }

  public Checked checked(Tenant tenant, Instant now) {
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
      List<Rule> allRules = checkedRules();
      return new Checked.Good(
          new NewKey(
              tenant,
              wanted,
              checkedName(),
              begins == null ? 0 : begins.toEpochMilli(),
              expires == null ? null : expires.toEpochMilli(),
              allRules,
              checkedManage(wanted, allRules),
              checkedUser()));
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

  private String checkedUser() throws Fault {
    String text = user == null ? "" : user.strip();
    if (text.length() > NewKey.USER_CHARACTERS_MAX) {
      throw new Fault(
          "/user",
          "%d characters (expected: at most %d)"
              .formatted(text.length(), NewKey.USER_CHARACTERS_MAX));
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new Fault("/user", "has control characters (expected: none)");
    }
    return text;
  }

  private List<String> checkedManage(ApiKey.Kind wanted, List<Rule> allRules) throws Fault {
    List<String> ids = serviceIds("/manage", manage);
    if (!ids.isEmpty() && wanted == ApiKey.Kind.TEST) {
      throw new Fault("/manage", "a test key reaches no services (expected: none)");
    }
    Policy policy = Policy.of(List.of(Layer.key(allRules)));
    for (int i = 0; i < ids.size(); i++) {
      // Managing without use would be a grant that looks given and never works.
      if (policy.service(ids.get(i)) != null) {
        throw new Fault(
            "/manage/" + i, "%s (expected: a service the key may use)".formatted(ids.get(i)));
      }
    }
    return ids;
  }

  private static List<String> serviceIds(String pointer, @Nullable List<@Nullable String> values)
      throws Fault {
    List<String> ids = new ArrayList<>();
    for (String value : values == null ? List.<@Nullable String>of() : values) {
      if (value == null || !ServiceScopes.ID.matcher(value).matches()) {
        throw new Fault(
            pointer + "/" + ids.size(),
            "%s (expected: a service's id, %s)".formatted(value, ServiceScopes.EXPECTED));
      }
      ids.add(value);
    }
    if (ids.size() > RuleCheck.VALUES_MAX) {
      throw new Fault(
          pointer,
          "%d services (expected: at most %d)".formatted(ids.size(), RuleCheck.VALUES_MAX));
    }
    return ids;
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
    serviceIds("/services", services);
    add(all, "/services", Rule.Effect.ALLOW, Rule.Type.SERVICES, services);
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
