package dev.gatewright.store.backup;

import java.nio.file.Path;
import java.util.Map;

/// Takes one consistent snapshot of a database into files, and puts it back.
sealed interface Copier permits SqliteCopier, PostgresCopier {
  /// What a snapshot holds.
  ///
  /// @param files by their name in the archive
  record Snapshot(String schema, Map<String, Path> files) {}

  /// `sqlite` or `postgres`.
  String store();

  /// Calls go on meanwhile.
  ///
  /// @param folder empty, for the files
  Snapshot take(Path folder);

  /// @throws BackupFailed when the target is not empty, or the snapshot is of a newer program
  void put(Manifest manifest, Path folder);
}
