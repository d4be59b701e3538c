package dev.gatewright.edge.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A private key in PEM (RFC 7468): PKCS#8, and the two older forms that OpenSSL and Caddy write,
/// `RSA PRIVATE KEY` (RFC 8017) and `EC PRIVATE KEY` (RFC 5915). Stateless.
final class KeyPem {
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ((?:[A-Z]+ )*)PRIVATE KEY-----([^-]*)-----END \\1PRIVATE KEY-----");

  private static final byte SEQUENCE = 0x30;
  private static final byte OCTET_STRING = 0x04;
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

  private KeyPem() {}

  /// @param pair the public half, which says of which kind the key is
  /// @throws GeneralSecurityException in words for the operator, without a byte of the key
  static PrivateKey read(byte[] pem, PublicKey pair) throws GeneralSecurityException {
    Matcher block = BLOCK.matcher(new String(pem, StandardCharsets.ISO_8859_1));
    while (block.find()) {
      String form = block.group(1).strip();
      if (form.equals("ENCRYPTED")) {
        throw new GeneralSecurityException(
            "the key is encrypted (expected: one without a passphrase, such as by openssl pkey -in FILE -out NEW)");
      }
      byte[] der = decoded(block.group(2));
      byte[] pkcs8 = form.isEmpty() ? der : wrapped(der, pair);
      try {
        return KeyFactory.getInstance(pair.getAlgorithm())
            .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (GeneralSecurityException other) {
        throw new GeneralSecurityException(
            "no %s key (expected: the certificate's own)".formatted(pair.getAlgorithm()), other);
      } finally {
        Arrays.fill(der, (byte) 0);
        Arrays.fill(pkcs8, (byte) 0);
      }
    }
    throw new GeneralSecurityException(
        "no private key in PEM (expected: -----BEGIN PRIVATE KEY-----)");
  }

  private static byte[] decoded(String text) throws GeneralSecurityException {
    try {
      return Base64.getMimeDecoder().decode(text);
    } catch (IllegalArgumentException broken) {
      throw new GeneralSecurityException("the key's base64 is broken", broken);
    }
  }

  /// PKCS#8 around an older form; the algorithm's name, and for EC the curve, is the public half's.
  private static byte[] wrapped(byte[] key, PublicKey pair) throws GeneralSecurityException {
    byte[] spki = pair.getEncoded();
    int inner = header(spki, 0);
    int end = header(spki, inner) + length(spki, inner);
    byte[] algorithm = Arrays.copyOfRange(spki, inner, end);
    return tagged(SEQUENCE, joined(VERSION_0, algorithm, tagged(OCTET_STRING, key)));
  }

  /// Where the content of the element at `at` begins.
  private static int header(byte[] der, int at) throws GeneralSecurityException {
    if (der[at] != SEQUENCE) {
      throw new GeneralSecurityException("the certificate's public key has an unknown form");
    }
    return at + 2 + (der[at + 1] < 0 ? der[at + 1] & 0x7f : 0);
  }

  private static int length(byte[] der, int at) {
    int first = der[at + 1];
    if (first >= 0) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7f); i++) {
      length = (length << 8) | (der[at + 2 + i] & 0xff);
    }
    return length;
  }

  private static byte[] tagged(byte tag, byte[] content) {
    int size = content.length;
    byte[] head =
        size < 0x80
            ? new byte[] {tag, (byte) size}
            : size < 0x100
                ? new byte[] {tag, (byte) 0x81, (byte) size}
                : new byte[] {tag, (byte) 0x82, (byte) (size >> 8), (byte) size};
    return joined(head, content);
  }

  private static byte[] joined(byte[]... parts) {
    int size = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    byte[] all = new byte[size];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}
