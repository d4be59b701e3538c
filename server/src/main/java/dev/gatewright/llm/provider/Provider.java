package dev.gatewright.llm.provider;

import dev.gatewright.llm.dialect.Dialect;
import dev.gatewright.llm.dialect.Endpoint;
import dev.gatewright.relay.Origin;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.secret.Secret;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A provider of models. Immutable.
///
/// @param id what stands before the slash in `provider/model`
/// @param origin where it is dialled; its credential goes nowhere else
/// @param basePath what stands before `/chat/completions`, `/messages` …; empty or begins with a
///   slash, ends with none
/// @param apiKey null = none is sent
/// @param headers sent with every call; values may be secrets
/// @param allowPrivate its address may be private or loopback
/// @param askUsage ask for the usage of a chat stream where the caller does not
/// @param listed `/v1/models` shows the models its own list names
/// @param owner the organization that defined it for itself; null = the configuration did, for all
/// @param endpoints what it serves; empty = everything its dialect has
/// @param maxTokensField where a chat's output cap goes that the caller left out; null = where the
///   dialect's newest form has it
/// @param catalogue whose prices of the catalogue its models have; null = none
public record Provider(
    String id,
    Dialect dialect,
    Origin origin,
    String basePath,
    @Nullable Secret apiKey,
    Map<String, Secret> headers,
    boolean allowPrivate,
    boolean askUsage,
    boolean listed,
    Timeouts timeouts,
    @Nullable String owner,
    Set<Endpoint> endpoints,
    @Nullable String catalogue,
    @Nullable String maxTokensField) {
  public Provider {
    headers = Map.copyOf(headers);
    endpoints = Set.copyOf(endpoints);
  }

  /// What tells it from another organization's of the same id.
  public String key() {
    return owner == null ? id : owner + ":" + id;
  }

  /// In which field of a request its output cap goes; null = it has none.
  public @Nullable String capField(Endpoint endpoint) {
    return switch (endpoint) {
      case CHAT ->
          maxTokensField != null
              ? maxTokensField
              : "openai".equals(catalogue) ? "max_completion_tokens" : "max_tokens";
      case MESSAGES -> "max_tokens";
      case RESPONSES -> "max_output_tokens";
      case EMBEDDINGS, IMAGES, COUNT_TOKENS -> null;
    };
  }

  public boolean serves(Endpoint endpoint) {
    return endpoint.dialect() == dialect && (endpoints.isEmpty() || endpoints.contains(endpoint));
  }
}
