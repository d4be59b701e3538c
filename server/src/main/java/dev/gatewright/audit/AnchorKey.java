package dev.gatewright.audit;

import dev.gatewright.secret.PurposeKeys;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Signs anchors (Ed25519, RFC 8032), so that whoever knows the public key can check them without
/// the server. Made when it is first needed; thread-safe.
final class AnchorKey {
  private static final String ALGORITHM = "Ed25519";
  private static final int PUBLIC_BYTES = 32;

  /// What stands before the 32 bytes of a public key in its X.509 form (RFC 8410).
  private static final byte[] X509 = {0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0};

  private final PurposeKeys keys;
  private @Nullable KeyPair pair;

  AnchorKey(PurposeKeys keys) {
    this.keys = keys;
  }

  /// Base64url of the 32 bytes.
  String publicKey() {
    byte[] encoded = pair().getPublic().getEncoded();
    return base64(Arrays.copyOfRange(encoded, encoded.length - PUBLIC_BYTES, encoded.length));
  }

  /// Base64url of the signature.
  String sign(String text) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(pair().getPrivate());
      signature.update(text.getBytes(StandardCharsets.UTF_8));
      return base64(signature.sign());
    } catch (GeneralSecurityException missing) {
      throw missing(missing);
    }
  }

  /// @param publicKey and `signature`, from anybody
  static boolean verifies(String publicKey, String text, String signature) {
    try {
      byte[] key = Base64.getUrlDecoder().decode(publicKey);
      if (key.length != PUBLIC_BYTES) {
        return false;
      }
      byte[] encoded = Arrays.copyOf(X509, X509.length + PUBLIC_BYTES);
      System.arraycopy(key, 0, encoded, X509.length, PUBLIC_BYTES);
      PublicKey from =
          KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
      Signature check = Signature.getInstance(ALGORITHM);
      check.initVerify(from);
      check.update(text.getBytes(StandardCharsets.UTF_8));
      return check.verify(Base64.getUrlDecoder().decode(signature));
    } catch (IllegalArgumentException
        | InvalidKeySpecException
        | InvalidKeyException
        | SignatureException malformed) {
      return false;
    } catch (GeneralSecurityException missing) {
      throw missing(missing);
    }
  }

  private synchronized KeyPair pair() {
    KeyPair made = pair;
    if (made == null) {
      made = pair(keys.purpose("audit-signature").getEncoded());
      pair = made;
    }
    return made;
  }

  /// The JDK makes a pair of nothing but randomness: it is given the seed for that.
  private static KeyPair pair(byte[] seed) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
      generator.initialize(NamedParameterSpec.ED25519, new Seed(seed));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException missing) {
      throw missing(missing);
    }
  }

  private static final class Seed extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] seed;

    Seed(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      if (bytes.length != seed.length) {
        throw new IllegalStateException("this JDK asks for %d bytes".formatted(bytes.length));
      }
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static IllegalStateException missing(GeneralSecurityException missing) {
    return new IllegalStateException("Ed25519 is part of every JDK", missing);
  }
}
