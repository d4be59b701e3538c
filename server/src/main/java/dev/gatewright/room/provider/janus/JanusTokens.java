package dev.gatewright.room.provider.janus;

import dev.gatewright.room.provider.Account;
import dev.gatewright.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Janus's signed tokens: `<expiry>,<realm>,<items>:<base64 of HMAC-SHA1>` (janus-gateway, auth.c).
/// They cannot be taken back before they expire.
public final class JanusTokens {
  private JanusTokens() {}

  /// Opens a session and attaches to the videoroom plugin; joins no room.
  static Secret session(Account account, long expiresMillis) {
    return signed(account, expiresMillis, "janus", JanusFacts.PLUGIN);
  }

  /// Joins one room; opens no session.
  static Secret room(Account account, String room, long expiresMillis) {
    return signed(account, expiresMillis, JanusFacts.PLUGIN, "room=" + room);
  }

  private static Secret signed(Account account, long expiresMillis, String realm, String item) {
    String text = expiresMillis / 1000 + "," + realm + "," + item;
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(
          new SecretKeySpec(
              account.need("token_secret").expose().getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      byte[] signature = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return Secret.of(text + ":" + Base64.getEncoder().encodeToString(signature));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK has no HmacSHA1.", e);
    }
  }
}
