package dev.gatewright.wallet;

import dev.gatewright.config.Settings;

/// The mapping `billing`.
///
/// @param required every organization but the platform owner's has a wallet, of nothing at first
public record BillingConfig(boolean required) {
  public static BillingConfig from(Settings root) {
    Settings billing = root.section("billing");
    String credits = billing.text("credits", "off");
    if (!credits.equals("off") && !credits.equals("required")) {
      throw new Settings.InvalidSetting(
          "billing.credits: %s (expected: off or required)".formatted(credits));
    }
    return new BillingConfig(credits.equals("required"));
  }
}
