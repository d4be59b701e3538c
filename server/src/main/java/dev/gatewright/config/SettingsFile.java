package dev.gatewright.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/// Reads a configuration's YAML into [Settings].
public final class SettingsFile {
  private SettingsFile() {}

  /// Settings from a text alone: no flags, no environment.
  public static Settings parse(String yaml) {
    return parse(yaml, Map.of(), Map.of());
  }

  /// Settings from a text, with an environment and flags (by dotted path) above it.
  public static Settings parse(
      String yaml, Map<String, String> environment, Map<String, String> flags) {
    return parse("gatewright.yaml", yaml, new Overrides(flags, environment), new KnownKeys());
  }

  static Settings parse(String file, String yaml, Overrides overrides, KnownKeys known) {
    FileContext context = new FileContext(file, yaml, overrides, known);
    JsonNode root = tree(file, yaml);
    context.interpolation().check(file, "", root);
    return new TreeSettings(context, "", "", root);
  }

  /// Without a look at what references stand for.
  static Settings parseUnchecked(String file, String yaml, Overrides overrides) {
    FileContext context = new FileContext(file, yaml, overrides, new KnownKeys());
    return new TreeSettings(context, "", "", tree(file, yaml));
  }

  /// On which line each value of a text stands, by its JSON pointer: from 1, a field's by its name.
  static Map<String, Integer> lines(String yaml) {
    try {
      return yaml.isBlank() ? Map.of() : YamlTree.lines(yaml);
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }

  private static JsonNode tree(String file, String yaml) {
    JsonNode root;
    try {
      root = yaml.isBlank() ? JsonNodeFactory.instance.objectNode() : YamlTree.of(yaml);
    } catch (JacksonException malformed) {
      throw new Settings.InvalidSetting(
          "%s: not YAML: line %d, column %d: %s"
              .formatted(
                  file,
                  malformed.getLocation() == null ? 0 : malformed.getLocation().getLineNr(),
                  malformed.getLocation() == null ? 0 : malformed.getLocation().getColumnNr(),
                  malformed.getOriginalMessage().lines().findFirst().orElse("")));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    if (root.isMissingNode() || root.isNull()) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (!root.isObject()) {
      throw new Settings.InvalidSetting(file + ": the whole file (expected: a mapping)");
    }
    return root;
  }
}
