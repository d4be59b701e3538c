package dev.gatewright.store.backup;

import dev.gatewright.store.DataFolder;
import dev.gatewright.store.PostgresAddress;
import dev.gatewright.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Backups of the store a configuration names. Blocks; for the command line.
public final class Backups {
  /// The file that holds the master key, in the data folder and in a backup.
  public static final String MASTER_KEY = "master.key";

  /// The key before, needed while one is being changed for the other, and by older copies.
  public static final String FORMER_MASTER_KEY = "master.key.old";

  private final StoreConfig config;

  public Backups(StoreConfig config) {
    this.config = config;
  }

  /// Writes a consistent copy while the server goes on.
  ///
  /// @param target replaced by a whole new file, or left as it is
  /// @param withMasterKey whether the data folder's master key is put in: whoever then has the file
  ///   has everything
  /// @throws BackupFailed with a sentence for the operator
  public Manifest write(Path target, boolean withMasterKey, String version, Instant now) {
    return inScratch(
        target.toAbsolutePath().normalize().resolveSibling("."),
        scratch -> {
          Copier copier = copier();
          Copier.Snapshot snapshot = copier.take(scratch);
          Map<String, Path> files = new LinkedHashMap<>(snapshot.files());
          if (withMasterKey) {
            Path key = config.dataFolder().resolve(MASTER_KEY);
            if (!Files.isRegularFile(key)) {
              throw new BackupFailed("there is no %s to put in".formatted(key));
            }
            files.put(MASTER_KEY, key);
            Path former = config.dataFolder().resolve(FORMER_MASTER_KEY);
            if (Files.isRegularFile(former)) {
              files.put(FORMER_MASTER_KEY, former);
            }
          }
          Manifest manifest =
              new Manifest(version, now, copier.store(), snapshot.schema(), Archive.sums(files));
          Archive.write(target, manifest, files);
          return manifest;
        });
  }

  /// Puts a copy into an empty data folder, or an empty database. All of the file is checked first.
  ///
  /// @throws BackupFailed with a sentence for the operator; nothing was put back then
  public Manifest restore(Path source) {
    DataFolder folder = DataFolder.of(config.dataFolder());
    refuseOccupied(folder);
    try (AutoCloseable _ = folder.lock()) {
      return inScratch(
          folder.path(),
          scratch -> {
            Manifest manifest = Archive.read(source, scratch);
            Copier copier = copier();
            if (!manifest.store().equals(copier.store())) {
              throw new BackupFailed(
                  "it is a copy of %s, and this configuration names %s"
                      .formatted(manifest.store(), copier.store()));
            }
            copier.put(manifest, scratch);
            for (String key : List.of(MASTER_KEY, FORMER_MASTER_KEY)) {
              if (manifest.sha256().containsKey(key)) {
                Files.move(
                    scratch.resolve(key),
                    folder.privateFile(key),
                    StandardCopyOption.REPLACE_EXISTING);
                folder.privateFile(key);
              }
            }
            return manifest;
          });
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new BackupFailed("the data folder cannot be locked", e);
    }
  }

  private void refuseOccupied(DataFolder folder) {
    if (config.postgres() == null && Files.exists(folder.file("gatewright.db"))) {
      throw new BackupFailed("%s holds a gatewright.db already".formatted(folder.path()));
    }
  }

  private Copier copier() {
    PostgresAddress postgres = config.postgres();
    return postgres == null ? new SqliteCopier(config.dataFolder()) : new PostgresCopier(postgres);
  }

  private interface Work {
    Manifest in(Path scratch) throws IOException;
  }

  /// Runs in a private folder beside where the result will stand, and removes it.
  private static Manifest inScratch(Path beside, Work work) {
    Path scratch = null;
    try {
      scratch = Files.createTempDirectory(beside, ".gatewright-");
      return work.in(scratch);
    } catch (IOException e) {
      throw new BackupFailed("%s: %s".formatted(e.getClass().getSimpleName(), e.getMessage()), e);
    } finally {
      remove(scratch);
    }
  }

  private static void remove(@org.jspecify.annotations.Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException left) {
      throw new BackupFailed("%s cannot be removed".formatted(folder), left);
    }
  }
}
