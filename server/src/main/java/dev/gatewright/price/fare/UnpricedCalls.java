package dev.gatewright.price.fare;

import dev.gatewright.credential.ProjectCredentials.Said;
import dev.gatewright.edge.Refusal;
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

  /// What is told of a call that may not go out.
  ///
  /// @param message what has no price, and what was expected
  /// @param param the field that names it; null = none does
  /// @param remedy what who runs the platform can do about it; a sentence
  public record Lack(String message, @Nullable String param, String remedy) {}

  /// Why a call that something limits may not go to what has no price; null = it may all the same.
  ///
  /// @param key what it says; null = nothing
  /// @param wallet its organization's credit would pay
  public @Nullable Refusal refusal(
      String organizationId, @Nullable Boolean key, Said said, boolean wallet, Lack lack) {
    if (allowed(organizationId, key, said.project(), said.organization(), wallet)) {
      return null;
    }
    return new Refusal(
        403,
        "permission_error",
        "unpriced",
        lack.message(),
        lack.param(),
        0,
        false,
        "%s Calls without a price are allowed by allow_unpriced of %s, or prices.allow-unpriced."
            .formatted(
                lack.remedy(), wallet ? "the organization" : "key, project or organization"));
  }

  boolean allowed(
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
