package dev.gatewright.store.backup;

import dev.gatewright.store.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// A new data folder in the place of one that stays, under another name beside it. Stateless.
final class FolderSwap {
  /// What belongs to the installation rather than to its store, and goes on where a copy does not
  /// bring it.
  private static final List<String> KEPT =
      List.of(Backups.MASTER_KEY, Backups.FORMER_MASTER_KEY, "gatewright.yaml");

  private FolderSwap() {}

  /// @param fresh a whole folder on the same file system
  /// @return where the old one stands now
  /// @throws BackupFailed when it cannot be renamed; both stand as they did then
  static Path swap(DataFolder folder, Path fresh, String moment) throws IOException {
    boolean ownKey = Files.exists(fresh.resolve(Backups.MASTER_KEY));
    for (String name : KEPT) {
      Path old = folder.file(name);
      // A former key belongs to the key it was changed for: both of one side, never one of each.
      boolean other = ownKey && name.equals(Backups.FORMER_MASTER_KEY);
      if (!other
          && Files.isRegularFile(old, LinkOption.NOFOLLOW_LINKS)
          && !Files.exists(fresh.resolve(name))) {
        Files.copy(old, fresh.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    Path path = folder.path();
    Path before = path.resolveSibling(path.getFileName() + ".before-" + moment);
    try {
      Files.move(path, before, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException fixed) {
      throw new BackupFailed(
          "%s cannot be renamed (is it a mount?): move what it holds away yourself, then restore without --replace"
              .formatted(path),
          fixed);
    }
    try {
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException raced) {
      Files.move(before, path, StandardCopyOption.ATOMIC_MOVE);
      throw new BackupFailed("%s was taken by somebody else meanwhile".formatted(path), raced);
    }
    return before;
  }
}
