package dev.gatewright.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// Fields of an answer, as text for people.
public final class Fields {
  private Fields() {}

  /// Empty for what is absent or null; a list's entries with commas between.
  public static String text(JsonNode object, String field) {
    return text(object.path(field));
  }

  public static String text(JsonNode value) {
    if (value.isArray()) {
      return StreamSupport.stream(value.spliterator(), false)
          .map(Fields::text)
          .collect(Collectors.joining(","));
    }
    return value.isNull() || value.isMissingNode()
        ? ""
        : value.isContainerNode() ? value.toString() : value.asText();
  }

  /// One field a line.
  public static void print(Terminal terminal, JsonNode object) {
    int width =
        object.properties().stream().mapToInt(field -> field.getKey().length()).max().orElse(0);
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = field.getKey() + " ".repeat(width - field.getKey().length());
      terminal.print((name + "  " + text(field.getValue())).stripTrailing());
    }
  }
}
