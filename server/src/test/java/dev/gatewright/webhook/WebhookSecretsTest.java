package dev.gatewright.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.secret.Secret;
import org.junit.jupiter.api.Test;

/// Signatures and pauses.
class WebhookSecretsTest {
  /// What the official library (PyPI `standardwebhooks` 1.0.0) makes of the same.
  @Test
  void signs_as_standard_webhooks_does() {
    assertThat(
            WebhookSecrets.sign(
                Secret.of("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
                "evt_1",
                1_795_000_000,
                "{\"id\":\"evt_1\",\"type\":\"key.revoke\",\"data\":{\"note\":\"grüß\"}}"))
        .isEqualTo("v1,C2b8Tfw8nQtMzuqsFNaJ6yvmcPKTCmLkRK3/VNiFZzA=");
  }

  @Test
  void pauses_grow_from_a_second_to_a_day_and_a_receiver_may_ask_for_more() {
    assertThat(Retries.afterMillis(1, 0, 0)).isEqualTo(1_000);
    assertThat(Retries.afterMillis(3, 0, 0)).isEqualTo(60_000);
    assertThat(Retries.afterMillis(10, 0, 0)).isEqualTo(86_400_000);
    assertThat(Retries.afterMillis(1_000, 0, 0)).isEqualTo(86_400_000);
    assertThat(Retries.afterMillis(1, 120, 0)).isEqualTo(120_000);
    assertThat(Retries.afterMillis(1, 999_999_999, 0)).isEqualTo(21_600_000);
    assertThat(Retries.afterMillis(2, 0, 0.999)).isBetween(11_000L, 12_000L);
    long all = 0;
    int tries = 1;
    while (all + Retries.afterMillis(tries, 0, 0) < Retries.LIFE_MILLIS) {
      all += Retries.afterMillis(tries++, 0, 0);
    }
    // The last try comes when a webhook that took nothing is due to be disabled.
    assertThat(tries).isEqualTo(11);
    assertThat(all).isGreaterThan(Retries.FAILING_MILLIS_MAX);
  }
}
