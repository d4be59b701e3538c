package dev.gatewright.key.migration.file;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.policy.RuleText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The key list of another LLM gateway: an array of records, or an object around it, with the field
/// names of its API (`expiresAt`) or of its table (`expires_at`). Usage limits are not carried
/// over.
///
/// A `tokenHash` of llmgateway is an HMAC under a secret of that gateway, which nobody can check
/// without it; a plain SHA-256 comes as `sha256`.
final class LlmGatewayRows {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, String> RULE_TYPES =
      Map.of("models", "models", "providers", "providers", "ip_cidrs", "ip");
  private static final List<String> LIMITS =
      List.of("usageLimit", "usage_limit", "periodUsageLimit", "period_usage_limit");

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
      JsonNode record = JSON.readTree(parser);
      String key = FieldText.text(record, "token", "key");
      try {
        into.add(row(line, key, record));
      } catch (FieldText.Wrong wrong) {
        into.refuse(line, ImportRow.prefix(key), wrong.reason());
      }
    }
  }

  private ImportRow row(int line, @Nullable String key, JsonNode record) throws FieldText.Wrong {
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
    String status = FieldText.text(record, "status");
    if ("deleted".equals(status)) {
      throw new FieldText.Wrong("deleted in the other gateway");
    }
    for (String limit : LIMITS) {
      if (FieldText.text(record, limit) != null) {
        into.leaveOut(limit);
      }
    }
    JsonNode creator = record.path("creator");
    String user = FieldText.text(creator, "email", "name");
    return new ImportRow(
        line,
        key,
        key == null ? sha256 : null,
        FieldText.text(record, "description", "name"),
        user == null ? FieldText.text(record, "user", "createdBy", "created_by") : user,
        FieldText.services(record.path("services")),
        rules(record.has("iamRules") ? record.path("iamRules") : record.path("iam_rules")),
        FieldText.time("createdAt", FieldText.text(record, "createdAt", "created_at")),
        FieldText.time("expiresAt", FieldText.text(record, "expiresAt", "expires_at")),
        FieldText.flag("status", status));
  }

  /// A restriction that cannot be kept refuses its key: it would come out wider than it was.
  private static List<@Nullable RuleText> rules(JsonNode rules) throws FieldText.Wrong {
    List<@Nullable RuleText> texts = new ArrayList<>();
    for (JsonNode rule : rules) {
      if ("inactive".equals(FieldText.text(rule, "status"))) {
        continue;
      }
      String kind = String.valueOf(FieldText.text(rule, "ruleType", "rule_type"));
      int underscore = kind.indexOf('_');
      String effect = underscore < 0 ? "" : kind.substring(0, underscore);
      String about = kind.substring(underscore + 1);
      String type = RULE_TYPES.get(about);
      if (type == null || !(effect.equals("allow") || effect.equals("deny"))) {
        throw new FieldText.Wrong(
            "a rule on %s cannot be kept (expected: models, providers or ip_cidrs)"
                .formatted(about.matches("[a-z_]{1,30}") ? about : "something unknown"));
      }
      JsonNode value = rule.has("ruleValue") ? rule.path("ruleValue") : rule.path("rule_value");
      List<@Nullable String> values = new ArrayList<>();
      value
          .path(about.equals("ip_cidrs") ? "ipCidrs" : about)
          .forEach(one -> values.add(one.asText()));
      texts.add(new RuleText(effect, type, values));
    }
    return texts;
  }
}
