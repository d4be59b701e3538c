package dev.gatewright;

import dev.gatewright.cli.client.ServerFile;
import dev.gatewright.edge.EdgeServer;
import dev.gatewright.edge.tls.TlsDoor;
import dev.gatewright.secret.Secret;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the command line on this machine finds a server by, sealed or not: `server.json`, written
/// when it answers, again when its listener shows another certificate, removed when it is closed.
/// Thread-safe.
final class ServedHere {
  private static final Logger LOG = LoggerFactory.getLogger(ServedHere.class);

  private final ServerFile file;
  private final @Nullable TlsDoor tls;
  private final Path folder;

  private ServedHere(ServerFile file, @Nullable TlsDoor tls, Path folder) {
    this.file = file;
    this.tls = tls;
    this.folder = folder;
  }

  /// @param url as seen from this machine
  /// @param instance what `/health` calls it
  /// @param admin the key of this start
  static void tell(
      EdgeServer edge, String url, String instance, Secret admin, Path folder, Closing closing)
      throws IOException {
    ServerFile file = new ServerFile(url, ProcessHandle.current().pid(), instance, admin, null);
    TlsDoor tls = edge.tls();
    ServedHere here = new ServedHere(file, tls, folder);
    closing.add(() -> file.remove(folder));
    if (tls != null) {
      tls.onChange(_ -> here.again());
      closing.add(() -> tls.onChange(_ -> {}));
    }
    here.write();
  }

  private synchronized void write() throws IOException {
    (tls == null ? file : file.showing(tls.certificate().fingerprint())).write(folder);
  }

  private void again() {
    try {
      write();
    } catch (IOException unwritable) {
      LOG.error("server.json: the new certificate cannot be written into it", unwritable);
    }
  }
}
