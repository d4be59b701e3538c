package dev.gatewright.room.access;

import dev.gatewright.room.provider.Account;
import dev.gatewright.room.provider.RoomRef;
import dev.gatewright.room.provider.RoomSecret;
import dev.gatewright.secret.PurposeKeys;
import dev.gatewright.secret.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/// What rooms make with keys of their own: fingerprints of credentials, and secrets of rooms.
/// Thread-safe.
public final class RoomKeys implements RoomSecret {
  /// 128 bits: a credential is guessed long before two fingerprints meet.
  private static final int FINGERPRINT_BYTES = 16;

  private final SecretKey fingerprintKey;
  private final SecretKey secretKey;

  public RoomKeys(PurposeKeys keys) {
    this.fingerprintKey = keys.purpose("room-fingerprint");
    this.secretKey = keys.purpose("room-secret");
  }

  /// Which credential a room was made with, without the credential. The operator's own is known by
  /// its place instead of its value, and a stored one by what it was first, so that changing a key
  /// loses no room.
  public String fingerprint(Account account) {
    String shelf = account.shelf();
    if (shelf != null) {
      return shelf;
    }
    String[] parts;
    if (account.configured()) {
      parts = new String[] {"configured", account.provider()};
    } else {
      TreeMap<String, String> sorted = new TreeMap<>();
      account.fields().forEach((name, value) -> sorted.put(name, value.expose()));
      parts = new String[2 + 2 * sorted.size()];
      parts[0] = "header";
      parts[1] = account.provider();
      int at = 2;
      for (var field : sorted.entrySet()) {
        parts[at++] = field.getKey();
        parts[at++] = field.getValue();
      }
    }
    byte[] mac = mac(fingerprintKey, parts);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOf(mac, FINGERPRINT_BYTES));
  }

  @Override
  public Secret of(String provider, String home, RoomRef room) {
    byte[] mac = mac(secretKey, provider, home, room.name(), room.id());
    return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(mac));
  }

  /// Each part goes in behind its length, so that no two lists look alike.
  private static byte[] mac(SecretKey key, String... parts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      for (String part : parts) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
        mac.update(bytes);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK has no HmacSHA256.", e);
    }
  }
}
