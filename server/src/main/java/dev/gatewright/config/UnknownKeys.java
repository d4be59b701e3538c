package dev.gatewright.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/// Finds keys that nobody asks for: a misspelt limit that is silently ignored is no limit.
final class UnknownKeys {
  private final FileContext context;

  UnknownKeys(FileContext context) {
    this.context = context;
  }

  void reject(String path, String pattern, JsonNode mapping) {
    for (Map.Entry<String, JsonNode> field : mapping.properties()) {
      String childPath = TreeSettings.below(path, field.getKey());
      String childPattern = TreeSettings.below(pattern, field.getKey());
      JsonNode child = field.getValue();
      if (context.known().isValue(childPattern)) {
        continue;
      }
      if (!context.known().isContainer(childPattern)) {
        throw unknown(childPath, childPattern);
      }
      if (child.isObject()) {
        reject(childPath, childPattern, child);
      }
      for (int i = 0; child.isArray() && i < child.size(); i++) {
        reject(childPath + "[" + i + "]", childPattern + "[]", child.get(i));
      }
    }
  }

  private Settings.InvalidSetting unknown(String path, String pattern) {
    String nearest =
        context
            .known()
            .nearest(pattern)
            .map(known -> "; the nearest known key is " + known)
            .orElse("");
    return new Settings.InvalidSetting(
        "%s: %s is not a known key%s".formatted(context.file(), path, nearest));
  }
}
