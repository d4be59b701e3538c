package dev.gatewright.payment;

import dev.gatewright.config.Settings;
import dev.gatewright.relay.BaseUrl;
import dev.gatewright.secret.Secret;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The mapping `payments`.
///
/// @param stripe null = nobody takes cards
public record PaymentsConfig(@Nullable Stripe stripe) {
  private static final String BASE_URL = "https://api.stripe.com";

  /// A shorter one could be guessed; an empty one would let everybody in.
  private static final int WEBHOOK_SECRET_CHARACTERS_MIN = 32;

  /// @param webhookSecrets the one in force, and the one before while it is rolled
  /// @param ownAddress the operator wrote where it is
  public record Stripe(Secret key, List<Secret> webhookSecrets, BaseUrl base, boolean ownAddress) {
    public Stripe {
      webhookSecrets = List.copyOf(webhookSecrets);
    }
  }

  public static PaymentsConfig from(Settings root) {
    Settings stripe = root.section("payments").section("stripe");
    Secret key = stripe.secret("key");
    Secret secret = stripe.secret("webhook-secret");
    Secret old = stripe.secret("webhook-secret-old");
    String base = stripe.textOrNull("base-url");
    if (key == null) {
      if (secret != null || base != null) {
        throw new Settings.InvalidSetting(
            "payments.stripe.key: missing (expected: sk_…, or nothing under payments.stripe)");
      }
      return new PaymentsConfig(null);
    }
    if (secret == null) {
      throw new Settings.InvalidSetting(
          "payments.stripe.webhook-secret: missing (expected: whsec_… of the endpoint /api/billing/webhooks/stripe)");
    }
    List<Secret> secrets = new ArrayList<>();
    secrets.add(checked(secret));
    if (old != null) {
      secrets.add(checked(old));
    }
    return new PaymentsConfig(
        new Stripe(
            key,
            secrets,
            BaseUrl.parse("payments.stripe.base-url", base == null ? BASE_URL : base),
            base != null));
  }

  private static Secret checked(Secret secret) {
    if (secret.expose().length() < WEBHOOK_SECRET_CHARACTERS_MIN) {
      throw new Settings.InvalidSetting(
          "payments.stripe.webhook-secret: too short (expected: at least %d characters)"
              .formatted(WEBHOOK_SECRET_CHARACTERS_MIN));
    }
    return secret;
  }
}
