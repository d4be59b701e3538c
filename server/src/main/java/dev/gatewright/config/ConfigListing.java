package dev.gatewright.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gatewright.config.ConfigEntry.Source;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Every setting of one configuration, for people to look at. What is not known to be harmless is
/// not shown: a secret's value never, a key that nobody has asked for neither.
final class ConfigListing {
  private static final int VALUE_CHARACTERS_MAX = 200;

  /// Says where a secret is, not what it is.
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{[^}]*}|file:[^\\n]*");

  private static final Pattern USER_OF_URL = Pattern.compile("://[^/@\\s]*@");

  /// Mappings whose values are sent to providers as they are, credentials among them.
  private static final Pattern SENT = Pattern.compile("(^|\\.)headers$");

  private final FileContext context;
  private final Map<String, Integer> lines;
  private final List<ConfigEntry> entries = new ArrayList<>();
  private final Set<String> listed = new HashSet<>();

  private ConfigListing(FileContext context) {
    this.context = context;
    this.lines = SettingsFile.lines(context.text());
  }

  /// In the order of the file, then what it does not say.
  static List<ConfigEntry> of(FileContext context, JsonNode root) {
    ConfigListing listing = new ConfigListing(context);
    listing.mapping("", "", "", root);
    for (String key : new TreeSet<>(context.known().values())) {
      if (listing.listed.add(key)) {
        listing.value(key, key, "", MissingNode.getInstance());
      }
    }
    return List.copyOf(listing.entries);
  }

  private void mapping(String path, String pattern, String pointer, JsonNode mapping) {
    for (Map.Entry<String, JsonNode> field : mapping.properties()) {
      String key = TreeSettings.below(path, field.getKey());
      String known = TreeSettings.below(pattern, field.getKey());
      String at = pointer + "/" + field.getKey().replace("~", "~0").replace("/", "~1");
      JsonNode child = field.getValue();
      if (context.known().isContainer(known) && child.isContainerNode()) {
        container(key, known, at, child);
      } else if (context.known().isValue(known) && !child.isNull()) {
        listed.add(key);
        value(key, known, at, child);
      }
    }
  }

  private void container(String key, String known, String at, JsonNode child) {
    if (child.isObject()) {
      mapping(key, known, at, child);
    }
    for (int i = 0; child.isArray() && i < child.size(); i++) {
      mapping(key + "[" + i + "]", known + "[]", at + "/" + i, child.get(i));
    }
  }

  private void value(String key, String known, String at, JsonNode child) {
    boolean secret = context.known().isSecret(known) || SENT.matcher(known).find();
    Overrides.Given given = context.overrides().find(key);
    if (given != null) {
      Source source = given.from().startsWith("--") ? Source.FLAG : Source.ENVIRONMENT;
      add(key, given.text(), secret, source, given.from(), 0);
    } else if (child.isObject()) {
      for (Map.Entry<String, JsonNode> field : child.properties()) {
        String below = at + "/" + field.getKey().replace("~", "~0").replace("/", "~1");
        inFile(key + "." + field.getKey(), field.getValue(), secret, below);
      }
    } else if (!child.isMissingNode()) {
      inFile(key, child, secret, at);
    } else {
      add(key, secret ? null : context.known().fallback(known), secret, Source.DEFAULT, null, 0);
    }
  }

  private void inFile(String key, JsonNode child, boolean secret, String at) {
    String words;
    if (child.isArray()) {
      List<String> each = new ArrayList<>();
      child.forEach(one -> each.add(one.isContainerNode() ? one.toString() : one.asText()));
      boolean references = each.stream().allMatch(one -> REFERENCE.matcher(one).matches());
      words = String.join(", ", each);
      if (secret && !references) {
        add(key, null, true, Source.FILE, context.file(), lines.getOrDefault(at, 0));
        return;
      }
    } else {
      words = child.isContainerNode() ? child.toString() : child.asText();
      if (secret && !REFERENCE.matcher(words).matches()) {
        add(key, null, true, Source.FILE, context.file(), lines.getOrDefault(at, 0));
        return;
      }
    }
    entries.add(
        new ConfigEntry(
            key, shown(words), secret, Source.FILE, context.file(), lines.getOrDefault(at, 0)));
  }

  private void add(
      String key,
      @Nullable String words,
      boolean secret,
      Source source,
      @Nullable String from,
      int line) {
    String open = words != null && (!secret || words.startsWith("file:")) ? shown(words) : null;
    entries.add(new ConfigEntry(key, open, secret, source, from, line));
  }

  private static String shown(String words) {
    String harmless = USER_OF_URL.matcher(words).replaceAll("://…@");
    return harmless.length() <= VALUE_CHARACTERS_MAX
        ? harmless
        : harmless.substring(0, VALUE_CHARACTERS_MAX) + "…";
  }
}
