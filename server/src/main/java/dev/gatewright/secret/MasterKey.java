package dev.gatewright.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.BitSet;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The root of every other secret: 32 random bytes, never used directly. Each purpose derives its
/// own key with HKDF-SHA-256 (RFC 5869) under its own label, so that none says anything of another.
/// Immutable; thread-safe; without a text form.
public final class MasterKey implements PurposeKeys {
  public static final int BYTES = 32;

  /// A random key repeats a few of its bytes; one with fewer different bytes than this was typed or
  /// copied from a sample. 32 random bytes fall below with a probability under 10⁻¹³.
  private static final int DIFFERENT_BYTES_MIN = 16;

  private final byte[] key;

  private MasterKey(byte[] key) {
    this.key = key;
  }

  /// A new one.
  public static MasterKey random() {
    byte[] key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    return new MasterKey(key);
  }

  /// Reads a key from its text form, base64url of 32 bytes.
  ///
  /// @param source where the text stood, for the message: `GATEWRIGHT_MASTER_KEY` or a file's path
  /// @throws UnusableMasterKey when it is empty, malformed, short or plainly not random
  public static MasterKey of(Secret text, String source) {
    String encoded = text.expose().strip();
    if (encoded.isEmpty()) {
      throw unusable(source, "is empty");
    }
    byte[] key;
    try {
      key = Base64.getUrlDecoder().decode(encoded);
    } catch (IllegalArgumentException notBase64) {
      // The cause quotes characters of the key: it is left out on purpose.
      throw unusable(source, "is not base64url");
    }
    if (key.length != BYTES) {
      throw unusable(source, "has %d bytes".formatted(key.length));
    }
    if (looksMadeUp(key)) {
      throw unusable(source, "is not random: a sample or a typed text");
    }
    return new MasterKey(key);
  }

  /// A key for one purpose.
  ///
  /// @param label names the purpose and its version, such as `gatewright/key-pepper/v1`
  /// @param algorithm the name under which JCA will use it, such as `HmacSHA256`
  public SecretKey derive(String label, String algorithm) {
    try {
      HKDFParameterSpec parameters =
          HKDFParameterSpec.ofExtract()
              .addIKM(key)
              .thenExpand(label.getBytes(StandardCharsets.UTF_8), BYTES);
      return new SecretKeySpec(KDF.getInstance("HKDF-SHA256").deriveData(parameters), algorithm);
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("HKDF-SHA256 is part of JDK 25", missing);
    }
  }

  /// What a purpose's first key is on a store that begins with this master key. Later the keyring's
  /// is the one that counts: it stays when the master key changes.
  @Override
  public SecretKey purpose(String purpose) {
    return derive("gatewright/" + purpose + "/v1", "HmacSHA256");
  }

  /// Base64url, for the file that keeps it.
  Secret text() {
    return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(key));
  }

  private static boolean looksMadeUp(byte[] key) {
    BitSet seen = new BitSet(256);
    boolean steps = true;
    for (int i = 0; i < key.length; i++) {
      seen.set(key[i] & 0xff);
      steps &= i < 2 || key[i] - key[i - 1] == key[1] - key[0];
    }
    return steps || seen.cardinality() < DIFFERENT_BYTES_MIN;
  }

  private static UnusableMasterKey unusable(String source, String what) {
    return new UnusableMasterKey(
        "%s %s (expected: 32 random bytes as base64url, such as `openssl rand -base64 32 | tr +/ -_` prints)"
            .formatted(source, what));
  }

  @Override
  public String toString() {
    return "***";
  }
}
