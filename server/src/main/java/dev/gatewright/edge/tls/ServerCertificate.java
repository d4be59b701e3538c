package dev.gatewright.edge.tls;

import dev.gatewright.config.Settings.InvalidSetting;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/// What this server shows of itself: a chain of certificates whose first belongs to the key.
///
/// @param content a digest of both files, to tell an edit by
public record ServerCertificate(List<X509Certificate> chain, PrivateKey key, String content) {
  private static final int FILE_BYTES_MAX = 1 << 20;

  public ServerCertificate {
    chain = List.copyOf(chain);
  }

  /// Reads and judges both files.
  ///
  /// @throws InvalidSetting naming the file and what is wrong with it
  public static ServerCertificate read(TlsConfig config) {
    byte[] certificate = bytes("listen.tls.certificate", config.certificate());
    byte[] key = bytes("listen.tls.key", config.key());
    List<X509Certificate> chain = chain(config.certificate(), certificate);
    PrivateKey pair;
    try {
      pair = KeyPem.read(key, chain.getFirst().getPublicKey());
    } catch (GeneralSecurityException wrong) {
      throw invalid("listen.tls.key", config.key(), String.valueOf(wrong.getMessage()));
    }
    if (!belongs(pair, chain.getFirst())) {
      throw invalid(
          "listen.tls.key",
          config.key(),
          "not the key of the certificate in %s (expected: a pair)"
              .formatted(config.certificate()));
    }
    return new ServerCertificate(chain, pair, digest(certificate, key));
  }

  /// A digest of the two files as they are, whatever is in them.
  static String content(TlsConfig config) {
    return digest(
        bytes("listen.tls.certificate", config.certificate()),
        bytes("listen.tls.key", config.key()));
  }

  /// SHA-256 of the server's own certificate, base64url: who knows it needs no root to trust it by.
  public String fingerprint() {
    try {
      return digest(chain.getFirst().getEncoded());
    } catch (CertificateException e) {
      throw new IllegalStateException("a certificate that was read cannot be written", e);
    }
  }

  public Instant expires() {
    return chain.getFirst().getNotAfter().toInstant();
  }

  private static List<X509Certificate> chain(Path file, byte[] pem) {
    try {
      List<X509Certificate> chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!chain.isEmpty()) {
        return chain;
      }
    } catch (CertificateException broken) {
      // As if there were none.
    }
    throw invalid(
        "listen.tls.certificate",
        file,
        "no certificate that can be read (expected: -----BEGIN CERTIFICATE-----)");
  }

  private static boolean belongs(PrivateKey key, X509Certificate certificate) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    byte[] words = {1, 2, 3};
    try {
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(key);
      signing.update(words);
      Signature checking = Signature.getInstance(algorithm);
      checking.initVerify(certificate.getPublicKey());
      checking.update(words);
      return checking.verify(signing.sign());
    } catch (GeneralSecurityException not) {
      return false;
    }
  }

  private static byte[] bytes(String setting, Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
      if (bytes.length > FILE_BYTES_MAX) {
        throw invalid(setting, file, "longer than 1 MiB (expected: a PEM file)");
      }
      return bytes;
    } catch (NoSuchFileException none) {
      throw invalid(setting, file, "there is no such file");
    } catch (IOException unreadable) {
      throw invalid(setting, file, "cannot be read: " + unreadable.getMessage());
    }
  }

  private static InvalidSetting invalid(String setting, Path file, String why) {
    return new InvalidSetting("%s: %s: %s".formatted(setting, file, why));
  }

  static String digest(byte[]... parts) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        sha.update(part);
      }
      return Base64.getUrlEncoder().withoutPadding().encodeToString(sha.digest());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no SHA-256", e);
    }
  }
}
