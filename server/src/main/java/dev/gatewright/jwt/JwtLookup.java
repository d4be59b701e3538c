package dev.gatewright.jwt;

/// What looking a token up came to.
public sealed interface JwtLookup {
  record Found(JwtHolder holder) implements JwtLookup {}

  /// No. To the outside all reasons look the same.
  ///
  /// @param reason for the access log
  record Rejected(String reason) implements JwtLookup {}

  /// Too many failures from this address.
  record Throttled(int retryAfterSeconds) implements JwtLookup {}

  /// Nobody can say: the issuer or the store is away, or too much is to be verified.
  ///
  /// @param reason for the access log
  record Unavailable(String reason, int retryAfterSeconds) implements JwtLookup {}
}
