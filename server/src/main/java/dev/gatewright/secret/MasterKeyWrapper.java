package dev.gatewright.secret;

import java.util.HexFormat;

/// Wraps with a master key of this machine. Always there; thread-safe; without a text form.
public final class MasterKeyWrapper implements KeyWrapper {
  /// A master key is never changed in place: another one has another id.
  private static final String VERSION = "1";

  private static final int ID_BYTES = 8;

  private final String id;
  private final SealingKey key;

  public MasterKeyWrapper(MasterKey master) {
    byte[] name = master.derive("gatewright/kek-id/v1", "HmacSHA256").getEncoded();
    this.id = "kek_" + HexFormat.of().formatHex(name, 0, ID_BYTES);
    this.key = new SealingKey(master.derive("gatewright/kek/v1", "AES").getEncoded());
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Wrapping wrap(byte[] wanted, byte[] context) {
    return new Wrapping.Done(new Wrapped(key.seal(wanted, context), VERSION));
  }

  @Override
  public Unwrapping unwrap(Wrapped wrapped, byte[] context) {
    byte[] opened = key.open(wrapped.text(), context);
    return opened == null ? new Unwrapping.Tampered() : new Unwrapping.Done(opened);
  }

  @Override
  public String toString() {
    return "***";
  }
}
