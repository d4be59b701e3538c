package dev.gatewright.testbed.isolation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/// An operation of the served document.
///
/// @param access its `x-gatewright-access`
/// @param queries names of its query parameters
/// @param headers names of its headers, in lower case
/// @param fields names of its body's fields
record Asked(
    String method,
    String template,
    String access,
    List<String> queries,
    List<String> headers,
    List<String> fields) {
  String name() {
    return method + " " + template;
  }

  /// Whether it may change something.
  boolean changes() {
    return !method.equals("GET");
  }

  /// Whether an operator is there for it: the platform's own routes, making an organization for
  /// somebody, and taking back a deletion.
  boolean operators() {
    return access.startsWith("platform")
        || name().equals("POST /api/organizations")
        || name().equals("POST /api/organizations/{id}/restore");
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
                  operation.path("x-gatewright-access").asText(),
                  parameters(document, path.getValue(), operation, "query"),
                  parameters(document, path.getValue(), operation, "header"),
                  fields(document, operation)));
        }
      }
    }
    return all;
  }

  private static List<String> parameters(
      JsonNode document, JsonNode path, JsonNode operation, String in) {
    TreeSet<String> names = new TreeSet<>();
    for (JsonNode of : List.of(path, operation)) {
      for (JsonNode each : of.path("parameters")) {
        JsonNode parameter = meant(document, each);
        if (parameter.path("in").asText().equals(in)) {
          names.add(parameter.path("name").asText().toLowerCase(Locale.ROOT));
        }
      }
    }
    return List.copyOf(names);
  }

  private static List<String> fields(JsonNode document, JsonNode operation) {
    TreeSet<String> names = new TreeSet<>();
    for (JsonNode content : meant(document, operation.path("requestBody")).path("content")) {
      meant(document, content.path("schema"))
          .path("properties")
          .fieldNames()
          .forEachRemaining(names::add);
    }
    return List.copyOf(names);
  }

  /// What a reference stands for.
  private static JsonNode meant(JsonNode document, JsonNode node) {
    JsonNode found = node;
    while (found.has("$ref")) {
      found = document.at(found.path("$ref").asText().substring(1));
    }
    return found;
  }
}
