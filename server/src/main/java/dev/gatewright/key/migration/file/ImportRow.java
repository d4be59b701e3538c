package dev.gatewright.key.migration.file;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.policy.RuleText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Another gate's key, as its file has it and as `POST /api/keys/import` takes it. Nothing is
/// checked yet. Never shows its key.
///
/// @param line where it stands in the file, from 1
/// @param key its clear text; or else
/// @param sha256 the SHA-256 of its text, 64 hexadecimal digits
/// @param services null or empty = all
/// @param rules further rules
/// @param createdAt RFC 3339; null = unknown
/// @param notBefore RFC 3339; null = from the beginning
/// @param expiresAt RFC 3339, may have passed; null = never
/// @param enabled null = true
public record ImportRow(
    int line,
    @Nullable String key,
    @Nullable String sha256,
    @Nullable String name,
    @Nullable String user,
    @Nullable List<@Nullable String> services,
    @Nullable List<@Nullable RuleText> rules,
    @Nullable String createdAt,
    @Nullable String notBefore,
    @Nullable String expiresAt,
    @Nullable Boolean enabled) {

  /// The body of a request has it so.
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("line", line);
    put(json, "key", key);
    put(json, "sha256", sha256);
    put(json, "name", name);
    put(json, "user", user);
    if (services != null) {
      services.forEach(json.putArray("services")::add);
    }
    if (rules != null) {
      ArrayNode array = json.putArray("rules");
      for (RuleText rule : rules) {
        if (rule != null) {
          ObjectNode node = array.addObject();
          put(node, "effect", rule.effect());
          put(node, "type", rule.type());
          (rule.values() == null ? List.<@Nullable String>of() : rule.values())
              .forEach(node.putArray("values")::add);
        }
      }
    }
    put(json, "created_at", createdAt);
    put(json, "not_before", notBefore);
    put(json, "expires_at", expiresAt);
    if (enabled != null) {
      json.put("enabled", enabled);
    }
    return json;
  }

  /// What a report may show of a key: at most four characters, and never more than a quarter.
  public static String prefix(@Nullable String key) {
    return key == null ? "" : key.substring(0, Math.min(4, key.length() / 4)) + "…";
  }

  private static void put(ObjectNode json, String field, @Nullable String value) {
    if (value != null) {
      json.put(field, value);
    }
  }

  @Override
  public String toString() {
    return "line %d: %s".formatted(line, prefix(key));
  }
}
