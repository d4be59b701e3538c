package dev.gatewright.key.change;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyFormat;
import dev.gatewright.key.StoredKey;
import dev.gatewright.policy.RulesCodec;
import dev.gatewright.rest.ETag;
import dev.gatewright.rest.Json;
import dev.gatewright.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A key as REST shows it; the schema `Key` in `openapi/key.yaml`.
public final class KeyView {
  private static final Set<String> SEEN_BY_ALL =
      Set.of(
          "id",
          "name",
          "kind",
          "state",
          "organization_id",
          "project_id",
          "created_at",
          "not_before",
          "expires_at",
          "revoked_at");

  private KeyView() {}

  public static Map<String, Object> of(StoredKey stored, long nowMillis) {
    return fields(stored, null, nowMillis);
  }

  /// For who may know that it is there and no more.
  static Map<String, Object> masked(StoredKey stored, long nowMillis) {
    Map<String, Object> fields = fields(stored, null, nowMillis);
    fields.keySet().retainAll(SEEN_BY_ALL);
    return fields;
  }

  /// With the clear text: the answer to `create` and `rotate`, and nowhere else.
  static Map<String, Object> once(StoredKey stored, Secret text, long nowMillis) {
    return fields(stored, text, nowMillis);
  }

  /// Names the state of a key: what `If-Match` is held against. A key of the watched file has no
  /// version, and is never changed here.
  static String tag(StoredKey stored) {
    return stored.version() == 0
        ? ETag.of(stored.key())
        : ETag.of(stored.key().id(), stored.version());
  }

  private static Map<String, Object> fields(
      StoredKey stored, @Nullable Secret text, long nowMillis) {
    ApiKey key = stored.key();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", key.id());
    if (text != null) {
      fields.put("key", text.expose());
    }
    fields.put("name", key.name());
    fields.put("kind", KeyFormat.word(key.kind()));
    fields.put("state", stored.state(nowMillis).word());
    fields.put("organization_id", key.tenant().organizationId());
    fields.put("project_id", key.tenant().projectId());
    fields.put("created_by", key.createdBy());
    put(fields, "created_at", key.createdMillis());
    put(fields, "not_before", key.notBeforeMillis() == 0 ? null : key.notBeforeMillis());
    put(fields, "expires_at", key.expiresMillis());
    put(fields, "revoked_at", key.revokedMillis());
    put(fields, "last_used_at", stored.lastUsedMillis());
    put(fields, "former_secret_until", stored.graceUntilMillis(nowMillis));
    fields.put("user", key.user());
    fields.put("rules", RulesCodec.toJson(key.rules()));
    fields.put("manages", key.manages());
    fields.put("scopes", key.scopes());
    putText(fields, "owner", key.owner());
    fields.put("tags", key.tags());
    fields.put("origins", key.power().origins());
    fields.put("metadata", metadata(key.notes().metadata()));
    putValue(fields, "allow_unpriced", key.power().spending().allowUnpriced());
    putValue(fields, "max_output_tokens", key.power().spending().outputTokensMax());
    fields.put("source", key.origin().word());
    fields.put("weak", stored.weak(nowMillis));
    return fields;
  }

  private static JsonNode metadata(String text) {
    return Json.tree(text.getBytes(StandardCharsets.UTF_8));
  }

  @SuppressWarnings("NullAway") // a JSON null
  private static void putValue(Map<String, Object> fields, String name, @Nullable Object value) {
    fields.put(name, value);
  }

  @SuppressWarnings("NullAway") // a JSON null
  private static void putText(Map<String, Object> fields, String name, @Nullable String text) {
    fields.put(name, text);
  }

  @SuppressWarnings("NullAway") // a JSON null
  private static void put(Map<String, Object> fields, String name, @Nullable Long millis) {
    fields.put(name, millis == null ? null : Instant.ofEpochMilli(millis).toString());
  }
}
