package dev.gatewright.share;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Whose share something is taken from.
public sealed interface Holder {
  /// A key that was checked; one presented and not yet checked counts by its address, for a key's
  /// id is no secret. The same key whoever says whose it is.
  ///
  /// @param id the key's id
  /// @param organizationId whose it is; null = not said
  record Key(String id, @Nullable String organizationId) implements Holder {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && key.id.equals(id);
    }

    @Override
    public int hashCode() {
      return id.hashCode();
    }

    @Override
    public @Nullable Holder group() {
      return organizationId == null ? null : new Organization(organizationId);
    }
  }

  /// All keys of one organization.
  record Organization(String id) implements Holder {
    @Override
    public @Nullable Holder group() {
      return null;
    }
  }

  /// An address without a known key.
  ///
  /// @param network the address, or its first 64 bits: whoever has one v6 address has all of those
  record Address(long network, boolean v6) implements Holder {
    @Override
    public Holder group() {
      return new Network(network >> (v6 ? 16 : 8), v6);
    }
  }

  /// The network an address is in: /24, or /48 of v6.
  record Network(long prefix, boolean v6) implements Holder {
    @Override
    public @Nullable Holder group() {
      return null;
    }
  }

  /// A proxy that is trusted to say who calls: it brings many callers, and is none.
  record Proxy() implements Holder {
    @Override
    public @Nullable Holder group() {
      return null;
    }
  }

  /// The command line on this machine.
  record Local() implements Holder {
    @Override
    public @Nullable Holder group() {
      return null;
    }
  }

  Holder PROXY = new Proxy();

  Holder LOCAL = new Local();

  /// Those it holds together with, so that many names are not many shares; null = nobody.
  @Nullable Holder group();

  /// Of an organization nobody names.
  static Holder key(String id) {
    return new Key(id, null);
  }

  static Holder key(String id, String organizationId) {
    return new Key(id, organizationId);
  }

  static Holder address(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    return address instanceof Inet4Address
        ? new Address(bytes.getInt(), false)
        : new Address(bytes.getLong(), true);
  }
}
