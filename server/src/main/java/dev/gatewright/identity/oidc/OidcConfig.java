package dev.gatewright.identity.oidc;

import dev.gatewright.account.Role;
import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.secret.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One entry of the setting `auth.oidc`.
///
/// @param id its name in paths and audit entries
/// @param issuer as the provider writes it, to the letter
/// @param clientSecret null = a public client
/// @param domains of the addresses it answers for, in lower case; none = it answers for none
/// @param trustEmail an address it has verified, of one of those domains, is the person's who has
///   it here
/// @param groupsClaim where its tokens name groups; null = they are not looked at
/// @param roles of groups, in `organization`
/// @param organization null = the first
/// @param allowPrivate the issuer's own host may have a private address
public record OidcConfig(
    String id,
    String issuer,
    String clientId,
    @Nullable Secret clientSecret,
    Set<String> domains,
    boolean trustEmail,
    @Nullable String groupsClaim,
    Map<String, Role> roles,
    @Nullable String organization,
    boolean allowPrivate) {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,30}");
  private static final int PROVIDERS_MAX = 20;

  public OidcConfig {
    domains = Set.copyOf(domains);
    roles = Map.copyOf(roles);
  }

  /// @param auth the mapping `auth`
  public static List<OidcConfig> from(Settings auth) {
    List<OidcConfig> all = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Settings entry : auth.list("oidc")) {
      OidcConfig one = entry(entry);
      if (!ids.add(one.id)) {
        throw new InvalidSetting("%s.id: %s (expected: each once)".formatted(entry.path(), one.id));
      }
      all.add(one);
    }
    if (all.size() > PROVIDERS_MAX) {
      throw new InvalidSetting(
          "auth.oidc: %d entries (expected: at most %d)".formatted(all.size(), PROVIDERS_MAX));
    }
    return all;
  }

  private static OidcConfig entry(Settings entry) {
    String id = required(entry, "id");
    if (!ID.matcher(id).matches()) {
      throw new InvalidSetting(
          "%s.id: %s (expected: %s)".formatted(entry.path(), id, ID.pattern()));
    }
    return new OidcConfig(
        id,
        issuer(entry, required(entry, "issuer")),
        required(entry, "client-id"),
        entry.secret("client-secret"),
        domains(entry),
        entry.flag("trust-email", false),
        entry.textOrNull("groups-claim"),
        roles(entry),
        entry.textOrNull("organization"),
        entry.flag("allow-private", false));
  }

  private static String required(Settings entry, String key) {
    String text = entry.textOrNull(key);
    if (text == null || text.isBlank()) {
      throw new InvalidSetting("%s.%s: missing".formatted(entry.path(), key));
    }
    return text;
  }

  private static String issuer(Settings entry, String text) {
    try {
      URI url = new URI(text);
      if (OidcHttp.usable(url) && url.getRawQuery() == null && url.getRawFragment() == null) {
        return text;
      }
    } catch (URISyntaxException notUrl) {
      // Said below.
    }
    throw new InvalidSetting(
        "%s.issuer: %s (expected: https://…; http on this machine alone)"
            .formatted(entry.path(), text));
  }

  private static Set<String> domains(Settings entry) {
    Set<String> domains = new HashSet<>();
    for (String text : entry.texts("domains")) {
      String domain = text.toLowerCase(Locale.ROOT);
      EmailAddress any = EmailAddress.parse("a@" + domain);
      if (any == null || !any.domain().equals(domain)) {
        throw new InvalidSetting(
            "%s.domains: %s (expected: a domain such as example.com)"
                .formatted(entry.path(), text));
      }
      domains.add(domain);
    }
    if (domains.isEmpty() && entry.flag("trust-email", false)) {
      throw new InvalidSetting(
          "%s.trust-email: true without domains (expected: whose addresses it answers for)"
              .formatted(entry.path()));
    }
    return domains;
  }

  private static Map<String, Role> roles(Settings entry) {
    Map<String, Role> roles = new LinkedHashMap<>();
    entry
        .map("roles")
        .forEach((group, word) -> {
          Role role = Role.of(word);
          if (role == null) {
            throw new InvalidSetting(
                "%s.roles.%s: %s (expected: %s)".formatted(entry.path(), group, word, Role.WORDS));
          }
          roles.put(group, role);
        });
    if (!roles.isEmpty() && entry.textOrNull("groups-claim") == null) {
      throw new InvalidSetting(
          "%s.roles: without groups-claim (expected: both)".formatted(entry.path()));
    }
    return roles;
  }
}
