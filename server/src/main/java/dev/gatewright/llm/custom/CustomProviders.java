package dev.gatewright.llm.custom;

import dev.gatewright.llm.dialect.Dialect;
import dev.gatewright.llm.dialect.Endpoint;
import dev.gatewright.llm.provider.Provider;
import dev.gatewright.relay.BaseUrl;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.rest.Json;
import dev.gatewright.secret.Secret;
import dev.gatewright.secret.keyring.Keyring;
import dev.gatewright.secret.keyring.Opened;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Rows as the router takes them: an address apart, headers opened. Thread-safe; blocks.
final class CustomProviders {
  private static final Logger LOG = LoggerFactory.getLogger(CustomProviders.class);

  private final Keyring keyring;

  CustomProviders(Keyring keyring) {
    this.keyring = keyring;
  }

  static @Nullable Dialect dialect(@Nullable String word) {
    for (Dialect each : List.of(Dialect.OPENAI, Dialect.ANTHROPIC)) {
      if (each.id().equals(word)) {
        return each;
      }
    }
    return null;
  }

  /// Null when there is no such endpoint.
  static @Nullable Endpoint endpoint(String suffix) {
    for (Endpoint each : Endpoint.values()) {
      if (each.suffix().equals(suffix)) {
        return each;
      }
    }
    return null;
  }

  /// Null for one that cannot be used now; that is in the log.
  @Nullable Provider provider(CustomProvider row) {
    BaseUrl base = BaseUrl.parse("base_url", row.baseUrl());
    Dialect dialect = dialect(row.dialect());
    Map<String, Secret> headers = headers(row, base);
    if (dialect == null || headers == null) {
      LOG.warn("provider {} of {} cannot be used", row.id(), row.organizationId());
      return null;
    }
    Set<Endpoint> endpoints = new HashSet<>();
    for (String suffix : row.endpoints()) {
      Endpoint endpoint = endpoint(suffix);
      if (endpoint != null) {
        endpoints.add(endpoint);
      }
    }
    return new Provider(
        row.id(),
        dialect,
        base.origin(),
        base.path(),
        null,
        headers,
        false,
        true,
        // Whoever names models of it has made the list.
        row.models().isEmpty(),
        Timeouts.DEFAULT,
        row.organizationId(),
        endpoints,
        null,
        null);
  }

  private @Nullable Map<String, Secret> headers(CustomProvider row, BaseUrl base) {
    if (row.headers().isEmpty()) {
      return Map.of();
    }
    byte[] context =
        CustomProvider.context(base.origin().toString(), row.organizationId(), row.id());
    if (!(keyring.open(row.organizationId(), CustomProvider.PURPOSE, context, row.headers())
        instanceof Opened.Value(Secret text))) {
      return null;
    }
    Map<String, Secret> headers = new HashMap<>();
    Json.tree(text.expose().getBytes(StandardCharsets.UTF_8))
        .properties()
        .forEach(header -> headers.put(header.getKey(), Secret.of(header.getValue().asText())));
    return headers;
  }

  /// Seals headers for one origin. Blocks now and then; not inside a transaction.
  ///
  /// @param headers by lower-case name
  String sealed(String organizationId, String id, BaseUrl base, Map<String, String> headers) {
    if (headers.isEmpty()) {
      return "";
    }
    byte[] context = CustomProvider.context(base.origin().toString(), organizationId, id);
    String text = new String(Json.bytes(headers), StandardCharsets.UTF_8);
    return keyring.seal(organizationId, CustomProvider.PURPOSE, context, Secret.of(text));
  }
}
