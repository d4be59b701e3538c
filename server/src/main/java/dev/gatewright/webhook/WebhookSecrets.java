package dev.gatewright.webhook;

import dev.gatewright.secret.Context;
import dev.gatewright.secret.Secret;
import dev.gatewright.secret.keyring.Keyring;
import dev.gatewright.secret.keyring.Opened;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Secrets of webhooks and what is signed with them, as Standard Webhooks has it
/// (github.com/standard-webhooks/standard-webhooks, spec version 1): `v1,` and base64 of
/// HMAC-SHA-256 over `id.timestamp.body`. Thread-safe.
final class WebhookSecrets {
  private static final String PURPOSE = "webhook";
  private static final String PREFIX = "whsec_";
  private static final int BYTES = 32;

  private final Keyring keyring;
  private final SecureRandom random = new SecureRandom();

  WebhookSecrets(Keyring keyring) {
    this.keyring = keyring;
  }

  Secret make() {
    byte[] key = new byte[BYTES];
    random.nextBytes(key);
    return Secret.of(PREFIX + Base64.getEncoder().encodeToString(key));
  }

  /// Blocks now and then; not inside a transaction.
  String seal(String organizationId, String webhookId, Secret secret) {
    return keyring.seal(organizationId, PURPOSE, Context.of(organizationId, webhookId), secret);
  }

  /// Null when its key cannot be had now.
  private @Nullable Secret open(Webhook webhook, String sealed) {
    byte[] context = Context.of(webhook.organizationId(), webhook.id());
    return keyring.open(webhook.organizationId(), PURPOSE, context, sealed)
            instanceof Opened.Value(Secret secret)
        ? secret
        : null;
  }

  /// The value of `webhook-signature`: one for each secret that is good now.
  ///
  /// @return null when a secret cannot be opened
  @Nullable String signatures(
      Webhook webhook, String messageId, long atSeconds, String body, long nowMillis) {
    List<String> sealed = new ArrayList<>(List.of(webhook.secret()));
    if (!webhook.oldSecret().isEmpty() && nowMillis < webhook.oldUntilMillis()) {
      sealed.add(webhook.oldSecret());
    }
    List<String> signatures = new ArrayList<>();
    for (String each : sealed) {
      Secret secret = open(webhook, each);
      if (secret == null) {
        return null;
      }
      signatures.add(sign(secret, messageId, atSeconds, body));
    }
    return String.join(" ", signatures);
  }

  static String sign(Secret secret, String messageId, long atSeconds, String body) {
    try {
      byte[] key = Base64.getDecoder().decode(secret.expose().substring(PREFIX.length()));
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      String signed = messageId + "." + atSeconds + "." + body;
      byte[] digest = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(digest);
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("HMAC-SHA-256 is part of every JDK", missing);
    }
  }
}
