package dev.gatewright.store.backup;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /// @param beforeMoment non-null = what the target holds is kept aside under a name with it
  /// @return where the former content stands, for the operator; null when there was none
  /// @throws BackupFailed when the target is not empty and nothing is to be kept aside
  @Nullable String put(Manifest manifest, Path folder, @Nullable String beforeMoment);
}
