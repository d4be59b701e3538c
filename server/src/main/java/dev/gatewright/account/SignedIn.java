package dev.gatewright.account;

import dev.gatewright.rest.Permission;
import org.jspecify.annotations.Nullable;

/// A person's session, proved by its cookie. Times are epoch milliseconds UTC.
///
/// @param personId `per_…`
/// @param email as shown
/// @param sessionId `ses_…`; what may be shown of it
/// @param operator of the whole platform
/// @param provedMillis when the person last proved to be it: at sign-in, or by a step-up
/// @param acting an operator's act for one organization; null = for the person's own
public record SignedIn(
    String personId,
    String email,
    String sessionId,
    boolean operator,
    long provedMillis,
    @Nullable Acting acting) {

  /// How long a proof counts for what asks for one.
  public static final long PROOF_MILLIS = 10 * 60_000L;

  /// An operator in somebody's place.
  ///
  /// @param write false = looks only
  public record Acting(String organizationId, String reason, boolean write, long untilMillis) {
    /// How far a permission goes there: as an admin's, but for keys, secrets and owners, which
    /// nobody touches in somebody else's place.
    public Extent extent(Permission permission) {
      boolean never =
          permission == Permission.KEY_WRITE
              || permission == Permission.CREDENTIAL_WRITE
              || permission == Permission.MEMBER_WRITE;
      return permission.reads() || (write && !never) ? Role.ADMIN.extent(permission) : Extent.NONE;
    }
  }

  /// Whether dangerous acts may be done without another proof.
  public boolean provedLately(long nowMillis) {
    return nowMillis - provedMillis < PROOF_MILLIS;
  }
}
