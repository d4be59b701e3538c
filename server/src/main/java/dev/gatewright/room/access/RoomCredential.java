package dev.gatewright.room.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.gatewright.room.config.CredentialCheck;
import dev.gatewright.room.config.RoomConfig.ProviderConfig;
import dev.gatewright.room.provider.CredentialField;
import dev.gatewright.room.provider.ProviderAddress;
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
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// A provider's credential for rooms as a text, taken apart: as `X-Provider-Auth` carries it, and
/// as it is stored. Keeps nothing.
public final class RoomCredential {
  public static final String HEADER = "X-Provider-Auth";

  private static final String EMPTY =
      HEADER + " header is required. Provide your provider API key.";

  private RoomCredential() {}

  /// Reads a text.
  ///
  /// @param config what the file says of the provider: an address in it takes the place of the
  ///   credential's
  /// @throws RoomRefused 401 when it is none of this provider's
  static Map<String, Secret> read(ProviderFacts facts, ProviderConfig config, String text) {
    Map<String, Secret> fields = fields(facts, text.strip());
    if (config.baseUrl() != null && facts.takesUrl()) {
      fields.put("url", Secret.of(config.baseUrl().toHttp()));
    }
    String fault = CredentialCheck.fault(facts, fields);
    if (fault != null) {
      throw malformed(facts, fault);
    }
    return fields;
  }

  /// Whether it says itself where it goes, so that whoever holds it chooses what the gate calls.
  static boolean choosesAddress(ProviderFacts facts, ProviderConfig config, String text) {
    Map<String, Secret> fields = fields(facts, text.strip());
    return facts.credential().stream()
        .anyMatch(field ->
            field.address()
                && fields.containsKey(field.name())
                && (config.baseUrl() == null || !field.name().equals("url")));
  }

  /// Where it goes: the origins of all addresses in it, or the provider's own.
  static String origins(
      ProviderFacts facts, @Nullable ProviderAddress own, Map<String, Secret> fields) {
    StringJoiner origins = new StringJoiner(" ");
    for (CredentialField field : facts.credential()) {
      Secret value = field.address() ? fields.get(field.name()) : null;
      ProviderAddress address = value == null ? null : ProviderAddress.parse(value.expose());
      if (address != null) {
        origins.add(address.origin().toString());
      }
    }
    return own == null || facts.takesUrl() ? origins.toString() : own.origin().toString();
  }

  private static Map<String, Secret> fields(ProviderFacts facts, String header) {
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
    // Stored by hand it may be the object itself.
    String text = value.startsWith("{") ? value : decoded(value);
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

  /// 422: none was brought along, and there is none that could go in its place.
  static RoomProblem absent(ProviderFacts facts) {
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
