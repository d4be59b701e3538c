package dev.gatewright.testbed;

import dev.gatewright.store.StoreConfig;
import dev.gatewright.store.Stores;
import dev.gatewright.telemetry.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An SQLite file that holds our tables and nothing else, made once in this JVM: copying it takes a
/// twentieth of migrating a new one. What the migrations do to an empty store is their own test.
final class MigratedFile {
  private static final String NAME = "gatewright.db";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private static @Nullable Path file;

  private MigratedFile() {}

  /// Puts it into a data folder, unless that has one already.
  static void into(Path dataFolder) throws IOException {
    Path own = dataFolder.resolve(NAME);
    if (Files.exists(own)) {
      return;
    }
    if (!Files.exists(dataFolder)) {
      Files.createDirectories(dataFolder);
      Files.setPosixFilePermissions(dataFolder, OWNER_ONLY);
    }
    Files.copy(made(), own, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static synchronized Path made() throws IOException {
    if (file == null) {
      Path folder = Files.createTempDirectory("gatewright-migrated");
      Stores.open(StoreConfig.sqlite(folder), Time.system()).close();
      file = folder.resolve(NAME);
      file.toFile().deleteOnExit();
    }
    return file;
  }
}
