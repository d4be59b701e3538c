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

  /// What no two people change past each other: it is gone or it is not, or has no state to name.
  private static final Map<String, String> UNTAGGED =
      Map.of(
          "delete /api/auth/session", "ends the caller's own session",
          "delete /api/auth/sessions", "ends whatever sessions there are",
          "delete /api/auth/sessions/{id}", "a session has no state but that it is there",
          "delete /api/auth/passkeys/{id}", "a passkey has no state but that it is there",
          "delete /api/rooms/delete/{name}", "the earlier form, whose clients know no etags");

  @Test
  void every_change_is_held_against_what_its_caller_last_saw() {
    List<String> without = new ArrayList<>();
    for (Operation operation : operations()) {
      if (!operation.name().matches("(put|patch|delete) .*")) {
        continue;
      }
      boolean asked =
          operation.parameters().stream()
              .anyMatch(each ->
                  each.path("in").asText().equals("header")
                      && each.path("name").asText().equalsIgnoreCase("if-match"));
      if (!asked || !operation.node().path("responses").has("412")) {
        without.add(operation.name());
      }
    }
    assertThat(without).containsExactlyInAnyOrderElementsOf(UNTAGGED.keySet());
  }

  /// What answers 201 and is not repeated by a key.
  private static final Map<String, String> UNNAMED =
      Map.ofEntries(
          Map.entry("post /api/tickets", "a secret of seconds, shown once and good once"),
          Map.entry("post /api/playground/token", "signed, not stored"),
          Map.entry("post /api/webhooks/{id}/test", "each try is a delivery of its own"),
          Map.entry("post /v1/rooms", "its name is its key: a second one of that name is 409"),
          Map.entry("post /v1/rooms/{name}/tokens", "signed, not stored"),
          Map.entry("post /api/auth/setup", "its token is good once"),
          Map.entry("post /api/auth/setup/link", "a new link ends the one before"),
          Map.entry("post /api/auth/setup/owner", "there is one owner"),
          Map.entry("post /api/auth/session", "its code is good once"),
          Map.entry("post /api/auth/pairings", "nobody is known yet whose key it were"),
          Map.entry("post /api/auth/passkeys", "its challenge is good once"),
          Map.entry("post /api/auth/passkeys/sign-in", "its challenge is good once"),
          Map.entry("post /api/platform/act-as", "acting again takes the place of acting before"));

  @Test
  void every_create_can_be_repeated_by_its_idempotency_key() {
    List<String> without = new ArrayList<>();
    for (Operation operation : operations()) {
      boolean named =
          operation.parameters().stream()
              .anyMatch(each -> each.path("name").asText().equalsIgnoreCase("idempotency-key"));
      if (operation.name().startsWith("post ")
          && operation.node().path("responses").has("201")
          && !named) {
        without.add(operation.name());
      }
    }
    assertThat(without).containsExactlyInAnyOrderElementsOf(UNNAMED.keySet());
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
