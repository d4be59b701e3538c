package dev.gatewright.store.backup;

import dev.gatewright.store.DataFolder;
import dev.gatewright.store.PostgresAddress;
import dev.gatewright.store.SqliteDatabase;
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
import org.jspecify.annotations.Nullable;

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
          Archive.write(target, manifest, files, scratch);
          new LastBackup(now, target.toAbsolutePath().normalize().toString())
              .write(config.dataFolder());
          return manifest;
        });
  }

  /// Puts a copy into an empty data folder, or an empty database. All of the file is checked first.
  ///
  /// @param replacing non-null = what stands there is kept aside, under a name with this moment
  /// @throws BackupFailed with a sentence for the operator; nothing was changed then
  public Restored restore(Path source, @Nullable Instant replacing) {
    DataFolder folder = DataFolder.of(config.dataFolder());
    boolean occupied = config.postgres() == null && Files.exists(folder.file(SqliteDatabase.FILE));
    if (occupied && replacing == null) {
      throw new BackupFailed(
          "%s holds a %s already: --replace keeps it aside"
              .formatted(folder.path(), SqliteDatabase.FILE));
    }
    String moment = replacing == null ? null : BackupSeries.moment(replacing);
    try (AutoCloseable _ = folder.lock()) {
      return occupied && moment != null
          ? swapped(source, folder, moment)
          : filled(source, folder, moment);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new BackupFailed("the data folder cannot be locked", e);
    }
  }

  private Restored filled(Path source, DataFolder folder, @Nullable String moment) {
    return inScratch(
        folder.path(),
        scratch -> {
          Manifest manifest = checked(source, scratch);
          String before = copier().put(manifest, scratch, moment);
          putKeys(manifest, scratch, folder);
          return new Restored(manifest, before);
        });
  }

  /// A whole folder is made beside the one that is there, then takes its place.
  private Restored swapped(Path source, DataFolder folder, String moment) {
    return inScratch(
        folder.path().resolveSibling("."),
        scratch -> {
          Path unpacked = Files.createDirectory(scratch.resolve("unpacked"));
          Manifest manifest = checked(source, unpacked);
          DataFolder fresh = DataFolder.of(scratch.resolve("data"));
          new SqliteCopier(fresh.path()).put(manifest, unpacked, null);
          putKeys(manifest, unpacked, fresh);
          Path before = FolderSwap.swap(folder, fresh.path(), moment);
          return new Restored(manifest, before.toString());
        });
  }

  private Manifest checked(Path source, Path into) throws IOException {
    Manifest manifest = Archive.read(source, into);
    String store = copier().store();
    if (!manifest.store().equals(store)) {
      throw new BackupFailed(
          "it is a copy of %s, and this configuration names %s".formatted(manifest.store(), store));
    }
    return manifest;
  }

  private static void putKeys(Manifest manifest, Path unpacked, DataFolder folder)
      throws IOException {
    for (String key : List.of(MASTER_KEY, FORMER_MASTER_KEY)) {
      if (manifest.sha256().containsKey(key)) {
        Files.move(
            unpacked.resolve(key), folder.privateFile(key), StandardCopyOption.REPLACE_EXISTING);
        folder.privateFile(key);
      }
    }
  }

  private Copier copier() {
    PostgresAddress postgres = config.postgres();
    return postgres == null ? new SqliteCopier(config.dataFolder()) : new PostgresCopier(postgres);
  }

  private interface Work<T> {
    T in(Path scratch) throws IOException;
  }

  /// Runs in a private folder beside where the result will stand, and removes it, also when the
  /// process is told to end meanwhile.
  private static <T> T inScratch(Path beside, Work<T> work) {
    Path scratch;
    try {
      scratch = Files.createTempDirectory(beside, ".gatewright-");
    } catch (IOException e) {
      throw new BackupFailed(
          "nothing can be written beside %s: %s"
              .formatted(beside.normalize(), e.getClass().getSimpleName()),
          e);
    }
    Thread atExit = new Thread(() -> remove(scratch), "remove-scratch");
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      return work.in(scratch);
    } catch (IOException e) {
      throw new BackupFailed("%s: %s".formatted(e.getClass().getSimpleName(), e.getMessage()), e);
    } finally {
      forget(atExit);
      remove(scratch);
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // It runs already, or is about to.
    }
  }

  private static void remove(Path folder) {
    if (!Files.exists(folder)) {
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
