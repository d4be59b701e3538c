package dev.gatewright.key.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyFormat;
import dev.gatewright.policy.RulesCodec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the audit chain keeps of a key that is made or edited; never a secret. Pure.
final class KeyDetail {
  private KeyDetail() {}

  /// All that somebody decided.
  static ObjectNode of(ApiKey key) {
    ObjectNode detail = JsonNodeFactory.instance.objectNode();
    detail.put("name", key.name());
    detail.put("kind", KeyFormat.word(key.kind()));
    detail.put("user", key.user());
    detail.set("rules", RulesCodec.toJson(key.rules()));
    detail.set("manages", array(key.manages()));
    detail.put("owner", key.owner());
    detail.set("tags", array(key.tags()));
    detail.set("origins", array(key.power().origins()));
    detail.put("allow_unpriced", key.power().spending().allowUnpriced());
    detail.put("max_output_tokens", key.power().spending().outputTokensMax());
    // Its owner's own, and perhaps not for everybody who reads the chain.
    detail.put("metadata_length", key.notes().metadata().length());
    detail.put("not_before", time(key.notBeforeMillis() == 0 ? null : key.notBeforeMillis()));
    detail.put("expires_at", time(key.expiresMillis()));
    return detail;
  }

  /// `{"before":{…},"after":{…}}`, of what differs.
  static ObjectNode between(ApiKey before, ApiKey after) {
    ObjectNode detail = JsonNodeFactory.instance.objectNode();
    ObjectNode was = detail.putObject("before");
    ObjectNode is = detail.putObject("after");
    ObjectNode old = of(before);
    for (Map.Entry<String, JsonNode> field : of(after).properties()) {
      if (!field.getValue().equals(old.get(field.getKey()))) {
        was.set(field.getKey(), old.get(field.getKey()));
        is.set(field.getKey(), field.getValue());
      }
    }
    return detail;
  }

  private static ArrayNode array(List<String> texts) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    texts.forEach(array::add);
    return array;
  }

  private static @Nullable String time(@Nullable Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis).toString();
  }
}
