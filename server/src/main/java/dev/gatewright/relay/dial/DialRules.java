package dev.gatewright.relay.dial;

import dev.gatewright.net.Cidr;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which addresses a target may be dialled at. Immutable.
///
/// @param allowPrivate the target stands in the configuration file with `allow-private`: private,
///   shared and loopback addresses are its to use
/// @param allowed blocks opened by `network.allow` for targets defined by API
public record DialRules(boolean allowPrivate, List<Cidr> allowed) {
  /// Public addresses only.
  public static final DialRules PUBLIC_ONLY = new DialRules(false, List.of());

  /// For a target whose address the operator wrote: public, private and loopback.
  public static final DialRules ALLOW_PRIVATE = new DialRules(true, List.of());

  public DialRules {
    allowed = List.copyOf(allowed);
  }

  /// Why a host can never be dialled, by its spelling alone; null for a name, which is judged by
  /// what it resolves to when it is dialled.
  public @Nullable String refusal(String host) {
    return switch (DialHost.of(host)) {
      case DialHost.Address(InetAddress address) -> refusal(address);
      case DialHost.Name _ -> null;
      case DialHost.Unusable(String reason) -> reason;
    };
  }

  /// Why `address` may not be dialled, or null when it may. The reason names no address: the caller
  /// who gave a name need not learn what it resolves to.
  @Nullable String refusal(InetAddress address) {
    return switch (AddressKind.of(address)) {
      case PUBLIC -> null;
      case FORBIDDEN -> "is link-local or a metadata service, which is never allowed";
      case PRIVATE ->
          allowPrivate || Cidr.anyContains(allowed, address)
              ? null
              : "is private or loopback (expected: allow-private, or a block of network.allow)";
      case SPECIAL ->
          Cidr.anyContains(allowed, address)
              ? null
              : "is in a reserved range (expected: a block of network.allow)";
    };
  }
}
