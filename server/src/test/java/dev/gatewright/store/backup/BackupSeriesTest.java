package dev.gatewright.store.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupSeriesTest {
  @TempDir Path folder;

  @Test
  void names_sort_as_time_does() {
    BackupSeries series = new BackupSeries(folder.resolve("gate.backup"), 2);
    assertThat(series.at(Instant.parse("2026-11-28T03:15:00.9Z")))
        .isEqualTo(folder.resolve("gate-20261128T031500Z.backup"));
    assertThat(
            new BackupSeries(folder.resolve("gate"), 2).at(Instant.parse("2026-01-02T03:04:05Z")))
        .isEqualTo(folder.resolve("gate-20260102T030405Z"));
  }

  @Test
  void removes_the_oldest_of_its_own_and_nothing_else() throws IOException {
    BackupSeries series = new BackupSeries(folder.resolve("gate.backup"), 2);
    List<String> others =
        List.of(
            "gate.backup",
            "gate-20200101T000000Z.backup.old",
            "other-20200101T000000Z.backup",
            "gate-x-20200101T000000Z.backup",
            "gate-20200101T000000Zxbackup");
    for (String other : others) {
      Files.writeString(folder.resolve(other), "x");
    }
    for (int day = 1; day <= 5; day++) {
      Files.writeString(series.at(Instant.parse("2026-11-0%dT00:00:00Z".formatted(day))), "x");
    }
    assertThat(series.prune()).hasSize(3).isSorted();
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .hasSize(others.size() + 2)
          .containsAll(others)
          .contains("gate-20261104T000000Z.backup", "gate-20261105T000000Z.backup");
    }
    assertThat(series.prune()).isEmpty();
  }

  @Test
  void keeps_one_at_least() {
    assertThatThrownBy(() -> new BackupSeries(folder.resolve("gate.backup"), 0))
        .hasMessageContaining("expected: 1 or more");
  }
}
