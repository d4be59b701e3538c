package dev.gatewright.identity.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/// HMAC-SHA-256 over texts, each use under its own label: what rows hold in place of what proves
/// something, and what a browser is given to bring back. Thread-safe.
public final class Macs {
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKey key;

  /// @param key of this purpose alone
  public Macs(SecretKey key) {
    this.key = key;
  }

  /// Base64url, 43 characters. Parts keep their bounds: `a, bc` and `ab, c` differ.
  public String text(String label, String... parts) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(label, parts));
  }

  public byte[] bytes(String label, String... parts) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      add(mac, label);
      for (String part : parts) {
        add(mac, part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(ALGORITHM + " is part of every JDK", missing);
    }
  }

  private static void add(Mac mac, String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    mac.update(bytes);
  }

  /// In constant time.
  public static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
