package dev.gatewright.store.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.secret.Secret;
import dev.gatewright.store.PostgresAddress;
import dev.gatewright.store.StoreConfig;
import dev.gatewright.store.Stores;
import dev.gatewright.testbed.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A copy that a newer program wrote is refused before anything is touched.
class NewerBackupTest {
  private static final Instant NOW = Instant.parse("2026-11-28T03:15:00Z");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void is_refused_also_when_it_should_replace(boolean postgres) throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    StoreConfig config =
        new StoreConfig(
            data,
            postgres ? PostgresAddress.parse(Secret.of(TestPostgres.emptyUrl())) : null,
            StoreConfig.CONNECTIONS_DEFAULT);
    Stores.migrate(config);
    Backups backups = new Backups(config);
    Path good = folder.resolve("good.backup");
    backups.write(good, false, "1.0.0", NOW);
    Path newer = newer(good);

    assertThatThrownBy(() -> backups.restore(newer, NOW))
        .isInstanceOf(BackupFailed.class)
        .hasMessageContaining("newer version (9.0.0)");

    assertThat(Stores.pending(config)).isEmpty();
    try (Stream<Path> beside = Files.list(folder)) {
      assertThat(beside.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("data", "good.backup", "newer.backup", "unpacked", "scratch");
    }
    assertThat(backups.restore(good, NOW).before())
        .contains(postgres ? "before_20261128t031500z" : "data.before-20261128T031500Z");
  }

  /// The same content, as a program of the year 9999 would have written it.
  private Path newer(Path good) throws IOException {
    Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
    Path scratch = Files.createDirectory(folder.resolve("scratch"));
    Manifest manifest = Archive.read(good, unpacked);
    Map<String, Path> files = new TreeMap<>();
    manifest.sha256().keySet().forEach(name -> files.put(name, unpacked.resolve(name)));
    Path newer = folder.resolve("newer.backup");
    Archive.write(
        newer,
        new Manifest("9.0.0", NOW, manifest.store(), "999912312359", manifest.sha256()),
        files,
        scratch);
    return newer;
  }
}
