package dev.gatewright.key.migration.file;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The flat store of a Flask gate: `{key: {user, service, description, created, expires,
/// enabled}}`, and its older form `{key: user}`.
final class JsonMapRows {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> FIELDS =
      Set.of(
          "user",
          "service",
          "services",
          "description",
          "name",
          "created",
          "created_at",
          "expires",
          "expires_at",
          "enabled",
          "active");

  private final KeyFileContent.Builder into;

  JsonMapRows(KeyFileContent.Builder into) {
    this.into = into;
  }

  void read(JsonParser parser) throws IOException, KeyFile.WrongShape {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new KeyFile.WrongShape("not a JSON object (expected: {key: {user, service, …}})");
    }
    rows(parser, true);
    if (parser.nextToken() != null) {
      throw new KeyFile.WrongShape(
          "line %d: more follows the object".formatted(parser.currentLocation().getLineNr()));
    }
  }

  private void rows(JsonParser parser, boolean outermost) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      int line = parser.currentTokenLocation().getLineNr();
      String key = parser.currentName();
      JsonToken value = parser.nextToken();
      if (outermost && value == JsonToken.START_OBJECT && KeyFile.WRAPPERS.contains(key)) {
        rows(parser, false);
        continue;
      }
      row(line, key, JSON.readTree(parser));
    }
  }

  private void row(int line, String key, @Nullable JsonNode value) {
    try {
      if (value == null || !(value.isTextual() || value.isObject() || value.isBoolean())) {
        into.refuse(line, ImportRow.prefix(key), "no record (expected: an object, or a user)");
      } else if (value.isObject()) {
        into.add(record(line, key, value));
      } else {
        String user = value.isTextual() ? value.asText() : null;
        Boolean enabled = value.isBoolean() ? value.asBoolean() : null;
        into.add(new ImportRow(line, key, null, user, user, null, null, null, null, enabled));
      }
    } catch (FieldText.Wrong wrong) {
      into.refuse(line, ImportRow.prefix(key), wrong.reason());
    }
  }

  private ImportRow record(int line, String key, JsonNode value) throws FieldText.Wrong {
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      if (!FIELDS.contains(field.getKey())) {
        into.leaveOut(field.getKey());
      }
    }
    JsonNode services = value.has("services") ? value.path("services") : value.path("service");
    return new ImportRow(
        line,
        key,
        null,
        FieldText.text(value, "description", "name", "user"),
        FieldText.text(value, "user"),
        FieldText.services(services),
        null,
        FieldText.time("created", FieldText.text(value, "created", "created_at")),
        FieldText.time("expires", FieldText.text(value, "expires", "expires_at")),
        FieldText.flag("enabled", FieldText.text(value, "enabled", "active")));
  }
}
