package dev.gatewright.key.migration.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Fields of foreign records, in the spellings that are found in the wild. Pure.
final class FieldText {
  private static final Set<String> NOTHING = Set.of("", "never", "none", "null", "-");
  private static final Set<String> ALL = Set.of("", "*", "all", "any");

  /// Epoch numbers above this are milliseconds: it is the year 5138 in seconds, 1973 in millis.
  private static final long SECONDS_MAX = 100_000_000_000L;

  private FieldText() {}

  /// The value cannot be understood; the message names what was expected.
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

  /// RFC 3339; a time without a zone is taken for UTC.
  ///
  /// @return null when there is none
  static @Nullable String time(String field, @Nullable String text) throws Wrong {
    String value = text == null ? "" : text.strip();
    if (NOTHING.contains(value.toLowerCase(Locale.ROOT)) || value.equals("0")) {
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
    return switch (text == null ? "" : text.strip().toLowerCase(Locale.ROOT)) {
      case "" -> null;
      case "true", "1", "yes", "active" -> Boolean.TRUE;
      case "false", "0", "no", "inactive" -> Boolean.FALSE;
      default -> throw new Wrong(field + ": neither true nor false");
    };
  }

  /// Names of services, from a list or a text with commas; null = all.
  static @Nullable List<@Nullable String> services(JsonNode value) {
    List<@Nullable String> names = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(name -> names.add(name.asText()));
    } else if (value.isValueNode() && !value.isNull()) {
      names.addAll(List.of(value.asText().split("[,;\\s]+")));
    }
    names.replaceAll(name -> name == null ? null : name.strip().toLowerCase(Locale.ROOT));
    return names.stream().allMatch(name -> name == null || ALL.contains(name)) ? null : names;
  }
}
