package dev.gatewright.identity.setup;

import dev.gatewright.secret.Secret;
import dev.gatewright.store.DataFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `DATA/setup-link`, mode 0600: the link of the first run, for who missed it on the terminal.
final class SetupFile {
  static final String NAME = "setup-link";
  private static final Logger LOG = LoggerFactory.getLogger(SetupFile.class);

  private final DataFolder folder;

  SetupFile(DataFolder folder) {
    this.folder = folder;
  }

  void write(Secret link) {
    Path file = folder.privateFile(NAME);
    try {
      Files.writeString(file, link.expose() + "\n");
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  void remove() {
    try {
      Files.deleteIfExists(folder.file(NAME));
    } catch (IOException stays) {
      // It opens nothing any more.
      LOG.warn("{} could not be removed: {}", NAME, stays.getMessage());
    }
  }
}
