package dev.gatewright.testbed.isolation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// An operation of the served document.
///
/// @param access its `x-gatewright-access`
record Asked(String method, String template, String access) {
  String name() {
    return method + " " + template;
  }

  /// Whether it may change something.
  boolean changes() {
    return !method.equals("GET");
  }

  /// Whether an operator is there for it: the platform's own routes, and taking back a deletion.
  boolean operators() {
    return access.startsWith("platform") || name().equals("POST /api/organizations/{id}/restore");
  }

  static List<Asked> of(JsonNode document) {
    List<Asked> all = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (String method : List.of("get", "post", "put", "patch", "delete")) {
        JsonNode operation = path.getValue().path(method);
        if (!operation.isMissingNode()) {
          all.add(
              new Asked(
                  method.toUpperCase(Locale.ROOT),
                  path.getKey(),
                  operation.path("x-gatewright-access").asText()));
        }
      }
    }
    return all;
  }
}
