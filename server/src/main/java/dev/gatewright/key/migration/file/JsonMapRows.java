package dev.gatewright.key.migration.file;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/// The flat store of a Flask gate: `{key: {user, service, description, created, expires,
/// enabled}}`, and its older form `{key: user}`.
final class JsonMapRows {
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
      row(line, key, parser);
    }
  }

  private void row(int line, String key, JsonParser parser) throws IOException {
    try {
      JsonNode value = RowTree.read(parser);
      if (value instanceof ObjectNode record) {
        into.add(ForeignRecord.read(line, key, null, record, into));
      } else if (value.isTextual() || value.isBoolean()) {
        String user = value.isTextual() ? value.asText() : null;
        Boolean enabled = value.isBoolean() ? value.asBoolean() : null;
        into.add(new ImportRow(line, key, null, user, user, null, null, null, null, null, enabled));
      } else {
        into.refuse(line, ImportRow.prefix(key), "no record (expected: an object, or a user)");
      }
    } catch (FieldText.Wrong wrong) {
      into.refuse(line, ImportRow.prefix(key), wrong.reason());
    }
  }
}
