package dev.gatewright.price.fare;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Whether a call may go to what has no price, though credit or a hard budget limits it: the most
/// specific that says something decides, key before project before organization before
/// configuration.
///
/// Credit is the platform's money: where it would pay, the organization's word or the
/// configuration's must allow it as well, which who runs the platform alone can say. The platform's
/// own organization spends its own. Pure.
public final class UnpricedCalls {
  public static final UnpricedCalls NEVER = new UnpricedCalls(() -> false, "");

  private final BooleanSupplier configured;
  private final String platformOrganization;

  /// @param configured what holds where nobody says anything
  /// @param platformOrganization the platform owner's
  public UnpricedCalls(BooleanSupplier configured, String platformOrganization) {
    this.configured = configured;
    this.platformOrganization = platformOrganization;
  }

  /// @param key what each says; null = nothing
  /// @param wallet its organization's credit would pay
  public boolean allowed(
      String organizationId,
      @Nullable Boolean key,
      @Nullable Boolean project,
      @Nullable Boolean organization,
      boolean wallet) {
    boolean platform = organization != null ? organization : configured.getAsBoolean();
    boolean own = key != null ? key : project != null ? project : platform;
    boolean others = wallet && !organizationId.equals(platformOrganization);
    return own && (!others || platform);
  }
}
