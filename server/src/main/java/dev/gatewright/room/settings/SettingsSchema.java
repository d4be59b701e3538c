package dev.gatewright.room.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gatewright.room.wire.RoomJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Every field an override may set: its section, its base value, what it takes.
public final class SettingsSchema {
  /// @param expected for the message of a value that does not fit
  private record Field(
      String section, String name, JsonNode base, Predicate<JsonNode> fits, String expected) {}

  static final int PARTICIPANTS_MAX = 100_000;

  /// One year.
  static final int EXPIRES_IN_SECONDS_MAX = 31_536_000;

  private static final int SHOWN_CHARACTERS_MAX = 40;
  private static final int RTMP_URL_CHARACTERS_MAX = 2_048;
  private static final Pattern LANG = Pattern.compile("auto|[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}");
  private static final Pattern RTMP = Pattern.compile("rtmps?://[!-~]+");

  private static final List<Field> FIELDS =
      List.of(
          flag("media", "video", true),
          flag("media", "audio", true),
          flag("media", "screenshare_capable", true),
          flag("capabilities", "chat", true),
          flag("capabilities", "recording", false),
          flag("capabilities", "transcription", false),
          flag("capabilities", "live_captions", false),
          flag("capabilities", "rtmp_streaming", false),
          flag("capabilities", "breakout_rooms", false),
          flag("capabilities", "screenshare", true),
          new Field(
              "capabilities",
              "rtmp_url",
              NullNode.getInstance(),
              value -> value.isNull() || isRtmp(value),
              "an rtmp:// or rtmps:// address of at most 2048 characters, or null"),
          flag("interaction", "prejoin", true),
          flag("interaction", "broadcast_mode", false),
          flag("interaction", "knocking", false),
          new Field(
              "access",
              "privacy",
              TextNode.valueOf("public"),
              value ->
                  value.isTextual()
                      && (value.textValue().equals("public")
                          || value.textValue().equals("private")),
              "public or private"),
          number("access", "max_participants", PARTICIPANTS_MAX),
          number("lifespan", "expires_in", EXPIRES_IN_SECONDS_MAX),
          flag("lifespan", "eject_at_expiry", false),
          new Field(
              "localization",
              "lang",
              TextNode.valueOf("auto"),
              value -> value.isTextual() && LANG.matcher(value.textValue()).matches(),
              "auto or a language tag such as en or pt-BR"));

  private static final Map<String, List<Field>> BY_SECTION =
      FIELDS.stream()
          .collect(Collectors.groupingBy(Field::section, LinkedHashMap::new, Collectors.toList()));

  private static final String SECTIONS = String.join(", ", BY_SECTION.keySet());

  private SettingsSchema() {}

  private static Field flag(String section, String name, boolean base) {
    return new Field(
        section, name, BooleanNode.valueOf(base), JsonNode::isBoolean, "true or false");
  }

  private static Field number(String section, String name, int max) {
    return new Field(
        section,
        name,
        NullNode.getInstance(),
        value ->
            value.isNull()
                || (value.isIntegralNumber()
                    && value.canConvertToInt()
                    && value.intValue() >= 1
                    && value.intValue() <= max),
        "a whole number 1…" + max + ", or null");
  }

  private static boolean isRtmp(JsonNode value) {
    return value.isTextual()
        && value.textValue().length() <= RTMP_URL_CHARACTERS_MAX
        && RTMP.matcher(value.textValue()).matches();
  }

  /// A fresh tree of the base values.
  static ObjectNode base() {
    ObjectNode root = RoomJson.object();
    for (Field field : FIELDS) {
      root.withObjectProperty(field.section()).set(field.name(), field.base());
    }
    return root;
  }

  /// What is wrong with `overrides`, a JSON object; empty when nothing is.
  ///
  /// @param pointer of the overrides themselves, such as `/overrides`
  static Violations check(JsonNode overrides, String pointer) {
    Violations violations = new Violations();
    for (Map.Entry<String, JsonNode> section : overrides.properties()) {
      checkSection(section.getKey(), section.getValue(), pointer, violations);
    }
    return violations;
  }

  private static void checkSection(
      String name, JsonNode section, String parent, Violations violations) {
    List<Field> fields = BY_SECTION.get(name);
    String pointer = parent + "/" + Violations.step(name);
    if (fields == null) {
      violations.add(pointer, "unknown section", SECTIONS);
    } else if (!section.isObject()) {
      violations.add(pointer, shown(pointer, section), "an object");
    } else {
      for (Map.Entry<String, JsonNode> value : section.properties()) {
        checkField(fields, value.getKey(), value.getValue(), pointer, violations);
      }
    }
  }

  private static void checkField(
      List<Field> fields, String name, JsonNode value, String section, Violations violations) {
    for (Field field : fields) {
      if (field.name().equals(name)) {
        if (!field.fits().test(value)) {
          String pointer = section + "/" + name;
          violations.add(pointer, shown(pointer, value), field.expected());
        }
        return;
      }
    }
    violations.add(
        section + "/" + Violations.step(name),
        "unknown field",
        fields.stream().map(Field::name).collect(Collectors.joining(", ")));
  }

  /// The offending value, but only one that cannot hold a secret: a short one.
  private static String shown(String pointer, JsonNode value) {
    if (value.isContainerNode()) {
      return value.isArray() ? "an array" : "an object";
    }
    String text = value.asText();
    if (text.length() > SHOWN_CHARACTERS_MAX || pointer.endsWith("rtmp_url")) {
      return "this value";
    }
    return value.isTextual() ? '"' + Violations.cut(text, SHOWN_CHARACTERS_MAX) + '"' : text;
  }
}
