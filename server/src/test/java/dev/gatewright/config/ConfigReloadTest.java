package dev.gatewright.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReloadTest {
  @TempDir Path folder;

  @Test
  void edit_is_put_in_force_and_a_bad_one_keeps_the_last_good() throws IOException {
    Path file = Files.writeString(folder.resolve("gatewright.yaml"), "limit: 1\nlisten: {}");
    ConfigSources sources = ConfigSources.find(Map.of("config", file.toString()), Map.of());
    Settings first = sources.load();
    first.section("listen");
    int[] limit = {first.integer("limit", 0, 0, 9)};
    try (ConfigReload reload = new ConfigReload(sources, first, Duration.ofHours(1))) {
      reload.register(settings -> {
        int next = settings.integer("limit", 0, 0, 9);
        return () -> limit[0] = next;
      });
      assertThat(reload.look()).isFalse();
      Files.writeString(file, "limit: 2\nlisten: {}");
      assertThat(reload.look()).isTrue();
      assertThat(limit[0]).isEqualTo(2);
      for (String bad : new String[] {"limit: 99", "limit: 3\nlimt: 3", "limit: ["}) {
        Files.writeString(file, bad);
        assertThat(reload.look()).isFalse();
        assertThat(reload.problem()).contains("gatewright.yaml");
        assertThat(limit[0]).isEqualTo(2);
      }
      Files.delete(file);
      assertThat(reload.look()).isFalse();
      Files.writeString(file, "limit: 4");
      assertThat(reload.look()).isTrue();
      assertThat(reload.problem()).isNull();
      assertThat(limit[0]).isEqualTo(4);
    }
  }

  @Test
  void watcher_sees_an_edit_by_itself() throws Exception {
    Path file = Files.writeString(folder.resolve("gatewright.yaml"), "limit: 1");
    ConfigSources sources = ConfigSources.find(Map.of("data", folder.toString()), Map.of());
    assertThat(sources.file()).isEqualTo(file);
    BlockingQueue<Integer> limits = new LinkedBlockingQueue<>();
    try (ConfigReload reload = new ConfigReload(sources, sources.load(), Duration.ofMillis(20))) {
      reload.register(settings -> {
        settings.textOrNull("data");
        return () -> limits.add(settings.integer("limit", 0, 0, 9));
      });
      sources.load().integer("limit", 0, 0, 9);
      reload.start();
      Files.writeString(file, "limit: 7");
      // The watcher may meet the file between its truncation and its content.
      Integer seen = limits.poll(10, TimeUnit.SECONDS);
      while (seen != null && seen != 7) {
        seen = limits.poll(10, TimeUnit.SECONDS);
      }
      assertThat(seen).isEqualTo(7);
    }
  }

  @Test
  void named_file_must_exist() {
    assertThatThrownBy(() -> ConfigSources.find(Map.of("config", "/none.yaml"), Map.of()))
        .hasMessageContaining("/none.yaml");
    assertThatThrownBy(
            () -> ConfigSources.find(Map.of(), Map.of("GATEWRIGHT_CONFIG", "/none.yaml")))
        .hasMessageContaining("/none.yaml");
  }
}
