package dev.gatewright.relay.dial;

import dev.gatewright.net.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// What an address is for, after the IANA special-purpose registries (IPv4 and IPv6, 2026-06), as
/// far as it decides whether a gate may dial it. Immutable tables, no I/O.
enum AddressKind {
  /// Globally reachable.
  PUBLIC,
  /// Loopback, private, shared (CGNAT) and unique-local space: where self-hosted targets live.
  PRIVATE,
  /// Unspecified, multicast, documentation, benchmarking, reserved: nothing to call lives there.
  SPECIAL,
  /// Link-local and the clouds' metadata services: credentials of the machine itself. Never
  /// dialled.
  FORBIDDEN;

  private static final List<Cidr> FORBIDDEN_BLOCKS =
      blocks(
          "169.254.0.0/16", // link-local; metadata of AWS, GCP, Azure …
          "fe80::/10", // link-local
          "fd00:ec2::254", // AWS metadata
          "fd20:ce::254", // GCP metadata
          "100.100.100.200", // Alibaba metadata
          "168.63.129.16", // Azure wire server, in public space
          "192.0.0.192"); // Oracle metadata

  private static final List<Cidr> PRIVATE_BLOCKS =
      blocks(
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "172.16.0.0/12",
          "192.168.0.0/16",
          "::1",
          "fc00::/7");

  private static final List<Cidr> SPECIAL_BLOCKS =
      blocks(
          "0.0.0.0/8",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.31.196.0/24",
          "192.52.193.0/24",
          "192.88.99.0/24",
          "192.175.48.0/24",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4",
          "::/96", // unspecified, and the IPv4-compatible form, long withdrawn
          "::ffff:0:0:0/96", // IPv4-translated
          "64:ff9b:1::/48", // local NAT64: where it leads is the network's secret
          "100::/64",
          "2001::/23", // Teredo, benchmarking, ORCHID …
          "2001:db8::/32",
          "3fff::/20",
          "5f00::/16",
          "fec0::/10",
          "ff00::/8");

  private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");
  private static final Cidr SIX_TO_FOUR = Cidr.parse("2002::/16");

  /// The kind of the address that would really be reached: NAT64 and 6to4 forms count as the IPv4
  /// address inside.
  static AddressKind of(InetAddress address) {
    if (NAT64.contains(address)) {
      return plain(inside(address, 12));
    }
    if (SIX_TO_FOUR.contains(address)) {
      // The relay that would unpack it is long gone, so even a public inside is not a target.
      AddressKind inside = plain(inside(address, 2));
      return inside == PUBLIC ? SPECIAL : inside;
    }
    return plain(address);
  }

  private static InetAddress inside(InetAddress address, int offset) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), offset, offset + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  private static AddressKind plain(InetAddress address) {
    if (Cidr.anyContains(FORBIDDEN_BLOCKS, address)) {
      return FORBIDDEN;
    }
    if (Cidr.anyContains(PRIVATE_BLOCKS, address)) {
      return PRIVATE;
    }
    return Cidr.anyContains(SPECIAL_BLOCKS, address) ? SPECIAL : PUBLIC;
  }

  private static List<Cidr> blocks(String... texts) {
    return Stream.of(texts).map(Cidr::parse).toList();
  }
}
