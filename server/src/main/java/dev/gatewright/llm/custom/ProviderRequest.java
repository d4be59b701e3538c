package dev.gatewright.llm.custom;

import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.llm.dialect.Dialect;
import dev.gatewright.llm.dialect.Endpoint;
import dev.gatewright.llm.provider.ProvidersConfig;
import dev.gatewright.relay.BaseUrl;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.rest.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The body of a create, or the fields of a change; what is null stays as it is.
record ProviderRequest(
    @Nullable String id,
    @Nullable String dialect,
    @Nullable String baseUrl,
    @Nullable Map<String, @Nullable String> headers,
    @Nullable List<@Nullable String> models,
    @Nullable List<@Nullable String> endpoints) {
  private static final int HEADERS_MAX = 16;
  private static final int HEADER_CHARACTERS_MAX = 2_000;
  private static final int MODELS_MAX = 200;
  private static final int MODEL_CHARACTERS_MAX = 200;
  private static final int URL_CHARACTERS_MAX = 500;

  String checkedId() {
    if (id == null || !ProvidersConfig.isId(id)) {
      throw Problem.wrong(
          "/id", "%s (expected: lower-case letters, digits and -, not `sim`)".formatted(id));
    }
    return id;
  }

  /// Null = not said.
  @Nullable Dialect checkedDialect() {
    Dialect known = CustomProviders.dialect(dialect);
    if (dialect != null && known == null) {
      throw Problem.wrong("/dialect", "%s (expected: openai or anthropic)".formatted(dialect));
    }
    return known;
  }

  /// Null = not said. A host that can never be dialled is refused at once; a name is judged by what
  /// it resolves to, whenever it is dialled.
  ///
  /// @param rules of targets defined by API
  @Nullable BaseUrl checkedAddress(DialRules rules) {
    if (baseUrl == null) {
      return null;
    }
    BaseUrl base;
    try {
      if (baseUrl.length() > URL_CHARACTERS_MAX) {
        throw Problem.wrong("/base_url", baseUrl + " (expected: at most 500 characters)");
      }
      base = BaseUrl.parse("base_url", baseUrl);
    } catch (InvalidSetting wrong) {
      throw Problem.wrong("/base_url", String.valueOf(wrong.getMessage()));
    }
    String refusal = rules.refusal(base.origin().host());
    if (refusal != null) {
      throw Problem.wrong("/base_url", "%s: the address %s".formatted(baseUrl, refusal));
    }
    if (!base.origin().tls() && rules.allowed().isEmpty()) {
      throw Problem.wrong(
          "/base_url", "%s (expected: https, or a block of network.allow)".formatted(baseUrl));
    }
    return base;
  }

  /// By lower-case name; null = not said.
  @Nullable Map<String, String> checkedHeaders() {
    if (headers == null) {
      return null;
    }
    if (headers.size() > HEADERS_MAX) {
      throw Problem.wrong(
          "/headers", "%d (expected: at most %d)".formatted(headers.size(), HEADERS_MAX));
    }
    Map<String, String> checked = new TreeMap<>();
    headers.forEach((name, value) -> {
      if (!ProvidersConfig.isHeaderName(name)) {
        throw Problem.wrong(
            "/headers", "%s (expected: the name of an end-to-end header)".formatted(name));
      }
      if (value == null
          || value.length() > HEADER_CHARACTERS_MAX
          || !ProvidersConfig.isHeaderValue(value)) {
        // The value may be a secret.
        throw Problem.wrong(
            "/headers",
            "%s: (expected: printable ASCII, at most %d characters)"
                .formatted(name, HEADER_CHARACTERS_MAX));
      }
      checked.put(name.toLowerCase(Locale.ROOT), value);
    });
    return checked;
  }

  @Nullable List<String> checkedModels() {
    if (models == null) {
      return null;
    }
    if (models.size() > MODELS_MAX) {
      throw Problem.wrong(
          "/models", "%d (expected: at most %d)".formatted(models.size(), MODELS_MAX));
    }
    List<String> checked = new ArrayList<>();
    for (String model : models) {
      if (model == null || !named(model) || model.length() > MODEL_CHARACTERS_MAX) {
        throw Problem.wrong("/models", model + " (expected: names of models there)");
      }
      checked.add(model);
    }
    return checked;
  }

  /// A name without spaces and control characters.
  static boolean named(String name) {
    return !name.isEmpty()
        && name.chars().noneMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c));
  }

  /// @param of the dialect they must be of
  @Nullable List<String> checkedEndpoints(Dialect of) {
    if (endpoints == null) {
      return null;
    }
    List<String> checked = new ArrayList<>();
    for (String suffix : endpoints) {
      Endpoint endpoint = suffix == null ? null : CustomProviders.endpoint(suffix);
      if (endpoint == null || endpoint.dialect() != of) {
        throw Problem.wrong(
            "/endpoints",
            "%s (expected: endpoints of the dialect %s, such as %s)"
                .formatted(
                    suffix, of.id(), of == Dialect.OPENAI ? "/chat/completions" : "/messages"));
      }
      if (!checked.contains(suffix)) {
        checked.add(endpoint.suffix());
      }
    }
    return checked;
  }

  @Override
  public String toString() {
    return "ProviderRequest[" + id + "]";
  }
}
