package dev.gatewright.testbed.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.service.preset.Access;
import dev.gatewright.service.preset.Preset;
import dev.gatewright.service.preset.ServiceEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// One method of one path, as the document describes it.
///
/// @param path with its parameters filled in
/// @param bodyBytesMax longest body; 0 = none
/// @param statuses those it may answer; empty = the document says nothing of it
/// @param fields JSON pointers of the fields of its body
/// @param model a model its body must name to be routed; empty = none
record Operation(
    String method,
    String path,
    int bodyBytesMax,
    Set<Integer> statuses,
    List<Field> fields,
    String model) {
  private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");
  private static final int DEPTH_MAX = 4;

  /// @param pointer such as `/rules/0/effect`
  /// @param type of JSON Schema
  record Field(String pointer, String type) {}

  String name() {
    return method + " " + path;
  }

  /// Whether a caller of it asks for data, and so for an answer as long as the data.
  boolean givesData() {
    return method.equals("GET") && !path.startsWith("/health") && !path.equals("/status");
  }

  /// Every operation of the document.
  ///
  /// @throws AssertionError for one that has no limit
  static List<Operation> of(JsonNode document) {
    List<Operation> all = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (String method : METHODS) {
        JsonNode described = path.getValue().path(method);
        if (!described.isMissingNode()) {
          all.add(operation(document, path.getKey(), method, described));
        }
      }
    }
    return all;
  }

  private static Operation operation(
      JsonNode document, String template, String method, JsonNode described) {
    JsonNode limit = described.path("x-gatewright-body-bytes-max");
    if (!limit.isInt()) {
      throw new AssertionError(
          method + " " + template + ": no x-gatewright-body-bytes-max (expected: a limit)");
    }
    Set<Integer> statuses = new TreeSet<>();
    described
        .path("responses")
        .fieldNames()
        .forEachRemaining(s -> statuses.add(Integer.valueOf(s)));
    List<Field> fields = new ArrayList<>();
    JsonNode body = resolved(document, described.path("requestBody")).path("content");
    fields(document, body.path("application/json").path("schema"), "", DEPTH_MAX, fields);
    boolean llm = described.path("tags").toString().contains("llm") && method.equals("post");
    if (llm) {
      fields.add(new Field("/messages/0/content", "string"));
      fields.add(new Field("/input", "string"));
    }
    return new Operation(
        method.toUpperCase(Locale.ROOT),
        filled(template),
        limit.asInt(),
        statuses,
        fields,
        llm ? (template.contains("/messages") ? "claude" : "fast") : "");
  }

  /// Paths below a template that is served whole: of a backend each method's first that anybody may
  /// use, else one that nobody serves.
  static List<Operation> below(String template, Preset backend) {
    String prefix = template.replace("{service}", "echo").replaceAll("(\\{rest}|\\*)$", "");
    if (prefix.equals(template.replace("{service}", "echo"))) {
      return List.of(unlisted("POST", prefix, 4 << 10));
    }
    if (!prefix.equals("/echo/api/") && !prefix.equals("/ollama/api/")) {
      return List.of(unlisted("POST", prefix + "nothing", 64 << 10));
    }
    Map<String, Operation> byMethod = new TreeMap<>();
    for (ServiceEndpoint endpoint : backend.endpoints()) {
      if (endpoint.access() == Access.USE) {
        String below = backend.path().callerPath(endpoint.path()).substring("/api/".length());
        byMethod.putIfAbsent(
            endpoint.method(), unlisted(endpoint.method(), prefix + below, 256 << 10));
      }
    }
    return List.copyOf(byMethod.values());
  }

  /// What the document says nothing of.
  static Operation unlisted(String method, String path, int bodyBytesMax) {
    return new Operation(method, path, bodyBytesMax, Set.of(), List.of(), "");
  }

  private static String filled(String template) {
    return template
        .replace("{service}", "echo")
        .replace("{path}", "api/tags")
        .replaceAll("\\{[a-z]+}", "key_0123456789");
  }

  private static void fields(
      JsonNode document, JsonNode given, String pointer, int depth, List<Field> into) {
    JsonNode schema = resolved(document, given);
    String type = schema.path("type").toString().replaceAll("[^a-z,]", "").split(",", 2)[0];
    if (!pointer.isEmpty() && !type.isEmpty()) {
      into.add(new Field(pointer, type));
    }
    if (depth > 0) {
      schema
          .path("properties")
          .properties()
          .forEach(each ->
              fields(document, each.getValue(), pointer + "/" + each.getKey(), depth - 1, into));
      if (schema.has("items")) {
        fields(document, schema.path("items"), pointer + "/0", depth - 1, into);
      }
    }
  }

  private static JsonNode resolved(JsonNode document, JsonNode node) {
    return node.has("$ref")
        ? resolved(document, document.at(node.path("$ref").asText().substring(1)))
        : node;
  }
}
