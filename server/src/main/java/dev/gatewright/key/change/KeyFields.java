package dev.gatewright.key.change;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.config.Units;
import dev.gatewright.edge.CorsConfig;
import dev.gatewright.edge.Refusal;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyNotes;
import dev.gatewright.key.KeySpending;
import dev.gatewright.key.NewKey;
import dev.gatewright.key.ServiceScopes;
import dev.gatewright.policy.Policy;
import dev.gatewright.policy.Rule;
import dev.gatewright.policy.RuleCheck;
import dev.gatewright.policy.RuleText;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What people may write into a key's fields, when it is made and when it is edited. Pure.
final class KeyFields {
  static final Duration LIFE_MAX = Duration.ofDays(3650);

  private static final Pattern OWNER = Pattern.compile("per_[0-9A-Za-z]{1,40}");

  static final String ALLOW_UNPRICED = "allow_unpriced";
  static final String OUTPUT_TOKENS_MAX = "max_output_tokens";

  private KeyFields() {}

  /// A field at fault.
  static final class Fault extends Exception {
    private static final long serialVersionUID = 1L;

    private final String pointer;

    /// @param pointer JSON pointer of the field
    /// @param message names the value and what was expected
    Fault(String pointer, String message) {
      super(message, null, false, false);
      this.pointer = pointer;
    }

    String pointer() {
      return pointer;
    }

    String sentence() {
      return String.valueOf(getMessage());
    }
  }

  static String name(@Nullable String name) throws Fault {
    String text = name == null ? "" : name.strip();
    if (text.isEmpty() || text.length() > NewKey.NAME_CHARACTERS_MAX) {
      throw new Fault(
          "/name",
          "%d characters (expected: 1 to %d)".formatted(text.length(), NewKey.NAME_CHARACTERS_MAX));
    }
    return printable("/name", text);
  }

  static String user(@Nullable String user) throws Fault {
    String text = user == null ? "" : user.strip();
    if (text.length() > NewKey.USER_CHARACTERS_MAX) {
      throw new Fault(
          "/user",
          "%d characters (expected: at most %d)"
              .formatted(text.length(), NewKey.USER_CHARACTERS_MAX));
    }
    return printable("/user", text);
  }

  static List<String> tags(@Nullable List<@Nullable String> tags) throws Fault {
    List<String> all = new ArrayList<>();
    for (String tag : tags == null ? List.<@Nullable String>of() : tags) {
      String pointer = "/tags/" + all.size();
      String text = tag == null ? "" : tag.strip();
      if (text.isEmpty() || text.length() > NewKey.TAG_CHARACTERS_MAX) {
        throw new Fault(
            pointer,
            "%d characters (expected: 1 to %d)"
                .formatted(text.length(), NewKey.TAG_CHARACTERS_MAX));
      }
      all.add(printable(pointer, text));
      if (all.size() > NewKey.TAGS_MAX) {
        throw new Fault("/tags", "too many (expected: at most %d)".formatted(NewKey.TAGS_MAX));
      }
    }
    return all.stream().distinct().toList();
  }

  static List<String> origins(@Nullable List<@Nullable String> origins) throws Fault {
    List<String> all = new ArrayList<>();
    for (String origin : origins == null ? List.<@Nullable String>of() : origins) {
      String normal = origin == null ? null : CorsConfig.normal(origin);
      if (normal == null) {
        throw new Fault(
            "/origins/" + all.size(),
            "%s (expected: %s)"
                .formatted(Refusal.shown(String.valueOf(origin)), CorsConfig.EXPECTED));
      }
      all.add(normal);
    }
    if (all.size() > NewKey.ORIGINS_MAX) {
      throw new Fault(
          "/origins",
          "%d origins (expected: at most %d)".formatted(all.size(), NewKey.ORIGINS_MAX));
    }
    return all.stream().distinct().toList();
  }

