package dev.gatewright.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `${NAME}` in a text of the file stands for a variable of the environment.
final class Interpolation {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*)}");

  private final Map<String, String> environment;

  Interpolation(Map<String, String> environment) {
    this.environment = environment;
  }

  String apply(String text) {
    return text.indexOf("${") < 0
        ? text
        : REFERENCE
            .matcher(text)
            .replaceAll(
                found -> Matcher.quoteReplacement(environment.getOrDefault(found.group(1), "")));
  }

  /// Throws for the first reference, anywhere below `node`, to a variable that is not set: a key
  /// that is silently empty is found out only by a refused call.
  void check(String file, String path, JsonNode node) {
    if (node.isTextual()) {
      Matcher matcher = REFERENCE.matcher(node.textValue());
      while (matcher.find()) {
        if (!environment.containsKey(matcher.group(1))) {
          throw new Settings.InvalidSetting(
              "%s: %s: ${%s} is not set in the environment (expected: a variable that is set)"
                  .formatted(file, path, matcher.group(1)));
        }
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        check(file, path + "[" + i + "]", node.get(i));
      }
    } else {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        String below = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
        check(file, below, field.getValue());
      }
    }
  }
}
