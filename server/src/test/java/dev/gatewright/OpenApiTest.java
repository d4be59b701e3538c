package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.telemetry.Time;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The document says of every operation who may call it, how much it takes and what it can answer.
class OpenApiTest {
  private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

  @TempDir static Path folder;
  private static Gatewright gate;
  private static JsonNode document;

  private record Operation(String name, JsonNode node, List<JsonNode> parameters) {}

  @BeforeAll
  static void start() throws Exception {
    gate =
        Gatewright.start(
            ConfigSources.ofText("listen: { port: 0 }\nmetrics: { port: 0 }\n")
                .withFlag("data", folder.toString()),
            Time.system());
    HttpRequest request = HttpRequest.newBuilder(URI.create(gate.url() + "/openapi.json")).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      document = new ObjectMapper().readTree(client.send(request, BodyHandlers.ofString()).body());
    }
  }

  @AfterAll
  static void stop() {
    gate.close();
  }

  private static List<Operation> operations() {
    List<Operation> all = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (String method : METHODS) {
        JsonNode operation = path.getValue().path(method);
        if (!operation.isMissingNode()) {
          List<JsonNode> parameters = new ArrayList<>();
          path.getValue().path("parameters").forEach(each -> parameters.add(resolved(each)));
          operation.path("parameters").forEach(each -> parameters.add(resolved(each)));
          all.add(new Operation(method + " " + path.getKey(), operation, parameters));
        }
      }
    }
    assertThat(all).hasSizeGreaterThan(30);
    return all;
  }

  private static JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? resolved(document.at(node.path("$ref").asText().substring(1))) : node;
  }

  @Test
  void every_operation_says_who_may_call_it_how_much_it_takes_and_what_it_answers() {
    for (Operation operation : operations()) {
      assertThat(operation.node().path("x-gatewright-access").asText())
          .as(operation.name())
          .isNotEmpty();
      assertThat(operation.node().path("x-gatewright-body-bytes-max").isInt())
          .as(operation.name())
          .isTrue();
      assertThat(operation.node().path("responses").has("default")).as(operation.name()).isFalse();
      boolean takesBody = operation.node().path("x-gatewright-body-bytes-max").asInt() > 0;
      assertThat(operation.node().has("requestBody")).as(operation.name()).isEqualTo(takesBody);
    }
  }

  @Test
  void every_field_and_parameter_of_our_own_has_a_bound() {
    List<String> faults = new ArrayList<>();
    for (Operation operation : operations()) {
      for (JsonNode parameter : operation.parameters()) {
        // Headers and paths end with the head's own limit.
        if (parameter.path("in").asText().equals("query")) {
          bounded(operation.name() + " ?" + parameter.path("name"), parameter, faults);
        }
      }
      JsonNode body = resolved(operation.node().path("requestBody")).path("content");
      if (!operation.node().path("tags").toString().contains("llm")) {
        // Bodies of LLM calls are the providers' own; their length is their bound.
        body.forEach(type -> bounded(operation.name(), type, faults));
      }
    }
    assertThat(faults).isEmpty();
  }

  private static void bounded(String at, JsonNode holder, List<String> faults) {
    schema(at, resolved(holder.path("schema")), faults);
  }

  private static void schema(String at, JsonNode schema, List<String> faults) {
    String types = schema.path("type").toString();
    if (schema.has("enum") || schema.has("const")) {
      return;
    }
    if (types.contains("\"string\"") && !schema.has("maxLength")) {
      faults.add(at + ": a text without maxLength");
    }
    if (types.contains("\"array\"")) {
      if (!schema.has("maxItems")) {
        faults.add(at + ": an array without maxItems");
      }
      schema(at + "/0", resolved(schema.path("items")), faults);
    }
    if (types.contains("\"object\"")) {
      boolean closed = schema.path("additionalProperties").isBoolean();
      if (!closed && !schema.has("maxProperties")) {
        faults.add(at + ": a map without maxProperties");
      }
      for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
        schema(at + "/" + field.getKey(), resolved(field.getValue()), faults);
      }
    }
    if (types.isEmpty()) {
      faults.add(at + ": no type");
    }
  }
}
