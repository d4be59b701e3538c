package dev.gatewright.key;

/// A key's text whose form and checksum are right; nothing is known yet of whether it exists. Never
/// shows its secret. Immutable; the bytes are not handed out.
public final class PresentedKey {
  private final ApiKey.Kind kind;
  private final String id;
  private final byte[] ascii;

  PresentedKey(ApiKey.Kind kind, String id, byte[] ascii) {
    this.kind = kind;
    this.id = id;
    this.ascii = ascii;
  }

  public ApiKey.Kind kind() {
    return kind;
  }

  /// `key_` and ten characters; fit for a log.
  public String id() {
    return id;
  }

  /// The whole text, for the authentication code alone.
  byte[] ascii() {
    return ascii;
  }

  @Override
  public String toString() {
    return id;
  }
}
