package dev.gatewright.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gatewright.secret.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One mapping of a parsed file, below flags and environment. Immutable but for the shared set of
/// known keys; thread-safe.
final class TreeSettings implements Settings {
  private final FileContext context;
  private final String path;
  private final String pattern;
  private final JsonNode node;

  TreeSettings(FileContext context, String path, String pattern, JsonNode node) {
    this.context = context;
    this.path = path;
    this.pattern = pattern;
    this.node = node;
  }

  /// A value's text and where it was given. `shown` is what messages may repeat: the file's own
  /// words, so that a variable's content never appears.
  private record Found(String text, String shown, String from) {
    InvalidSetting invalid(String expected) {
      return new InvalidSetting("%s: %s (expected: %s)".formatted(from, shown, expected));
    }
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public Settings section(String key) {
    context.known().container(below(pattern, key));
    JsonNode child = child(key);
    if (!child.isMissingNode() && !child.isObject()) {
      throw inFile(key, child).invalid("a mapping");
    }
    return new TreeSettings(context, below(path, key), below(pattern, key), child);
  }

  @Override
  public boolean mapping(String key) {
    return context.overrides().find(below(path, key)) == null && child(key).isObject();
  }

  @Override
  public List<Settings> list(String key) {
    context.known().container(below(pattern, key));
    JsonNode child = child(key);
    if (!child.isMissingNode() && !child.isArray()) {
      throw inFile(key, child).invalid("a list of mappings");
    }
    List<Settings> entries = new ArrayList<>(child.size());
    for (int i = 0; i < child.size(); i++) {
      String at = below(path, key) + "[" + i + "]";
      if (!child.get(i).isObject()) {
        throw new InvalidSetting(
            "%s: %s: %s (expected: a mapping)".formatted(context.file(), at, child.get(i)));
      }
      entries.add(new TreeSettings(context, at, below(pattern, key) + "[]", child.get(i)));
    }
    return List.copyOf(entries);
  }

  @Override
  public String text(String key, String fallback) {
    context.known().fallback(below(pattern, key), fallback);
    Found found = find(key, "a text");
    return found == null ? fallback : found.text();
  }

  @Override
  public @Nullable String textOrNull(String key) {
    Found found = find(key, "a text");
    return found == null ? null : found.text();
  }

  @Override
  public List<String> texts(String key) {
    context.known().value(below(pattern, key));
    Overrides.Given given = context.overrides().find(below(path, key));
    if (given != null) {
      return Arrays.stream(given.text().split(",", -1))
          .map(String::strip)
          .filter(text -> !text.isEmpty())
          .toList();
    }
    JsonNode child = child(key);
    if (!child.isArray()) {
      String one = textOrNull(key);
      return one == null ? List.of() : List.of(one);
    }
    List<String> texts = new ArrayList<>(child.size());
    for (JsonNode entry : child) {
      if (entry.isContainerNode() || entry.isNull()) {
        throw inFile(key, entry).invalid("a list of texts");
      }
      texts.add(context.interpolation().apply(entry.asText()));
    }
    return List.copyOf(texts);
  }

  @Override
  public Map<String, String> map(String key) {
    context.known().value(below(pattern, key));
    JsonNode child = child(key);
    if (!child.isMissingNode() && !child.isObject()) {
      throw inFile(key, child).invalid("a mapping of texts");
    }
    Map<String, String> map = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : child.properties()) {
      if (field.getValue().isContainerNode() || field.getValue().isNull()) {
        throw inFile(key + "." + field.getKey(), field.getValue()).invalid("a text");
      }
      map.put(field.getKey(), context.interpolation().apply(field.getValue().asText()));
    }
    return Collections.unmodifiableMap(map);
  }

  @Override
  public int integer(String key, int fallback, int min, int max) {
    if (fallback >= min && fallback <= max) {
      context.known().fallback(below(pattern, key), String.valueOf(fallback));
    }
    String expected = "a whole number from %d to %d".formatted(min, max);
    Found found = find(key, expected);
    if (found == null) {
      return fallback;
    }
    try {
      int number = Integer.parseInt(found.text().strip().replace("_", ""));
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException notNumber) {
      // The message below says it.
    }
    throw found.invalid(expected);
  }

  @Override
  public boolean flag(String key, boolean fallback) {
    context.known().fallback(below(pattern, key), String.valueOf(fallback));
    Found found = find(key, "true or false");
    if (found == null) {
      return fallback;
    }
    return switch (found.text().strip().toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      case String _ -> throw found.invalid("true or false");
    };
  }

  @Override
  public Duration duration(String key, Duration fallback) {
    context.known().fallback(below(pattern, key), Units.shown(fallback));
    Found found = find(key, Units.DURATION);
    if (found == null) {
      return fallback;
    }
    Duration duration = Units.duration(found.text());
    if (duration == null) {
      throw found.invalid(Units.DURATION);
    }
    return duration;
  }

  @Override
  public long bytes(String key, long fallback) {
    context.known().fallback(below(pattern, key), Units.shown(fallback));
    Found found = find(key, Units.BYTES);
    if (found == null) {
      return fallback;
    }
    Long bytes = Units.bytes(found.text());
    if (bytes == null) {
      throw found.invalid(Units.BYTES);
    }
    return bytes;
  }

  @Override
  public @Nullable Secret secret(String key) {
    context.known().secret(below(pattern, key));
    String text = textOrNull(key);
    return text == null ? null : SecretText.resolve(below(path, key), text);
  }

  @Override
  public List<Secret> secrets(String key) {
    context.known().secret(below(pattern, key));
    return texts(key).stream().map(text -> SecretText.resolve(below(path, key), text)).toList();
  }

  @Override
  public void rejectUnknown() {
    new UnknownKeys(context).reject(path, pattern, node);
    if (path.isEmpty()) {
      new UnknownVariables(context).reject(node.toString());
    }
  }

  /// Keys of this mapping for which the file says something else than an earlier version of it.
  Set<String> changedSince(TreeSettings before) {
    Set<String> keys = new TreeSet<>();
    node.fieldNames().forEachRemaining(keys::add);
    before.node.fieldNames().forEachRemaining(keys::add);
    keys.removeIf(key -> child(key).equals(before.child(key)));
    return keys;
  }

  /// Every setting, with who says it.
  List<ConfigEntry> entries() {
    return ConfigListing.of(context, node);
  }

  private @Nullable Found find(String key, String expected) {
    context.known().value(below(pattern, key));
    Overrides.Given given = context.overrides().find(below(path, key));
    if (given != null) {
      return new Found(given.text(), given.text(), given.from());
    }
    JsonNode child = child(key);
    if (child.isMissingNode()) {
      boolean open = below(path, key).equals("listen.host") && context.overrides().portOfPlatform();
      return open ? new Found("0.0.0.0", "0.0.0.0", "PORT") : null;
    }
    if (child.isContainerNode()) {
      throw inFile(key, child).invalid(expected);
    }
    return inFile(key, child);
  }

  private Found inFile(String key, JsonNode child) {
    String words = child.isContainerNode() ? child.toString() : child.asText();
    String from = context.file() + ": " + below(path, key);
    return new Found(context.interpolation().apply(words), words, from);
  }

  /// Missing and `null` are the same: a key whose value is commented out.
  private JsonNode child(String key) {
    JsonNode child = node.path(key);
    return child.isNull() ? MissingNode.getInstance() : child;
  }

  static String below(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
