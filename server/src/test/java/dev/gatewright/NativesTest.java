package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativesTest {
  @Test
  void unpacks_what_this_system_loads_and_replaces_what_is_there(@TempDir Path folder)
      throws IOException {
    Path sqlite = folder.resolve("lib").resolve(System.mapLibraryName("sqlitejdbc"));
    Natives.unpack(folder.resolve("lib"));
    long whole = Files.size(sqlite);
    Files.writeString(sqlite, "broken");

    Natives.unpack(folder.resolve("lib"));

    assertThat(Files.size(sqlite)).isEqualTo(whole).isGreaterThan(100_000);
    try (var files = Files.list(sqlite.getParent())) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".new"));
    }
  }
}