  /// @param metadata an object of the owner's own, or null for none
  static String metadata(@Nullable JsonNode metadata) throws Fault {
    if (metadata == null || metadata.isNull() || metadata.isMissingNode()) {
      return KeyNotes.NO_METADATA;
    }
    if (!metadata.isObject()) {
      throw new Fault("/metadata", "wrong type (expected: an object)");
    }
    String text = metadata.toString();
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > KeyNotes.METADATA_BYTES_MAX) {
      throw new Fault(
          "/metadata",
          "%d bytes as JSON (expected: at most %d)".formatted(bytes, KeyNotes.METADATA_BYTES_MAX));
    }
    return text;
  }

  /// @return null = the key says nothing
  static @Nullable Boolean allowUnpriced(@Nullable JsonNode value) throws Fault {
    if (value == null || value.isNull() || value.isMissingNode()) {
      return null;
    }
    if (!value.isBoolean()) {
      throw new Fault("/" + ALLOW_UNPRICED, "wrong type (expected: true, false or null)");
    }
    return value.booleanValue();
  }

  /// @return null = the key says nothing
  static @Nullable Long outputTokensMax(@Nullable JsonNode value) throws Fault {
    if (value == null || value.isNull() || value.isMissingNode()) {
      return null;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < 1
        || value.longValue() > KeySpending.OUTPUT_TOKENS_MAX) {
      throw new Fault(
          "/" + OUTPUT_TOKENS_MAX,
          "%s (expected: a whole number from 1 to 1000000000)"
              .formatted(Refusal.shown(value.toString())));
    }
    return value.longValue();
  }

  /// @return null = nobody: the key is its project's
  static @Nullable String owner(@Nullable String owner) throws Fault {
    if (owner != null && !OWNER.matcher(owner).matches()) {
      throw new Fault(
          "/owner", "%s (expected: a member's id, per_…)".formatted(Refusal.shown(owner)));
    }
    return owner;
  }

  private static String printable(String pointer, String text) throws Fault {
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new Fault(pointer, "has control characters (expected: none)");
    }
    return text;
  }

  /// Services whose manage paths a key shall reach.
  static List<String> manage(
      @Nullable List<@Nullable String> services, ApiKey.Kind kind, List<Rule> rules) throws Fault {
    List<String> ids = serviceIds("/manage", services);
    if (!ids.isEmpty() && kind == ApiKey.Kind.TEST) {
      throw new Fault("/manage", "a test key reaches no services (expected: none)");
    }
    Policy policy = Policy.ofKey("", rules);
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
            "%s (expected: a service's id, %s)"
                .formatted(Refusal.shown(String.valueOf(value)), ServiceScopes.EXPECTED));
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

  /// @return null = never
  static @Nullable Instant expires(
      @Nullable String expiresIn, @Nullable String expiresAt, Instant now) throws Fault {
    if (expiresIn != null && expiresAt != null) {
      throw new Fault("/expires_at", "given together with expires_in (expected: one of them)");
    }
    if (expiresIn != null) {
      Duration life = Units.duration(expiresIn);
      if (life == null || life.isZero() || life.compareTo(LIFE_MAX) > 0) {
        throw new Fault(
            "/expires_in",
            "%s (expected: %s, at most 3650d)"
                .formatted(Refusal.shown(String.valueOf(expiresIn)), Units.DURATION));
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

  /// @return null = from the beginning
  static @Nullable Instant begins(@Nullable String notBefore, Instant now) throws Fault {
    Instant begins = time("/not_before", notBefore);
    if (begins != null && (begins.isBefore(Instant.EPOCH) || begins.isAfter(now.plus(LIFE_MAX)))) {
      throw new Fault(
          "/not_before", "%s (expected: after 1970, at most 3650 days ahead)".formatted(begins));
    }
    return begins;
  }

  static void requireOrder(long notBeforeMillis, @Nullable Long expiresMillis) throws Fault {
    if (notBeforeMillis > 0 && expiresMillis != null && notBeforeMillis >= expiresMillis) {
      throw new Fault(
          "/not_before",
          "%s (expected: before expires_at)".formatted(Instant.ofEpochMilli(notBeforeMillis)));
    }
  }

  private static @Nullable Instant time(String pointer, @Nullable String text) throws Fault {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException wrong) {
      throw new Fault(
          pointer,
          "%s (expected: such as 2027-01-31T12:00:00Z)"
              .formatted(Refusal.shown(String.valueOf(text))));
    }
  }

  /// The rules of a list, in its order.
  static List<Rule> rules(@Nullable List<@Nullable RuleText> texts) throws Fault {
    List<@Nullable RuleText> given = texts == null ? List.of() : texts;
    if (given.size() > RuleCheck.RULES_MAX) {
      throw new Fault(
          "/rules", "%d rules (expected: at most %d)".formatted(given.size(), RuleCheck.RULES_MAX));
    }
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      rules.add(rule("/rules/" + i, given.get(i)));
    }
    return rules;
  }

  private static Rule rule(String pointer, @Nullable RuleText text) throws Fault {
    if (text == null) {
      throw new Fault(pointer, "null (expected: a rule)");
    }
    return rule(text.read(pointer));
  }

  private static Rule rule(RuleText.Read read) throws Fault {
    return switch (read) {
      case RuleText.Read.Good(Rule rule) -> rule;
      case RuleText.Read.Wrong(String pointer, String message) -> throw new Fault(pointer, message);
    };
  }

  /// The rule a field that is short for one makes.
  static Rule rule(RuleField field, List<@Nullable String> values) throws Fault {
    if (field == RuleField.SERVICES) {
      serviceIds(field.pointer(), values);
    }
    return rule(RuleText.read(field.pointer(), field.effect(), field.type(), values, ""));
  }

  /// All rules of a key together are bounded too.
  static List<Rule> bounded(List<Rule> rules) throws Fault {
    String tooMany = RuleCheck.tooMany(rules);
    if (tooMany != null) {
      throw new Fault("/rules", tooMany);
    }
    return rules;
  }
}
