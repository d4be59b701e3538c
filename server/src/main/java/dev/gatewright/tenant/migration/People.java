package dev.gatewright.tenant.migration;

import dev.gatewright.tenant.Addresses.Address;
import org.jdbi.v3.core.Handle;

/// Makes people; who they are is `identity`'s.
@FunctionalInterface
public interface People {
  /// The id of whoever has this address, made if there is nobody.
  String findOrMake(Handle handle, Address address, long nowMillis);
}
