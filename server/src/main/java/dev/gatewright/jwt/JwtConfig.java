package dev.gatewright.jwt;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The setting `auth.jwt`.
public record JwtConfig(List<JwtIssuer> issuers) {
  public static final JwtConfig NONE = new JwtConfig(List.of());

  private static final int ISSUERS_MAX = 100;

  public JwtConfig {
    issuers = List.copyOf(issuers);
  }

  /// @param root the whole configuration
  /// @throws InvalidSetting when it does not fit
  public static JwtConfig from(Settings root) {
    List<Settings> entries = root.section("auth").list("jwt");
    if (entries.size() > ISSUERS_MAX) {
      throw new InvalidSetting(
          "auth.jwt: %d of them (expected: ≤ %d)".formatted(entries.size(), ISSUERS_MAX));
    }
    List<JwtIssuer> issuers = entries.stream().map(JwtIssuer::from).toList();
    Set<String> seen = new HashSet<>();
    for (JwtIssuer issuer : issuers) {
      if (!seen.add(issuer.issuer())) {
        throw new InvalidSetting(
            "auth.jwt: %s is there twice (expected: an issuer once)".formatted(issuer.issuer()));
      }
    }
    return new JwtConfig(issuers);
  }
}
