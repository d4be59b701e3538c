package dev.gatewright.room.access;

import dev.gatewright.account.Tenant;
import dev.gatewright.admission.Caller;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// Who calls: somebody with a gateway key, or anybody who brings a provider's credential.
///
/// @param caller null for an anonymous caller
/// @param requestId `req_…`
public record RoomCaller(
    Tenant tenant, @Nullable Caller caller, InetAddress address, String requestId) {
  /// The built-in tenant of anonymous callers. It has no keys, no members and no wallet; what it
  /// owns is told apart by the credential's fingerprint alone.
  public static final Tenant ANONYMOUS = new Tenant("org_anonymous", "prj_anonymous");

  public boolean keyed() {
    return caller != null;
  }

  /// `key_…`, or `anonymous`.
  public String keyId() {
    return caller == null ? "anonymous" : caller.id();
  }
}
