package dev.gatewright.payment.stripe;

import dev.gatewright.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// `Stripe-Signature: t=…,v1=…[,v1=…]`: HMAC-SHA-256, in hex, over `t.` and the body as it came,
/// byte for byte (docs.stripe.com/webhooks, "Verify webhook signatures manually").
final class StripeSignature {
  /// Between Stripe's clock and ours.
  private static final long SKEW_SECONDS_MAX = 300;

  private StripeSignature() {}

  static boolean good(String header, byte[] body, List<Secret> secrets, long nowMillis) {
    String time = "";
    boolean good = false;
    for (String part : header.split(",", 16)) {
      String[] pair = part.strip().split("=", 2);
      if (pair.length == 2 && pair[0].equals("t")) {
        // Of two the last would count, and the first be signed.
        if (!time.isEmpty()) {
          return false;
        }
        time = pair[1];
      }
    }
    if (!time.matches("[0-9]{1,12}")
        || Math.abs(nowMillis / 1_000 - Long.parseLong(time)) > SKEW_SECONDS_MAX) {
      return false;
    }
    for (Secret secret : secrets) {
      byte[] expected = sign(secret, time, body).getBytes(StandardCharsets.US_ASCII);
      for (String part : header.split(",", 16)) {
        String[] pair = part.strip().split("=", 2);
        if (pair.length == 2 && pair[0].equals("v1")) {
          good |= MessageDigest.isEqual(expected, pair[1].getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    return good;
  }

  static String sign(Secret secret, String time, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.expose().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      mac.update((time + ".").getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("HMAC-SHA-256 is part of every JDK", missing);
    }
  }
}
