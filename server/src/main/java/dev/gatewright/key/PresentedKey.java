package dev.gatewright.key;

/// A key's text whose form is right, its checksum included where it has one; nothing is known yet
/// of whether it exists. Never shows its secret. Immutable; the bytes are not handed out.
public final class PresentedKey {
  private final ApiKey.Kind kind;
  private final String id;
  private final byte[] ascii;
  private final boolean foreign;

  PresentedKey(ApiKey.Kind kind, String id, byte[] ascii) {
    this.kind = kind;
    this.id = id;
    this.ascii = ascii;
    this.foreign = false;
  }

  private PresentedKey(String id, byte[] ascii) {
    this.kind = ApiKey.Kind.LIVE;
    this.id = id;
    this.ascii = ascii;
    this.foreign = true;
  }

  /// Another gate's key.
  ///
  /// @param id made of the text, by [KeyPepper#foreignId]
  public static PresentedKey foreign(String id, byte[] ascii) {
    return new PresentedKey(id, ascii);
  }

  /// True when it has not our own form.
  public boolean foreign() {
    return foreign;
  }

  public ApiKey.Kind kind() {
    return kind;
  }

  /// `key_` and ten characters; fit for a log.
  public String id() {
    return id;
  }

  /// The whole text, for the authentication code alone.
  public byte[] ascii() {
    return ascii;
  }

  @Override
  public String toString() {
    return id;
  }
}
