package dev.gatewright.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.Gatewright;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.telemetry.Time;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `/docs` in a real browser: Debian's Chromium, without a window.
@Tag("system")
class DocsPageSystemTest {
  @TempDir private Path folder;

  @Test
  void a_browser_draws_the_operations_under_the_pages_own_policy() throws Exception {
    try (Gatewright gate =
        Gatewright.start(
            ConfigSources.ofText("listen: { host: 127.0.0.1, port: 0 }\nmetrics: { port: 0 }\n")
                .withFlag("data", folder.resolve("data").toString()),
            Time.system())) {
      Path log = folder.resolve("chromium.log");
      Process chromium =
          new ProcessBuilder(
                  List.of(
                      "chromium",
                      "--headless",
                      "--no-sandbox",
                      "--disable-gpu",
                      "--disable-dev-shm-usage",
                      "--user-data-dir=" + folder.resolve("profile"),
                      "--enable-logging=stderr",
                      "--log-level=0",
                      "--virtual-time-budget=20000",
                      "--dump-dom",
                      gate.url() + "/docs#/keys/createKey"))
              .redirectError(log.toFile())
              .start();
      String page = new String(chromium.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(chromium.waitFor(60, TimeUnit.SECONDS)).isTrue();

      String said = Files.readString(log);
      assertThat(said).doesNotContain("Content Security Policy", "Refused to");
      assertThat(page)
          .as(said)
          .contains("operations-keys-createKey", "operations-tag-llm", "Authorize");
    }
  }
}
