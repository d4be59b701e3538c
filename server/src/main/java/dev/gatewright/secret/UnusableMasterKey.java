package dev.gatewright.secret;

/// The master key is missing, malformed or not the one the data was made with. Stops the start; the
/// message is for the operator and holds no part of a key.
public final class UnusableMasterKey extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnusableMasterKey(String message) {
    super(message);
  }
}
