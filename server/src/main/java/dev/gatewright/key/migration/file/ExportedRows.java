package dev.gatewright.key.migration.file;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/// What `gatewright export keys` wrote: `{"format":"gatewright-keys","version":1,"keys":[…]}`.
final class ExportedRows {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FORMAT = "gatewright-keys";

  private final KeyFileContent.Builder into;

  ExportedRows(KeyFileContent.Builder into) {
    this.into = into;
  }

  void read(JsonParser parser) throws IOException, KeyFile.WrongShape {
    boolean named = false;
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new KeyFile.WrongShape("not an export of gatewright");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      if (field.equals("format")) {
        named = FORMAT.equals(parser.getText());
      } else if (field.equals("version") && !parser.getText().equals("1")) {
        throw new KeyFile.WrongShape("version: made by a newer gatewright (expected: 1)");
      } else if (field.equals("keys") && value == JsonToken.START_ARRAY && named) {
        keys(parser);
      } else {
        parser.skipChildren();
      }
    }
    if (!named) {
      throw new KeyFile.WrongShape("format: not an export of gatewright");
    }
  }

  private void keys(JsonParser parser) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      int line = parser.currentTokenLocation().getLineNr();
      JsonNode node = JSON.readTree(parser);
      if (node instanceof ObjectNode key) {
        into.addExported(key.put("line", line));
      } else {
        into.refuse(line, "", "not a key's record");
      }
    }
  }
}
