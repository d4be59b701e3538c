package dev.gatewright.ingress;

import dev.gatewright.config.Settings;

/// The setting `ingress`.
///
/// @param allowPreflight a CORS preflight (`OPTIONS`), which never carries a key, is let through
///   without one; for backends that answer preflights themselves
public record IngressConfig(boolean allowPreflight) {
  /// @param root the whole configuration
  public static IngressConfig from(Settings root) {
    return new IngressConfig(root.section("ingress").flag("allow-preflight", false));
  }
}
