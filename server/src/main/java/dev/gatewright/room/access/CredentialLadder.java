package dev.gatewright.room.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.gatewright.room.config.CredentialCheck;
import dev.gatewright.room.config.RoomConfig;
import dev.gatewright.room.config.RoomConfig.ProviderConfig;
import dev.gatewright.room.provider.Account;
import dev.gatewright.room.provider.CredentialField;
import dev.gatewright.room.provider.ProviderFacts;
import dev.gatewright.room.wire.RoomJson;
import dev.gatewright.room.wire.RoomProblem;
import dev.gatewright.room.wire.RoomRefused;
import dev.gatewright.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whose credential a call goes out with: the one in `X-Provider-Auth`, else, for callers with a
/// gateway key, the operator's own. Thread-safe; keeps nothing.
public final class CredentialLadder {
  public static final String HEADER = "X-Provider-Auth";

  private static final String EMPTY =
      HEADER + " header is required. Provide your provider API key.";

  private final RoomConfig config;

  public CredentialLadder(RoomConfig config) {
    this.config = config;
  }

  /// @param header the header's value; null = absent
  /// @param keyed the caller has a gateway key
  /// @throws RoomRefused when there is no credential, or none this caller may use
  public Account account(ProviderFacts facts, @Nullable String header, boolean keyed) {
    ProviderConfig provider = config.provider(facts.id());
    if (header == null) {
      if (keyed && !provider.credential().isEmpty()) {
        return new Account(facts.id(), provider.credential(), true);
      }
      throw new RoomRefused(absent(facts));
    }
    Map<String, Secret> fields = fields(facts, header.strip());
    boolean chosen =
        facts.credential().stream()
            .anyMatch(field ->
                field.address()
                    && fields.containsKey(field.name())
                    && (provider.baseUrl() == null || !field.name().equals("url")));
    if (provider.baseUrl() != null && facts.takesUrl()) {
      fields.put("url", Secret.of(provider.baseUrl().toHttp()));
    }
    String fault = CredentialCheck.fault(facts, fields);
    if (fault != null) {
      throw malformed(facts, fault);
    }
    if (chosen && !keyed) {
      throw new RoomRefused(
          RoomProblem.of(
                  401,
                  "authentication_error",
                  "gateway_key_required",
                  "A credential that names an address needs a gateway key as well"
                      + " (Authorization: Bearer gw_live_…).")
              .from(facts.id()));
    }
    return new Account(facts.id(), fields, false);
  }

  private Map<String, Secret> fields(ProviderFacts facts, String header) {
    String lower = header.toLowerCase(Locale.ROOT);
    if (header.isEmpty() || lower.equals("bearer") || lower.equals("basic")) {
      throw new RoomRefused(
          RoomProblem.of(401, "authentication_error", "provider_credential_missing", EMPTY)
              .at(HEADER)
              .from(facts.id()));
    }
    if (lower.startsWith("basic ")) {
      return basic(facts, header.substring("basic ".length()).strip());
    }
    String value = lower.startsWith("bearer ") ? header.substring(7).strip() : header;
    List<CredentialField> parts = facts.credential();
    Map<String, Secret> fields = new HashMap<>();
    if (parts.size() == 1) {
      fields.put(parts.getFirst().name(), Secret.of(value));
      return fields;
    }
    String text = decoded(value);
    JsonNode document = text == null ? null : RoomJson.parse(text);
    if (document == null || !document.isObject()) {
      throw malformed(facts, "not base64url of a JSON object");
    }
    for (CredentialField part : parts) {
      JsonNode field = document.path(part.name());
      if (field.isTextual()) {
        fields.put(part.name(), Secret.of(field.textValue().strip()));
      } else if (!field.isMissingNode() && !field.isNull()) {
        throw malformed(facts, part.name() + " is not a text");
      }
    }
    return fields;
  }

  /// A single value stands in the password, or alone in the user name; a pair is key and secret of
  /// a provider whose address the operator has set.
  private static Map<String, Secret> basic(ProviderFacts facts, String encoded) {
    String text = decoded(encoded);
    int colon = text == null ? -1 : text.indexOf(':');
    if (text == null || colon < 0) {
      throw malformed(facts, "not base64 of user:password");
    }
    String user = text.substring(0, colon);
    String password = text.substring(colon + 1);
    List<String> secrets =
        facts.credential().stream()
            .filter(field -> field.required() && !field.address())
            .map(CredentialField::name)
            .toList();
    Map<String, Secret> fields = new HashMap<>();
    if (secrets.size() == 1) {
      fields.put(secrets.getFirst(), Secret.of(password.isEmpty() ? user : password));
    } else if (secrets.size() == 2) {
      fields.put(secrets.get(0), Secret.of(user));
      fields.put(secrets.get(1), Secret.of(password));
    } else {
      throw malformed(facts, "Basic cannot carry its parts");
    }
    return fields;
  }

  private static @Nullable String decoded(String value) {
    try {
      String url = value.replace('+', '-').replace('/', '_').replace("=", "");
      return new String(Base64.getUrlDecoder().decode(url), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private static RoomRefused malformed(ProviderFacts facts, String fault) {
    String parts =
        String.join(", ", facts.credential().stream().map(CredentialField::name).toList());
    String form =
        facts.credential().size() == 1
            ? "Bearer and the " + parts
            : "Bearer and base64url of a JSON object with " + parts;
    return new RoomRefused(
        RoomProblem.of(
                401,
                "authentication_error",
                "provider_credential_malformed",
                "%s: %s (expected: %s)".formatted(HEADER, fault, form))
            .at(HEADER)
            .from(facts.id()));
  }

  private static RoomProblem absent(ProviderFacts facts) {
    ArrayNode detail = RoomJson.object().arrayNode();
    detail
        .addObject()
        .put("type", "missing")
        .put("msg", "Field required")
        .putNull("input")
        .putArray("loc")
        .add("header")
        .add("x-provider-auth");
    return RoomProblem.of(
            422, "invalid_request_error", "provider_credential_missing", HEADER + ": absent")
        .at(HEADER)
        .from(facts.id())
        .detailed(detail);
  }
}
