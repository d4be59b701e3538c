package dev.gatewright.secret;

/// A key that is needed now is out of reach: a KMS does not answer, or the master key it is wrapped
/// with is not at hand. Whoever asks may try again; the message is for the operator.
public final class KeysUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public KeysUnavailable(String message) {
    super(message);
  }
}
