package dev.gatewright.llm.provider;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.llm.dialect.Dialect;
import dev.gatewright.relay.BaseUrl;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.secret.Secret;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The mapping list `providers`. The ids `openai` and `anthropic` bring dialect and address along.
///
/// @param providers by id, in the file's order
public record ProvidersConfig(Map<String, Provider> providers) {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,30}");

  /// Test keys call these names; a provider of that name could never be reached.
  private static final String SIMULATOR = "sim";

  /// What the relay writes itself, or must never pass on.
  private static final Set<String> HEADERS_REFUSED =
      Set.of(
          "host",
          "connection",
          "content-length",
          "transfer-encoding",
          "te",
          "trailer",
          "upgrade",
          "keep-alive",
          "expect",
          "accept-encoding",
          "proxy-connection");

  private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");
  private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7e]*");

  public ProvidersConfig {
    providers = Collections.unmodifiableMap(new LinkedHashMap<>(providers));
  }

  public static ProvidersConfig from(Settings root) {
    Map<String, Provider> providers = new LinkedHashMap<>();
    for (Settings entry : root.list("providers")) {
      Provider provider = provider(entry);
      if (providers.put(provider.id(), provider) != null) {
        throw invalid(entry, "id", provider.id(), "an id used once");
      }
    }
    return new ProvidersConfig(providers);
  }

  /// What the catalogue calls a target; null = its prices do not apply. A provider that is not
  /// configured is asked about by its own name.
  ///
  /// @param target `provider/model`
  public @Nullable String listed(@Nullable String target) {
    int slash = target == null ? -1 : target.indexOf('/');
    Provider provider =
        target == null || slash < 1 ? null : providers.get(target.substring(0, slash));
    if (provider == null || target == null) {
      return target;
    }
    return provider.catalogue() == null ? null : provider.catalogue() + target.substring(slash);
  }

  /// Whether a provider may be called so.
  public static boolean isId(String id) {
    return ID.matcher(id).matches() && !id.equals(SIMULATOR);
  }

  /// Whether a header of this name may be configured.
  public static boolean isHeaderName(String name) {
    return HEADER_NAME.matcher(name).matches()
        && !HEADERS_REFUSED.contains(name.toLowerCase(Locale.ROOT));
  }

  public static boolean isHeaderValue(String value) {
    return HEADER_VALUE.matcher(value).matches();
  }

  private static Provider provider(Settings entry) {
    String id = entry.text("id", "");
    if (!isId(id)) {
      throw invalid(entry, "id", id, "lower-case letters, digits and -, not `sim`");
    }
    BaseUrl base =
        BaseUrl.parse(entry.path() + ".base-url", entry.text("base-url", builtInAddress(id)));
    Settings timeouts = entry.section("timeouts");
    return new Provider(
        id,
        dialect(entry, entry.text("dialect", id)),
        base.origin(),
        base.path(),
        apiKey(entry),
        headers(entry),
        entry.flag("allow-private", false),
        autoNotNever(entry, "stream-usage"),
        autoNotNever(entry, "list-models"),
        new Timeouts(
            positive(timeouts, "connect", Timeouts.DEFAULT.connect()),
            positive(timeouts, "first-byte", Timeouts.DEFAULT.firstByte()),
            positive(timeouts, "idle", Timeouts.DEFAULT.idle())),
        null,
        Set.of(),
        catalogue(entry, id, base),
        maxTokensField(entry));
  }

  /// The catalogue's prices are those of the providers' own addresses; whoever sells the same at
  /// the same price may be said to.
  private static @Nullable String catalogue(Settings entry, String id, BaseUrl base) {
    String named = entry.textOrNull("catalogue");
    if (named == null) {
      String builtIn = builtInAddress(id);
      boolean own =
          !builtIn.isEmpty() && base.origin().equals(BaseUrl.parse(entry.path(), builtIn).origin());
      return own ? id : null;
    }
    return switch (named) {
      case "openai", "anthropic" -> named;
      case "none" -> null;
      default -> throw invalid(entry, "catalogue", named, "openai, anthropic or none");
    };
  }

  private static @Nullable String maxTokensField(Settings entry) {
    String named = entry.textOrNull("max-tokens-field");
    if (named == null || named.equals("max_tokens") || named.equals("max_completion_tokens")) {
      return named;
    }
    throw invalid(entry, "max-tokens-field", named, "max_tokens or max_completion_tokens");
  }

  private static String builtInAddress(String id) {
    return switch (id) {
      case "openai" -> "https://api.openai.com/v1";
      case "anthropic" -> "https://api.anthropic.com/v1";
      default -> "";
    };
  }

  private static Dialect dialect(Settings entry, String name) {
    for (Dialect dialect : List.of(Dialect.OPENAI, Dialect.ANTHROPIC)) {
      if (dialect.id().equals(name)) {
        return dialect;
      }
    }
    throw invalid(entry, "dialect", entry.text("dialect", ""), "openai or anthropic");
  }

  private static @Nullable Secret apiKey(Settings entry) {
    Secret key = entry.secret("api-key");
    if (key != null && !key.use(text -> HEADER_VALUE.matcher(text).matches() && !text.isBlank())) {
      throw new InvalidSetting(entry.path() + ".api-key: expected printable ASCII");
    }
    return key;
  }

  private static Map<String, Secret> headers(Settings entry) {
    Map<String, Secret> headers = new LinkedHashMap<>();
    entry
        .map("headers")
        .forEach((name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (!isHeaderName(name)) {
            throw invalid(entry, "headers", name, "the name of an end-to-end header");
          }
          if (!isHeaderValue(value)) {
            throw new InvalidSetting(
                "%s.headers.%s: expected printable ASCII".formatted(entry.path(), name));
          }
          headers.put(lower, Secret.of(value));
        });
    return headers;
  }

  private static boolean autoNotNever(Settings entry, String key) {
    String mode = entry.text(key, "auto");
    return switch (mode) {
      case "auto" -> true;
      case "never" -> false;
      default -> throw invalid(entry, key, mode, "auto or never");
    };
  }

  private static Duration positive(Settings timeouts, String key, Duration fallback) {
    Duration value = timeouts.duration(key, fallback);
    if (!value.isPositive()) {
      throw invalid(timeouts, key, value.toString(), "> 0s");
    }
    return value;
  }

  private static InvalidSetting invalid(Settings entry, String key, String value, String expected) {
    return new InvalidSetting(
        "%s.%s: %s (expected: %s)".formatted(entry.path(), key, value, expected));
  }
}
