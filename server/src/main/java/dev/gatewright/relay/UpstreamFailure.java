package dev.gatewright.relay;

/// Why an upstream call did not come to a complete answer.
///
/// @param phase where it stopped
/// @param timeout true when the phase's deadline passed
/// @param message for the caller: names the phase and the limit, never an address the caller did
///   not give, never a secret
/// @param retryOnFresh the connection was a reused one, and either the request was not completely
///   written or the close was already there when it was: repeating once on a fresh connection is
///   safe
public record UpstreamFailure(Phase phase, boolean timeout, String message, boolean retryOnFresh) {
  public enum Phase {
    /// All connections to this upstream are in use.
    POOL("pool"),
    /// The address is not one this target may use.
    ADDRESS("address"),
    /// Name resolution, TCP connect, TLS handshake.
    CONNECT("connect"),
    /// Writing the request.
    SEND("send"),
    /// Waiting for the answer's head, or a head that is not HTTP.
    FIRST_BYTE("first_byte"),
    /// The answer's body was cut, malformed or too slow.
    IDLE("idle");

    private final String code;

    Phase(String code) {
      this.code = code;
    }

    /// As it appears in `timeout_<phase>`.
    public String code() {
      return code;
    }
  }
}
