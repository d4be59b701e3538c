package dev.gatewright.secret;

/// The store's keys cannot be opened with the master keys at hand: the gate is sealed. Nothing was
/// changed. The message is for the operator and holds no part of a key.
public final class SealedKeyring extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SealedKeyring(String message) {
    super(message);
  }
}
