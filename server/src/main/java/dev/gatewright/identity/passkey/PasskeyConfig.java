package dev.gatewright.identity.passkey;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.identity.session.PublicUrl;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The settings `auth.rp-id`, `auth.passkey-required` and `auth.related-origins`.
///
/// @param rpId the name passkeys are made for; null = on this machine only
/// @param required persons who have a passkey sign in by nothing else
/// @param origins of pages under other names that may use them
public record PasskeyConfig(@Nullable String rpId, boolean required, Set<String> origins) {
  private static final Pattern HOST = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)*");

  /// Browsers look at names of five registrable domains, no more.
  private static final int ORIGINS_MAX = 20;

  public PasskeyConfig {
    origins = Set.copyOf(origins);
  }

  /// @param auth the mapping `auth`
  /// @param publicUrl whose host is meant where none is set
  public static PasskeyConfig from(Settings auth, @Nullable PublicUrl publicUrl) {
    String host = publicUrl == null ? null : publicUrl.authority().replaceAll(":[0-9]+$", "");
    String set = auth.textOrNull("rp-id");
    String rpId = set == null ? host : set.toLowerCase(Locale.ROOT);
    if (set != null && (!HOST.matcher(set).matches() || set.matches("[0-9.]+"))) {
      throw new InvalidSetting("auth.rp-id: %s (expected: a host name)".formatted(set));
    }
    Set<String> origins = new LinkedHashSet<>();
    for (String origin : auth.texts("related-origins")) {
      PublicUrl url = PublicUrl.parse("auth.related-origins", origin);
      if (!url.secure()) {
        throw new InvalidSetting(
            "auth.related-origins: %s (expected: https://…)".formatted(origin));
      }
      origins.add(url.origin());
    }
    if (origins.size() > ORIGINS_MAX) {
      throw new InvalidSetting(
          "auth.related-origins: %d (expected: at most %d)".formatted(origins.size(), ORIGINS_MAX));
    }
    return new PasskeyConfig(rpId, auth.flag("passkey-required", false), origins);
  }
}
