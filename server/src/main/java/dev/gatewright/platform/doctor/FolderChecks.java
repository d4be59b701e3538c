package dev.gatewright.platform.doctor;

import dev.gatewright.store.StoreConfig;
import dev.gatewright.store.backup.LastBackup;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The data folder and what lies in it. Stateless.
final class FolderChecks {
  private static final long SPACE_ERROR_BYTES = 100L << 20;
  private static final long SPACE_WARNING_BYTES = 1L << 30;
  private static final long BACKUP_DAYS_MAX = 7;
  private static final String BACK_UP =
      "gatewright backup FILE --every 24h --keep 7, onto another disk (docs/operating/backup.md).";

  /// A value in its place, rather than where to find it.
  private static final Pattern SECRET =
      Pattern.compile(
          "(?m)^[^#\\n]*\\b(?:api-key|secret|client-secret|password|master-key|webhook-secret)\\s*:\\s*[\"']?(?!file:)[A-Za-z0-9_+/=.-]");

  private static final Set<String> NETWORK_FILE_SYSTEMS =
      Set.of("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "ceph", "glusterfs");
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private FolderChecks() {}

  static Finding folder(Path folder) {
    String id = "data-folder";
    if (!Files.exists(folder)) {
      return Finding.skipped(id, folder + " is not there yet: the first start makes it.");
    }
    if (!Files.isDirectory(folder)) {
      return Finding.error(
          id, folder + " is no folder.", "Move the file away, or name another folder by --data.");
    }
    if (!Files.isWritable(folder)) {
      return Finding.error(
          id, folder + " cannot be written.", "Give it to the user the gate runs as: chown.");
    }
    return othersWrite(folder)
        ? Finding.error(
            id, folder + " can be written by everybody: no start takes it.", "chmod 700 " + folder)
        : Finding.ok(id, folder.toString());
  }

  private static boolean othersWrite(Path folder) {
    try {
      return Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_WRITE);
    } catch (IOException | UnsupportedOperationException noModes) {
      return false;
    }
  }

  /// A configuration that holds secrets is for its reader alone.
  ///
  /// @param file null = there is none
  static Finding configFile(@Nullable Path file) {
    String id = "config-file";
    if (file == null) {
      return Finding.skipped(id, "There is none.");
    }
    try {
      boolean read = Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
      boolean secret = SECRET.matcher(Files.readString(file)).find();
      return read && secret
          ? Finding.warning(
              id,
              file + " holds a secret and can be read by everybody.",
              "chmod 600 it, or write ${NAME} or file:/path in the secret's place.")
          : Finding.ok(id, file.toString());
    } catch (IOException | UnsupportedOperationException unknown) {
      return Finding.skipped(id, file + " does not say who may read it.");
    }
  }

  /// When the store was last copied by `gatewright backup`.
  static Finding backup(StoreConfig store, Instant now) {
    String id = "backup";
    LastBackup last = LastBackup.read(store.dataFolder());
    if (last != null) {
      long days = Duration.between(last.at(), now).toDays();
      String message = "The last copy is of %s: %s.".formatted(last.at(), last.file());
      return days >= BACKUP_DAYS_MAX
          ? Finding.warning(id, message, BACK_UP)
          : Finding.ok(id, message);
    }
    if (store.postgres() != null) {
      return Finding.skipped(id, "None by `gatewright backup` from here; others do it too.");
    }
    return Files.exists(store.dataFolder().resolve("gatewright.db"))
        ? Finding.warning(id, "No copy by `gatewright backup` is known of.", BACK_UP)
        : Finding.skipped(id, "There is nothing to copy yet.");
  }

  static Finding space(StoreConfig store) {
    String id = "space";
    Path folder = store.dataFolder();
    if (!Files.isDirectory(folder)) {
      return Finding.skipped(id, "There is no data folder yet.");
    }
    try {
      FileStore files = Files.getFileStore(folder);
      if (store.postgres() == null
          && NETWORK_FILE_SYSTEMS.contains(files.type().toLowerCase(Locale.ROOT))) {
        return Finding.error(
            id,
            "%s is on %s: SQLite's locks do not hold there.".formatted(folder, files.type()),
            "Use a local disk, or PostgreSQL (database-url).");
      }
      long free = files.getUsableSpace();
      String message = "%d MiB are free at %s.".formatted(free >> 20, folder);
      String remedy =
          "Make room: without it calls cannot be recorded and get 503. The access log takes up to"
              + " 320 MiB, usage up to some 800 MB a million calls.";
      return free < SPACE_ERROR_BYTES
          ? Finding.error(id, message, remedy)
          : free < SPACE_WARNING_BYTES
              ? Finding.warning(id, message, remedy)
              : Finding.ok(id, message);
    } catch (IOException unknown) {
      return Finding.warning(
          id, "The disk of %s does not say how full it is.".formatted(folder), "Look by df.");
    }
  }

  /// @param given the configuration or the environment brings a master key
  static Finding masterKey(StoreConfig store, boolean given) {
    String id = "master-key";
    Path file = store.dataFolder().resolve("master.key");
    if (given) {
      return Finding.ok(id, "It comes with the configuration.");
    }
    if (store.postgres() != null) {
      return Finding.error(
          id,
          "PostgreSQL needs a master key that every replica has; there is none.",
          "Set GATEWRIGHT_MASTER_KEY: 32 random bytes, base64url (docs/operating/master-key.md).");
    }
    if (!Files.exists(file)) {
      boolean stored = Files.exists(store.dataFolder().resolve("gatewright.db"));
      return stored
          ? Finding.error(
              id,
              "There is a store and no %s: its keys cannot be opened.".formatted(file),
              "Put it back from your backup, or set GATEWRIGHT_MASTER_KEY.")
          : Finding.skipped(id, "The first start makes one.");
    }
    try {
      if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
        return Finding.error(id, file + " can be read or written by others.", "chmod 600 " + file);
      }
    } catch (IOException | UnsupportedOperationException noModes) {
      return Finding.warning(id, file + " does not say who may read it.", "Look who may read it.");
    }
    return Finding.ok(id, file + ", a copy of which belongs into another place than the backup.");
  }
}
