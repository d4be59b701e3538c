package dev.gatewright.secret;

/// A master key is malformed, or a new store has none. The message is for the operator and holds no
/// part of a key.
public final class UnusableMasterKey extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnusableMasterKey(String message) {
    super(message);
  }
}
