package dev.gatewright.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;

/// A block of addresses such as `10.0.0.0/8` or `fd00::/8`; one address alone is a block of one. A
/// v4-mapped v6 address counts as the v4 address it maps, so no spelling escapes a rule; no v6
/// block, `::/0` included, contains a v4 address. Immutable.
///
/// @param high the first eight bytes of the address; v4 is kept in its v4-mapped form
/// @param low the last eight bytes
/// @param bits length of the prefix, counted on the 128-bit form
public record Cidr(long high, long low, int bits) {
  private static final long MAPPED = 0x0000_ffff_0000_0000L;
  private static final int MAPPED_BITS = 96;

  public Cidr {
    if (bits < 0 || bits > 128) {
      throw new IllegalArgumentException("prefix: %d (expected: 0…128)".formatted(bits));
    }
    if ((high & ~highMask(bits)) != 0 || (low & ~lowMask(bits)) != 0) {
      throw new IllegalArgumentException("bits are set behind the prefix");
    }
  }

  /// Reads `address/prefix` or `address`.
  ///
  /// @throws IllegalArgumentException with a sentence for the operator when it is neither, or when
  ///   bits are set behind the prefix (`10.0.0.1/8`: a typing error more often than an intent)
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = IpLiteral.parse(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      throw wrong(text, "an address block such as 10.0.0.0/8");
    }
    int width = address instanceof Inet4Address ? 32 : 128;
    int prefix = slash < 0 ? width : prefix(text, slash + 1, width);
    int bits = prefix + 128 - width;
    Cidr one = of(address);
    if ((one.high & ~highMask(bits)) != 0 || (one.low & ~lowMask(bits)) != 0) {
      throw wrong(text, "no bits set behind the prefix");
    }
    return new Cidr(one.high, one.low, bits);
  }

  /// The block of this one address.
  public static Cidr of(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 4) {
      return new Cidr(0, MAPPED | (ByteBuffer.wrap(bytes).getInt() & 0xffff_ffffL), 128);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new Cidr(buffer.getLong(), buffer.getLong(), 128);
  }

  public boolean contains(InetAddress address) {
    Cidr one = of(address);
    if (one.isV4() && bits < MAPPED_BITS) {
      return false;
    }
    return (one.high & highMask(bits)) == high && (one.low & lowMask(bits)) == low;
  }

  public static boolean anyContains(List<Cidr> blocks, InetAddress address) {
    for (int i = 0; i < blocks.size(); i++) {
      if (blocks.get(i).contains(address)) {
        return true;
      }
    }
    return false;
  }

  private boolean isV4() {
    return high == 0 && (low & 0xffff_ffff_0000_0000L) == MAPPED;
  }

  /// As [#parse] reads it.
  @Override
  public String toString() {
    boolean v4 = isV4() && bits >= MAPPED_BITS;
    byte[] bytes =
        v4
            ? ByteBuffer.allocate(4).putInt((int) low).array()
            : ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    return IpLiteral.format(IpLiteral.of(bytes)) + "/" + (v4 ? bits - MAPPED_BITS : bits);
  }

  private static long highMask(int bits) {
    return bits >= 64 ? -1L : bits == 0 ? 0 : -1L << (64 - bits);
  }

  private static long lowMask(int bits) {
    return bits >= 128 ? -1L : bits <= 64 ? 0 : -1L << (128 - bits);
  }

  private static int prefix(String text, int from, int width) {
    int digits = text.length() - from;
    boolean wellFormed = digits >= 1 && digits <= 3 && (digits == 1 || text.charAt(from) != '0');
    int value = 0;
    for (int i = from; wellFormed && i < text.length(); i++) {
      char c = text.charAt(i);
      wellFormed = c >= '0' && c <= '9';
      value = value * 10 + (c - '0');
    }
    if (!wellFormed || value > width) {
      throw wrong(text, "a prefix of 0…%d".formatted(width));
    }
    return value;
  }

  private static IllegalArgumentException wrong(String text, String expected) {
    return new IllegalArgumentException("%s (expected: %s)".formatted(text, expected));
  }
}
