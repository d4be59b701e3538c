package dev.gatewright.llm.simulator.schema;

import com.fasterxml.jackson.databind.JsonNode;

/// Which schema an array's element has to fit: `prefixItems` and `items` of draft 2020-12, `items`
/// as a list and `additionalItems` of the drafts before.
final class Items {
  private Items() {}

  /// A missing node where everything is allowed.
  static JsonNode at(JsonNode schema, int index) {
    JsonNode items = schema.path("items");
    JsonNode prefix = items.isArray() ? items : schema.path("prefixItems");
    if (index < prefix.size()) {
      return prefix.get(index);
    }
    return items.isArray() ? schema.path("additionalItems") : items;
  }
}
