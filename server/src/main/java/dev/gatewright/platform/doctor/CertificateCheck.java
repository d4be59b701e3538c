package dev.gatewright.platform.doctor;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.edge.tls.ServerCertificate;
import dev.gatewright.edge.tls.TlsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/// The certificate of `listen.tls`. Stateless.
final class CertificateCheck {
  /// What is left when somebody should act; whoever renews by themselves has done so by then.
  private static final Duration SOON = Duration.ofDays(14);

  private static final String ID = "certificate";
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

  private CertificateCheck() {}

  static Finding of(Settings settings, Instant now) {
    TlsConfig files = TlsConfig.from(settings.section("listen"));
    if (files == null) {
      return Finding.skipped(
          ID, "listen.tls is not set: TLS ends in front of the gate, if at all.");
    }
    try {
      ServerCertificate certificate = ServerCertificate.read(files);
      Instant expires = certificate.expires();
      String message = "%s, good until %s.".formatted(files.certificate(), expires);
      String renew = "Renew it and put both files in place; the gate takes them within a second.";
      Instant begins = certificate.chain().getFirst().getNotBefore().toInstant();
      if (expires.isBefore(now)) {
        return Finding.error(
            ID, "%s has expired: %s.".formatted(files.certificate(), expires), renew);
      }
      if (begins.isAfter(now)) {
        return Finding.error(
            ID,
            "%s is not good before %s.".formatted(files.certificate(), begins),
            "Look at this machine's clock.");
      }
      if (readByOthers(files)) {
        return Finding.warning(
            ID, files.key() + " can be read by everybody.", "chmod o-rwx " + files.key());
      }
      return expires.isBefore(now.plus(SOON))
          ? Finding.warning(ID, message, renew)
          : Finding.ok(ID, message);
    } catch (InvalidSetting unusable) {
      return Finding.error(
          ID,
          String.valueOf(unusable.getMessage()),
          "Put the PEM files in place: the chain with the server's own certificate first, and its key.");
    }
  }

  private static boolean readByOthers(TlsConfig files) {
    try {
      return Files.getPosixFilePermissions(files.key()).stream().anyMatch(OTHERS::contains);
    } catch (IOException | UnsupportedOperationException noModes) {
      return false;
    }
  }
}
