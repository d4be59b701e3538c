package dev.gatewright.share;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/// Whose share something is taken from.
public sealed interface Holder {
  /// A key that was checked; one presented and not yet checked counts by its address, for a key's
  /// id is no secret.
  ///
  /// @param id the key's id
  record Key(String id) implements Holder {}

  /// An address without a known key.
  ///
  /// @param network the address, or its first 64 bits: whoever has one v6 address has all of those
  record Address(long network, boolean v6) implements Holder {}

  /// A proxy that is trusted to say who calls: it brings many callers, and is none.
  record Proxy() implements Holder {}

  /// The command line on this machine.
  record Local() implements Holder {}

  Holder PROXY = new Proxy();

  Holder LOCAL = new Local();

  static Holder key(String id) {
    return new Key(id);
  }

  static Holder address(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    return address instanceof Inet4Address
        ? new Address(bytes.getInt(), false)
        : new Address(bytes.getLong(), true);
  }
}
