package dev.gatewright.key.migration.file;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.key.migration.file.FieldText.Wrong;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lists of names in foreign records: a text with commas, a list of texts or of objects that have a
/// name, or a map from names to truth values. Pure.
final class FieldNames {
  private static final Set<String> ALL = Set.of("*", "all", "any");
  private static final Set<String> NONE = Set.of("none", "nothing", "null", "-");
  private static final Set<String> NAMES = Set.of("name", "id", "service", "model", "slug");

  private FieldNames() {}

  /// @return null = all of them: it is there and narrows nothing
  static @Nullable List<@Nullable String> of(String field, JsonNode value) throws Wrong {
    if (value.isNull()) {
      return null;
    }
    List<@Nullable String> names = new ArrayList<>();
    if (value.isArray()) {
      for (JsonNode one : value) {
        add(field, names, one);
      }
    } else if (value.isObject()) {
      for (Map.Entry<String, JsonNode> one : value.properties()) {
        if (on(field, one.getValue())) {
          names.add(one.getKey().strip());
        }
      }
    } else if (value.isTextual()) {
      if (value.asText().isBlank()) {
        return null;
      }
      for (String name : value.asText().split("[,;\\s]+")) {
        if (!name.isEmpty()) {
          names.add(name);
        }
      }
    } else {
      throw new Wrong(field + ": not a list of names (expected: a text, a list or a map)");
    }
    return narrowed(field, names);
  }

  private static @Nullable List<@Nullable String> narrowed(
      String field, List<@Nullable String> names) throws Wrong {
    int all = 0;
    for (String name : names) {
      String word = name == null ? "" : name.toLowerCase(Locale.ROOT);
      if (word.isEmpty() || NONE.contains(word)) {
        throw new Wrong(field + ": a name that is none (expected: names, or all)");
      }
      all += ALL.contains(word) ? 1 : 0;
    }
    if (names.isEmpty()) {
      // Some gates read an empty list as all, others as nothing.
      throw new Wrong(field + ": names nothing (expected: names, or all)");
    }
    if (all > 0 && all < names.size()) {
      throw new Wrong(field + ": names some beside all (expected: names, or all)");
    }
    return all > 0 ? null : names;
  }

  private static void add(String field, List<@Nullable String> names, JsonNode one) throws Wrong {
    if (one.isTextual()) {
      names.add(one.asText().strip());
      return;
    }
    if (!one.isObject()) {
      throw new Wrong(field + ": an entry that is no name (expected: a text)");
    }
    String name = null;
    boolean on = true;
    for (Map.Entry<String, JsonNode> part : one.properties()) {
      FieldMeaning meaning = FieldMeaning.of(part.getKey());
      if (NAMES.contains(part.getKey().toLowerCase(Locale.ROOT)) && part.getValue().isTextual()) {
        if (name != null && !name.equals(part.getValue().asText().strip())) {
          throw new Wrong(field + ": an entry with two names (expected: one)");
        }
        name = part.getValue().asText().strip();
      } else if (meaning == FieldMeaning.ON || meaning == FieldMeaning.OFF) {
        Boolean flag = FieldText.flag(field, FieldText.scalar(field, part.getValue()));
        on &= flag != null && flag == (meaning == FieldMeaning.ON);
      } else {
        throw new Wrong(
            field + ": an entry with a field that is not understood (expected: its name alone)");
      }
    }
    if (name == null) {
      throw new Wrong(field + ": an entry without a name (expected: a text)");
    }
    if (on) {
      names.add(name);
    }
  }

  private static boolean on(String field, JsonNode value) throws Wrong {
    if (!value.isBoolean()) {
      throw new Wrong(field + ": a map to something else than true and false");
    }
    return value.asBoolean();
  }
}
