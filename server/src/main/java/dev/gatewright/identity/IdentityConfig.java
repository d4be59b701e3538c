package dev.gatewright.identity;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.identity.code.SignUp;
import dev.gatewright.identity.session.PublicUrl;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.tenant.Addresses;
import org.jspecify.annotations.Nullable;

/// The settings `public-url`, `sign-up`, `owner-email` and `setup.remote`.
///
/// @param publicUrl where people reach the console; null = on this machine only
/// @param ownerEmail the only address that may claim the gate; null = any
/// @param setupRemote the gate may be claimed from another machine
public record IdentityConfig(
    @Nullable PublicUrl publicUrl,
    SignUp signUp,
    @Nullable EmailAddress ownerEmail,
    boolean setupRemote) {
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
    return new IdentityConfig(
        url == null ? null : PublicUrl.parse(url),
        SignUp.from(root),
        email,
        root.section("setup").flag("remote", false));
  }
}
