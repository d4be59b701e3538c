package dev.gatewright.llm.listing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What one provider's list names. Immutable.
record ListedModels(List<String> names) {
  static final ListedModels NONE = new ListedModels(List.of());

  /// Of one provider; those beyond are not shown, and can be called all the same.
  static final int NAMES_MAX = 1_000;

  static final int CHARACTERS_MAX = 200;

  private static final int EACH_BYTES = 60;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  /// Reads `{"data": [{"id": …}]}`, or the array alone as some write it. Of all else that stands
  /// there nothing is kept.
  ///
  /// @throws IOException for anything that is not JSON
  static ListedModels read(String body) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    try (JsonParser list = JSON.createParser(body)) {
      JsonToken first = list.nextToken();
      if (first == JsonToken.START_ARRAY) {
        models(list, names);
      } else if (first == JsonToken.START_OBJECT) {
        while (list.nextToken() == JsonToken.FIELD_NAME) {
          boolean data = list.currentName().equals("data");
          if (list.nextToken() == JsonToken.START_ARRAY && data) {
            models(list, names);
          } else {
            list.skipChildren();
          }
        }
      }
    }
    return new ListedModels(List.copyOf(names));
  }

  private static void models(JsonParser list, Set<String> names) throws IOException {
    while (list.nextToken() != JsonToken.END_ARRAY) {
      if (list.currentToken() != JsonToken.START_OBJECT) {
        list.skipChildren();
        continue;
      }
      while (list.nextToken() == JsonToken.FIELD_NAME) {
        boolean id = list.currentName().equals("id");
        if (list.nextToken() == JsonToken.VALUE_STRING && id) {
          add(list.getText(), names);
        } else {
          list.skipChildren();
        }
      }
    }
  }

  private static void add(String id, Set<String> names) {
    if (names.size() < NAMES_MAX && usable(id)) {
      names.add(id);
    }
  }

  /// Such as can stand in a request and in a policy's rule.
  private static boolean usable(String id) {
    return !id.isEmpty()
        && id.length() <= CHARACTERS_MAX
        && id.indexOf('*') < 0
        && id.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  /// Heap it takes, by estimate.
  int bytes() {
    return EACH_BYTES + names.stream().mapToInt(name -> EACH_BYTES + name.length()).sum();
  }
}
