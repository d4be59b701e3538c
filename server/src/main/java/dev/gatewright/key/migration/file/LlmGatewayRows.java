package dev.gatewright.key.migration.file;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The key list of another LLM gateway: an array of records, or an object around it, with the field
/// names of its API (`expiresAt`) or of its table (`expires_at`). Usage limits are not carried
/// over.
///
/// A `tokenHash` of llmgateway is an HMAC under a secret of that gateway, which nobody can check
/// without it; a plain SHA-256 comes as `sha256`.
final class LlmGatewayRows {
  private final KeyFileContent.Builder into;

  LlmGatewayRows(KeyFileContent.Builder into) {
    this.into = into;
  }

  void read(JsonParser parser) throws IOException, KeyFile.WrongShape {
    JsonToken first = parser.nextToken();
    if (first == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        if (parser.nextToken() == JsonToken.START_ARRAY && KeyFile.WRAPPERS.contains(name)) {
          rows(parser);
        } else {
          parser.skipChildren();
        }
      }
    } else if (first == JsonToken.START_ARRAY) {
      rows(parser);
    } else {
      throw new KeyFile.WrongShape("neither a JSON array nor an object (expected: a key list)");
    }
  }

  private void rows(JsonParser parser) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      int line = parser.currentTokenLocation().getLineNr();
      String key = null;
      try {
        if (!(RowTree.read(parser) instanceof ObjectNode record)) {
          throw new FieldText.Wrong("no record (expected: an object)");
        }
        key = FieldText.text(record, "token", "key");
        into.add(row(line, key, record));
      } catch (FieldText.Wrong wrong) {
        into.refuse(line, ImportRow.prefix(key), wrong.reason());
      }
    }
  }

  private ImportRow row(int line, @Nullable String key, ObjectNode record) throws FieldText.Wrong {
    String sha256 = FieldText.text(record, "sha256");
    if (key == null && sha256 == null) {
      boolean keyed = FieldText.text(record, "tokenHash", "token_hash") != null;
      throw new FieldText.Wrong(
          keyed
              ? "its hash is keyed with a secret of the other gateway (expected: the clear `token`,"
                  + " or a plain `sha256`)"
              : "no `token` and no `sha256`");
    }
    String type = FieldText.text(record, "keyType", "key_type");
    if (type != null && !type.equals("user")) {
      throw new FieldText.Wrong("keyType: not a caller's key (expected: user)");
    }
    if ("deleted".equals(FieldText.text(record, "status"))) {
      throw new FieldText.Wrong("deleted in the other gateway");
    }
    return ForeignRecord.read(line, key, sha256, record, into);
  }
}
