package dev.gatewright.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The one OpenAPI document: each package's fragment `openapi/<name>.yaml`, joined. A path or a
/// component that two fragments define is a mistake of ours, and stops the joining. What the list
/// of routes says (access, limits, what can go wrong before a handler is asked) is added from
/// there.
public final class OpenApiDocument {
  static final String ACCESS = "x-gatewright-access";
  static final String BODY_BYTES_MAX = "x-gatewright-body-bytes-max";

  private OpenApiDocument() {}

  /// @param others fragments beside those of the resources and `openapi/document.yaml`, which holds
  ///   what is common
  public static ObjectNode join(List<String> others, List<Resource> resources, String version) {
    ObjectMapper yaml = new YAMLMapper();
    ObjectNode document = read(yaml, "document");
    ((ObjectNode) document.path("info")).put("version", version);
    Set<String> names = new LinkedHashSet<>(others);
    resources.forEach(resource -> names.add(resource.document()));
    for (String name : names) {
      ObjectNode fragment = read(yaml, name);
      merge(name, document.withObject("/paths"), fragment.path("paths"));
      for (Map.Entry<String, JsonNode> kind : fragment.path("components").properties()) {
        merge(name, document.withObject("/components/" + kind.getKey()), kind.getValue());
      }
    }
    for (Resource resource : resources) {
      for (ApiRoute route : resource.routes()) {
        JsonNode operation =
            document.path("paths").path(route.path()).path(route.method().toLowerCase(Locale.ROOT));
        if (operation instanceof ObjectNode described) {
          describe(described, route, resource.form().response());
        }
      }
    }
    document.path("paths").forEach(path -> path.forEach(OpenApiDocument::describeSlow));
    return document;
  }

  /// Whatever the method: the edge takes no body that comes too slowly.
  private static void describeSlow(JsonNode operation) {
    if (operation.path("responses") instanceof ObjectNode responses && !responses.has("408")) {
      JsonNode like = responses.path("503");
      responses.set(
          "408",
          like.has("$ref")
              ? like.deepCopy()
              : responses.objectNode().put("$ref", "#/components/responses/Error"));
    }
  }

  private static void describe(ObjectNode operation, ApiRoute route, String error) {
    operation.put(ACCESS, route.access().word());
    operation.put(BODY_BYTES_MAX, route.bodyBytesMax());
    if (route.bodyBytesMax() > 0 && !operation.has("requestBody")) {
      operation.putObject("requestBody").put("$ref", "#/components/requestBodies/NoFields");
    }
    if (route.access() instanceof Access.InOrganization) {
      takesHeader(operation, "AsOrganization");
    }
    if (route.creates()) {
      takesHeader(operation, "IdempotencyKey");
    }
    ObjectNode responses = operation.withObject("/responses");
    for (int status : statuses(route)) {
      String name = Integer.toString(status);
      if (!responses.has(name)) {
        responses.putObject(name).put("$ref", "#/components/responses/" + error);
      }
    }
  }

  private static void takesHeader(ObjectNode operation, String component) {
    ArrayNode parameters = operation.withArray("/parameters");
    parameters.addObject().put("$ref", "#/components/parameters/" + component);
  }

  /// What can be said before a handler is asked.
  private static Set<Integer> statuses(ApiRoute route) {
    Set<Integer> statuses = new TreeSet<>(Set.of(400, 413, 422, 503));
    if (!(route.access() instanceof Access.Everybody)) {
      statuses.addAll(Set.of(401, 403, 429));
    }
    if (route.access() instanceof Access.InOrganization
        || route.access() instanceof Access.Platform
        || route.access() instanceof Access.SignedIn
        || route.access() instanceof Access.Account) {
      // A session's cookie counts at our own names alone.
      statuses.add(421);
    }
    if (route.path().contains("{")) {
      statuses.add(404);
    }
    if (route.creates()) {
      statuses.add(409);
    }
    if (route.bodyBytesMax() > 0) {
      statuses.add(415);
    }
    return statuses;
  }

  private static void merge(String fragment, ObjectNode into, JsonNode from) {
    for (Map.Entry<String, JsonNode> field : from.properties()) {
      if (into.has(field.getKey())) {
        throw new IllegalStateException(
            "openapi/%s.yaml defines %s, which another fragment defines"
                .formatted(fragment, field.getKey()));
      }
      into.set(field.getKey(), field.getValue());
    }
  }

  private static ObjectNode read(ObjectMapper yaml, String name) {
    String resource = "/openapi/" + name + ".yaml";
    try (InputStream in = OpenApiDocument.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing");
      }
      return (ObjectNode) yaml.readTree(in);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
