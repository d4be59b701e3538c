package dev.gatewright.identity;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.edge.site.SitesConfig;
import dev.gatewright.identity.code.SignUp;
import dev.gatewright.identity.oidc.OidcConfig;
import dev.gatewright.identity.passkey.PasskeyConfig;
import dev.gatewright.identity.session.PublicUrl;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.tenant.Addresses;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The settings `public-url`, `sign-up`, `owner-email`, `setup.remote` and `auth`.
///
/// @param publicUrl where people reach the console; null = on this machine only
/// @param ownerEmail the only address that may claim the gate; null = any
/// @param siteUrls where people reach the consoles of `sites`
/// @param setupRemote the gate may be claimed from another machine
public record IdentityConfig(
    @Nullable PublicUrl publicUrl,
    SignUp signUp,
    @Nullable EmailAddress ownerEmail,
    boolean setupRemote,
    List<PublicUrl> siteUrls,
    List<OidcConfig> oidc,
    PasskeyConfig passkeys) {
  public IdentityConfig {
    siteUrls = List.copyOf(siteUrls);
    oidc = List.copyOf(oidc);
  }

  /// The gate's own first, if one is set.
  public List<PublicUrl> publicUrls() {
    return publicUrls(siteUrls);
  }

  /// The same with edited `sites`; `public-url` itself takes a restart.
  List<PublicUrl> publicUrls(List<PublicUrl> edited) {
    return Stream.concat(Stream.ofNullable(publicUrl), edited.stream()).distinct().toList();
  }

  /// Whether somebody may come whom nobody invited.
  public boolean open() {
    return !(signUp instanceof SignUp.Invited);
  }

  /// @param root the whole configuration
  public static IdentityConfig from(Settings root) {
    String url = root.textOrNull("public-url");
    String owner = root.textOrNull("owner-email");
    EmailAddress email = owner == null ? null : EmailAddress.parse(owner);
    if (owner != null && email == null) {
      throw new InvalidSetting(
          "owner-email: %s (expected: %s)".formatted(owner, Addresses.EXPECTED));
    }
    PublicUrl publicUrl = url == null ? null : PublicUrl.parse(url);
    return new IdentityConfig(
        publicUrl,
        SignUp.from(root),
        email,
        root.section("setup").flag("remote", false),
        SitesConfig.from(root).publicUrls().stream().map(PublicUrl::parse).toList(),
        OidcConfig.from(root.section("auth")),
        PasskeyConfig.from(root.section("auth"), publicUrl));
  }
}
