package dev.gatewright.llm.simulator.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Strings: of a format (JSON Schema validation, §7.3), of a pattern, or a word.
final class Texts {
  private static final String[] WORDS = {
    "gate", "river", "stone", "lamp", "north", "copper", "willow", "harbor"
  };

  private Texts() {}

  /// A string that fits all of the schemas as far as strings are concerned; null when the lengths
  /// leave no room.
  ///
  /// @param seed ≥ 0
  static @Nullable String fitting(List<JsonNode> schemas, long seed, Work work) {
    int min = 0;
    int max = Integer.MAX_VALUE;
    String text = null;
    for (JsonNode schema : schemas) {
      min = Math.max(min, schema.path("minLength").asInt(0));
      max = Math.min(max, schema.path("maxLength").asInt(Integer.MAX_VALUE));
    }
    if (min > max) {
      return null;
    }
    if (min > SchemaInstance.CHARS_MAX) {
      throw new Work.Exhausted();
    }
    for (JsonNode schema : schemas) {
      if (text == null && schema.path("pattern").isTextual()) {
        text = PatternText.of(schema.get("pattern").textValue(), min, max, work);
      }
    }
    for (JsonNode schema : schemas) {
      text = text == null ? format(schema.path("format").asText(""), seed) : text;
    }
    return text != null && text.length() >= min && text.length() <= max
        ? text
        : sized(text == null ? WORDS[(int) (seed % WORDS.length)] : text, min, max);
  }

  private static String sized(String text, int min, int max) {
    if (text.length() > max) {
      return text.substring(0, max);
    }
    return text.length() >= min ? text : text + "a".repeat(min - text.length());
  }

  private static @Nullable String format(String format, long seed) {
    int day = (int) (seed % 28) + 1;
    return switch (format) {
      case "date-time" -> "2026-01-%02dT12:00:00Z".formatted(day);
      case "date" -> "2026-01-%02d".formatted(day);
      case "time" -> "12:00:00Z";
      case "duration" -> "PT%dM".formatted(day);
      case "email", "idn-email" -> "%s@example.com".formatted(WORDS[(int) (seed % WORDS.length)]);
      case "hostname", "idn-hostname" -> "example.com";
      case "ipv4" -> "192.0.2.%d".formatted(day);
      case "ipv6" -> "2001:db8::%x".formatted(day);
      case "uri", "iri", "url" -> "https://example.com/%d".formatted(day);
      case "uri-reference", "iri-reference" -> "/%d".formatted(day);
      case "uri-template" -> "/{id}";
      case "uuid" -> "%08x-0000-4000-8000-%012x".formatted((int) seed, seed & 0xffff_ffff_ffffL);
      case "json-pointer" -> "/a";
      case "relative-json-pointer" -> "0";
      case "regex" -> "a";
      case "byte" -> "Z2F0ZQ==";
      default -> null;
    };
  }
}
