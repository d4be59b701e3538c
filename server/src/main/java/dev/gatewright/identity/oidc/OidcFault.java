package dev.gatewright.identity.oidc;

/// A sign-in that comes to nothing. The reason is for the log; no browser sees more than that it
/// failed.
final class OidcFault extends Exception {
  private static final long serialVersionUID = 1L;

  /// @param reason holds no token, code or address
  OidcFault(String reason) {
    super(reason, null, false, false);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
