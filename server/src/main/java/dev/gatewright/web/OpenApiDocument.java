package dev.gatewright.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/// The one OpenAPI document: each package's fragment `openapi/<name>.yaml`, joined. A path or a
/// component that two fragments define is a mistake of ours, and stops the joining.
public final class OpenApiDocument {
  private OpenApiDocument() {}

  /// @param names fragments beside `openapi/document.yaml`, which holds what is common
  public static ObjectNode join(List<String> names, String version) {
    ObjectMapper yaml = new YAMLMapper();
    ObjectNode document = read(yaml, "document");
    ((ObjectNode) document.path("info")).put("version", version);
    for (String name : names) {
      ObjectNode fragment = read(yaml, name);
      merge(name, document.withObject("/paths"), fragment.path("paths"));
      for (Map.Entry<String, JsonNode> kind : fragment.path("components").properties()) {
        merge(name, document.withObject("/components/" + kind.getKey()), kind.getValue());
      }
    }
    return document;
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
