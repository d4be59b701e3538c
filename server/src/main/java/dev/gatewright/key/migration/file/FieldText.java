package dev.gatewright.key.migration.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Values of foreign records, in the spellings that are found in the wild. What is there and cannot
/// be understood is wrong, never nothing. Pure.
final class FieldText {
  private static final Set<String> NEVER = Set.of("", "never", "none", "null", "-");
  private static final Set<String> ON =
      Set.of("true", "1", "yes", "y", "t", "on", "active", "enabled", "ok", "valid", "live");
  private static final Set<String> OFF =
      Set.of(
          "false",
          "0",
          "no",
          "n",
          "f",
          "off",
          "inactive",
          "disabled",
          "revoked",
          "suspended",
          "blocked",
          "banned",
          "paused",
          "locked",
          "expired",
          "archived",
          "deleted",
          "invalid",
          "pending");

  /// A value wrapped in an object of one such field.
  private static final Set<String> WRAPPERS =
      Set.of("value", "at", "date", "$date", "time", "iso", "timestamp", "name", "id", "state");

  /// Epoch numbers above this are milliseconds: it is the year 5138 in seconds, 1973 in millis.
  private static final long SECONDS_MAX = 100_000_000_000L;

  private FieldText() {}

  /// The value cannot be understood; the message names the field and what was expected.
  static final class Wrong extends Exception {
    private static final long serialVersionUID = 1L;

    Wrong(String message) {
      super(message, null, false, false);
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }

  /// The first of these fields that is there and not null, as text.
  static @Nullable String text(JsonNode record, String... names) {
    for (String name : names) {
      JsonNode value = record.path(name);
      if (value.isValueNode() && !value.isNull() && !value.isMissingNode()) {
        return value.asText();
      }
    }
    return null;
  }

  /// A text, a number or a truth value, out of its wrapper; null = JSON's null.
  static @Nullable String scalar(String field, JsonNode value) throws Wrong {
    if (value.isNull()) {
      return null;
    }
    if (value.isObject() && value.size() == 1) {
      Map.Entry<String, JsonNode> only = value.properties().iterator().next();
      if (WRAPPERS.contains(only.getKey().toLowerCase(Locale.ROOT))
          && only.getValue().isValueNode()) {
        return scalar(field, only.getValue());
      }
    }
    if (!value.isValueNode()) {
      throw new Wrong(field + ": an object or a list (expected: one value)");
    }
    return value.asText();
  }

  /// RFC 3339; a time without a zone is taken for UTC.
  ///
  /// @return null when there is none
  static @Nullable String time(String field, @Nullable String text) throws Wrong {
    String value = text == null ? "" : text.strip();
    if (NEVER.contains(value.toLowerCase(Locale.ROOT))) {
      return null;
    }
    try {
      return instant(value).toString();
    } catch (DateTimeException | NumberFormatException wrong) {
      throw new Wrong(
          field
              + ": not a time (expected: such as 2027-01-31T12:00:00Z, 2027-01-31 or seconds since"
              + " 1970)");
    }
  }

  private static Instant instant(String value) {
    if (value.matches("[0-9]{9,13}(\\.[0-9]{1,9})?")) {
      double number = Double.parseDouble(value);
      return Instant.ofEpochMilli((long) (number > SECONDS_MAX ? number : number * 1000));
    }
    String iso = value.replace(' ', 'T');
    if (iso.length() == 10) {
      return LocalDate.parse(iso).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    // PostgreSQL writes +00 for +00:00.
    String zoned = iso.replaceFirst("([+-][0-9]{2})$", "$1:00");
    boolean hasZone = zoned.matches(".*(Z|z|[+-][0-9]{2}:?[0-9]{2})$") && zoned.length() > 16;
    return hasZone
        ? OffsetDateTime.parse(zoned.replaceFirst("([+-][0-9]{2})([0-9]{2})$", "$1:$2")).toInstant()
        : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
  }

  /// @return null when it says nothing
  static @Nullable Boolean flag(String field, @Nullable String text) throws Wrong {
    String word = text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
    if (word.isEmpty()) {
      return null;
    }
    if (ON.contains(word)) {
      return Boolean.TRUE;
    }
    if (OFF.contains(word)) {
      return Boolean.FALSE;
    }
    throw new Wrong(field + ": neither on nor off (expected: true, false, active, inactive …)");
  }
}
