package dev.gatewright;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What one version of Kubernetes says of its kinds (`deploy/helm/kubernetes-*.json`), read more
/// strictly than a server would: fields nobody knows and nulls are faults.
final class KubernetesDefinitions {
  private final JsonNode kinds;
  private final JsonNode definitions;

  private KubernetesDefinitions(JsonNode file) {
    this.kinds = file.path("kinds");
    this.definitions = file.path("definitions");
  }

  /// @param version such as `1.29`
  static KubernetesDefinitions of(String version) throws IOException {
    String name = "/deploy/helm/kubernetes-%s.json".formatted(version);
    try (InputStream in = KubernetesDefinitions.class.getResourceAsStream(name)) {
      return new KubernetesDefinitions(new ObjectMapper().readTree(Objects.requireNonNull(in)));
    }
  }

  /// What is wrong with an object, each with its path; empty when nothing is.
  List<String> faults(JsonNode object) {
    String kind = object.path("apiVersion").asText() + " " + object.path("kind").asText();
    String name = kinds.path(kind).asText();
    List<String> faults = new ArrayList<>();
    if (name.isEmpty()) {
      faults.add(kind + ": no such kind");
    } else {
      walk(kind, object, definitions.path(name), faults);
    }
    return faults;
  }

  private void walk(String path, JsonNode value, JsonNode schema, List<String> faults) {
    String ref = schema.path("$ref").asText();
    if (!ref.isEmpty()) {
      JsonNode target = definitions.path(ref.substring(ref.lastIndexOf('/') + 1));
      if (target.isMissingNode()) {
        throw new IllegalStateException(path + ": " + ref + " is not in the file");
      }
      walk(path, value, target, faults);
    } else if (schema.has("oneOf")) {
      boolean fits = false;
      for (JsonNode one : schema.get("oneOf")) {
        fits |= isOf(value, one.path("type"));
      }
      if (!fits) {
        faults.add(path + ": " + value + " (expected: " + schema.get("oneOf") + ")");
      }
    } else {
      typed(path, value, schema, faults);
    }
  }

  private void typed(String path, JsonNode value, JsonNode schema, List<String> faults) {
    if (schema.has("type") && !isOf(value, schema.get("type"))) {
      faults.add(path + ": " + value + " (expected: " + schema.get("type") + ")");
      return;
    }
    if (schema.has("enum") && !among(value, schema.get("enum"))) {
      faults.add(path + ": " + value + " (expected: one of " + schema.get("enum") + ")");
    }
    for (JsonNode required : schema.path("required")) {
      if (!value.has(required.asText())) {
        faults.add(path + "." + required.asText() + ": missing");
      }
    }
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        walk(path + "[" + i + "]", value.get(i), schema.path("items"), faults);
      }
    }
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      String at = path + "." + field.getKey();
      JsonNode known = schema.path("properties").path(field.getKey());
      JsonNode others = schema.path("additionalProperties");
      if (known.isObject()) {
        walk(at, field.getValue(), known, faults);
      } else if (others.isObject()) {
        walk(at, field.getValue(), others, faults);
      } else if (schema.has("properties")) {
        faults.add(at + ": no such field");
      }
    }
  }

  private static boolean isOf(JsonNode value, JsonNode types) {
    for (JsonNode type : types.isArray() ? types : List.of(types)) {
      boolean fits =
          switch (type.asText()) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "null" -> false;
            default -> throw new IllegalStateException("type " + type);
          };
      if (fits) {
        return true;
      }
    }
    return false;
  }

  private static boolean among(JsonNode value, JsonNode values) {
    for (JsonNode each : values) {
      if (each.equals(value)) {
        return true;
      }
    }
    return false;
  }
}
