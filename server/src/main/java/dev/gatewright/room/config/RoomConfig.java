package dev.gatewright.room.config;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.relay.Origin;
import dev.gatewright.room.provider.CredentialField;
import dev.gatewright.room.provider.ProviderAddress;
import dev.gatewright.room.provider.ProviderFacts;
import dev.gatewright.secret.Secret;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `rooms:` and `byok.anonymous.rooms`.
///
/// @param open ids of the providers callers may use
/// @param providers what the file says of each provider, by id; all ids are there
/// @param anonymous a provider's credential suffices, without a gateway key
public record RoomConfig(
    Set<String> open, Map<String, ProviderConfig> providers, boolean anonymous) {

  /// @param baseUrl where the provider's interface stands instead of its own address or the one in
  ///   a caller's credential; null = not replaced
  /// @param allowPrivate the addresses written here may be private ones
  /// @param credential the operator's own; empty = none
  public record ProviderConfig(
      @Nullable ProviderAddress baseUrl, boolean allowPrivate, Map<String, Secret> credential) {
    public ProviderConfig {
      credential = Map.copyOf(credential);
    }
  }

  public RoomConfig {
    open = Set.copyOf(open);
    providers = Map.copyOf(providers);
  }

  public ProviderConfig provider(String id) {
    return providers.getOrDefault(id, new ProviderConfig(null, false, Map.of()));
  }

  /// Origins that may be private: those the operator wrote beside `allow-private`.
  public Set<Origin> privateOrigins() {
    Set<Origin> origins = new HashSet<>();
    for (ProviderFacts facts : RoomProviders.FACTS) {
      ProviderConfig config = provider(facts.id());
      if (config.allowPrivate()) {
        if (config.baseUrl() != null) {
          origins.add(config.baseUrl().origin());
        }
        for (CredentialField field : facts.credential()) {
          Secret value = field.address() ? config.credential().get(field.name()) : null;
          ProviderAddress address = value == null ? null : ProviderAddress.parse(value.expose());
          if (address != null) {
            origins.add(address.origin());
          }
        }
      }
    }
    return origins;
  }

  /// @param root the whole configuration
  public static RoomConfig from(Settings root) {
    Settings rooms = root.section("rooms");
    List<String> known = RoomProviders.FACTS.stream().map(ProviderFacts::id).toList();
    List<String> open = rooms.texts("open");
    for (String id : open) {
      if (!known.contains(id)) {
        throw new InvalidSetting(
            "rooms.open: %s (expected: %s)".formatted(id, String.join(", ", known)));
      }
    }
    Map<String, ProviderConfig> providers = new HashMap<>();
    for (ProviderFacts facts : RoomProviders.FACTS) {
      providers.put(facts.id(), provider(facts, rooms.section("providers").section(facts.id())));
    }
    return new RoomConfig(
        Set.copyOf(open.isEmpty() ? known : open),
        providers,
        root.section("byok").section("anonymous").flag("rooms", true));
  }

  private static ProviderConfig provider(ProviderFacts facts, Settings settings) {
    String baseUrl = settings.textOrNull("base-url");
    ProviderAddress address = baseUrl == null ? null : ProviderAddress.parse(baseUrl);
    if (baseUrl != null && address == null) {
      throw new InvalidSetting(
          "%s.base-url: %s (expected: an http or https address without user, query or fragment)"
              .formatted(settings.path(), baseUrl));
    }
    return new ProviderConfig(
        address, settings.flag("allow-private", false), credential(facts, settings, address));
  }

  private static Map<String, Secret> credential(
      ProviderFacts facts, Settings settings, @Nullable ProviderAddress baseUrl) {
    Map<String, Secret> fields = new HashMap<>();
    if (facts.credential().size() == 1) {
      Secret value = settings.secret("credential");
      if (value != null) {
        fields.put(facts.credential().getFirst().name(), value);
      }
    } else {
      Settings section = settings.section("credential");
      for (CredentialField field : facts.credential()) {
        Secret value = section.secret(field.name());
        if (value != null) {
          fields.put(field.name(), value);
        }
      }
    }
    if (fields.isEmpty()) {
      return fields;
    }
    if (baseUrl != null && facts.takesUrl()) {
      fields.put("url", Secret.of(baseUrl.toHttp()));
    }
    String fault = CredentialCheck.fault(facts, fields);
    if (fault != null) {
      throw new InvalidSetting(settings.path() + ".credential: " + fault);
    }
    return fields;
  }
}
