package dev.gatewright.credential;

import dev.gatewright.secret.PurposeKeys;
import dev.gatewright.secret.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/// Tells two secrets of one organization apart without telling anything of them: keyed, so that who
/// has the database cannot try guesses. Thread-safe.
public final class Fingerprints {
  private static final int BYTES = 8;

  private final SecretKey key;

  public Fingerprints(PurposeKeys purposes) {
    this.key = purposes.purpose("credential-fingerprint");
  }

  public String of(String organizationId, Secret secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      byte[] owner = organizationId.getBytes(StandardCharsets.UTF_8);
      mac.update(ByteBuffer.allocate(4).putInt(owner.length).array());
      mac.update(owner);
      byte[] hash = mac.doFinal(secret.expose().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(hash, BYTES));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("HmacSHA256 is part of every JDK", missing);
    }
  }
}
