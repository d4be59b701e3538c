package dev.gatewright.key.migration.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.key.migration.file.FieldText.Wrong;
import dev.gatewright.policy.RuleText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A key's record in another gate, read field by field: each is understood, or the row is refused
/// with its name, so that no key comes out wider than it was. Where several fields say when it ends
/// or whether it is on, the narrowest holds. Confined to one thread.
final class ForeignRecord {
  private final KeyFileContent.Builder into;
  private final List<@Nullable RuleText> rules = new ArrayList<>();
  private @Nullable String name;
  private @Nullable String user;
  private @Nullable List<@Nullable String> services;
  private @Nullable String servicesField;
  private @Nullable String created;
  private @Nullable String begins;
  private @Nullable String expires;
  private @Nullable Boolean enabled;

  private ForeignRecord(KeyFileContent.Builder into) {
    this.into = into;
  }

  /// @param key its clear text; or else
  /// @param sha256 its hash
  static ImportRow read(
      int line,
      @Nullable String key,
      @Nullable String sha256,
      ObjectNode fields,
      KeyFileContent.Builder into)
      throws Wrong {
    ForeignRecord record = new ForeignRecord(into);
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      record.take(field.getKey(), field.getValue());
    }
    String name = record.name == null ? record.user : record.name;
    return new ImportRow(
        line,
        key,
        key == null ? sha256 : null,
        name,
        record.user,
        record.services,
        record.rules.isEmpty() ? null : record.rules,
        record.created,
        record.begins,
        record.expires,
        record.enabled);
  }

  private void take(String field, JsonNode value) throws Wrong {
    FieldMeaning meaning = FieldMeaning.of(field);
    if (meaning == null) {
      // What is not there cannot narrow anything, whatever its name.
      if (!value.isNull()) {
        throw new Wrong(
            "%s: not a field that is understood (expected: none that may narrow the key)"
                .formatted(shown(field)));
      }
      return;
    }
    switch (meaning) {
      case KEY, HISTORY -> {}
      case NAME ->
          name = "description".equalsIgnoreCase(field) || name == null ? label(value, name) : name;
      case USER -> user = user == null || "user".equalsIgnoreCase(field) ? who(value, user) : user;
      case CREATED -> created = created(value);
      case EXPIRES -> expires = earlier(expires, ending(field, value));
      case BEGINS -> begins = later(begins, FieldText.time(field, FieldText.scalar(field, value)));
      case ON, STATUS -> and(on(field, value));
      case OFF -> and(!off(field, value));
      case OFF_SINCE -> and(FieldText.time(field, FieldText.scalar(field, value)) == null);
      case SERVICES -> services(field, value);
      case DENIED_SERVICES -> rule("deny", "services", field, value);
      case MODELS -> rule("allow", "models", field, value);
      case DENIED_MODELS -> rule("deny", "models", field, value);
      case PROVIDERS -> rule("allow", "providers", field, value);
      case DENIED_PROVIDERS -> rule("deny", "providers", field, value);
      case IPS -> rule("allow", "ip", field, value);
      case DENIED_IPS -> rule("deny", "ip", field, value);
      case RULES -> rules.addAll(IamRules.read(field, value));
      case LIMIT -> {
        if (!value.isNull()) {
          into.leaveOut(field);
        }
      }
    }
  }

  private static @Nullable String label(JsonNode value, @Nullable String before) {
    return value.isValueNode() && !value.isNull() ? value.asText() : before;
  }

  /// A text, or an object with an address or a name.
  private static @Nullable String who(JsonNode value, @Nullable String before) {
    return value.isObject() ? FieldText.text(value, "email", "name") : label(value, before);
  }

  /// Zero is how some gates write that they do not know.
  private static @Nullable String created(JsonNode value) throws Wrong {
    String text = FieldText.scalar("created", value);
    return "0".equals(text) ? null : FieldText.time("created", text);
  }

  private static @Nullable String ending(String field, JsonNode value) throws Wrong {
    if (value.isBoolean()) {
      throw new Wrong(field + ": true or false (expected: a time, or null for never)");
    }
    return FieldText.time(field, FieldText.scalar(field, value));
  }

  private static @Nullable String earlier(@Nullable String one, @Nullable String other) {
    return one == null || (other != null && instant(other).isBefore(instant(one))) ? other : one;
  }

  private static @Nullable String later(@Nullable String one, @Nullable String other) {
    return one == null || (other != null && instant(other).isAfter(instant(one))) ? other : one;
  }

  private static java.time.Instant instant(String time) {
    return java.time.Instant.parse(time);
  }

  private void and(boolean on) {
    enabled = on && !Boolean.FALSE.equals(enabled);
  }

  /// An object may say it in several fields; null is not on: the other gate would not say yes to
  /// it.
  private static boolean on(String field, JsonNode value) throws Wrong {
    if (value.isObject() && !value.isEmpty()) {
      boolean on = true;
      for (Map.Entry<String, JsonNode> part : value.properties()) {
        FieldMeaning meaning = FieldMeaning.of(part.getKey());
        switch (meaning) {
          case ON, STATUS -> on &= on(field, part.getValue());
          case OFF -> on &= !off(field, part.getValue());
          case OFF_SINCE ->
              on &= FieldText.time(field, FieldText.scalar(field, part.getValue())) == null;
          case HISTORY -> {}
          case null, default -> {
            if (value.size() > 1) {
              throw new Wrong(field + ": an object that is not understood (expected: on or off)");
            }
            on &= flag(field, FieldText.scalar(field, value));
          }
        }
      }
      return on;
    }
    return flag(field, FieldText.scalar(field, value));
  }

  private static boolean flag(String field, @Nullable String text) throws Wrong {
    Boolean flag = FieldText.flag(field, text);
    if (flag == null) {
      throw new Wrong(field + ": says nothing (expected: on or off)");
    }
    return flag;
  }

  /// Null and false say that it is not off.
  private static boolean off(String field, JsonNode value) throws Wrong {
    String text = FieldText.scalar(field, value);
    return text != null && flag(field, text);
  }

  private void services(String field, JsonNode value) throws Wrong {
    if (servicesField != null) {
      throw new Wrong(
          "%s: beside %s (expected: one list of services)"
              .formatted(shown(field), shown(servicesField)));
    }
    servicesField = field;
    List<@Nullable String> names = FieldNames.of(field, value);
    if (names != null) {
      names.replaceAll(one -> one == null ? null : one.toLowerCase(Locale.ROOT));
    }
    services = names;
  }

  private void rule(String effect, String type, String field, JsonNode value) throws Wrong {
    List<@Nullable String> names = FieldNames.of(field, value);
    if (names == null) {
      if (effect.equals("deny") && !value.isNull() && !value.asText("").isBlank()) {
        throw new Wrong(field + ": denies all of them (expected: a key that may do something)");
      }
      return;
    }
    for (RuleText rule : rules) {
      if (rule != null
          && effect.equals(rule.effect())
          && type.equals(rule.type())
          && effect.equals("allow")) {
        // Two allow rules are a union; two lists of another gate may be an intersection.
        throw new Wrong(field + ": a second list of the same (expected: one)");
      }
    }
    rules.add(new RuleText(effect, type, names));
  }

  /// A field's name as it may stand in a report.
  private static String shown(String field) {
    return field.matches("[A-Za-z0-9_$ .-]{1,60}") ? field : "a field with an odd name";
  }
}
