package dev.gatewright.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.Gatewright;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.Time;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every page of the console in Debian's Chromium, by `dashboard/tests/pages.mjs`: set-up, a key, a
/// call that appears, then all pages in both themes and down to 320 px, with axe.
@Tag("system")
class ConsolePagesSystemTest {
  private static final Pattern LINK = Pattern.compile("http://localhost:\\d+/console/setup#\\S+");

  @TempDir private Path folder;

  @Test
  void every_page_draws_without_a_fault() throws Exception {
    AtomicReference<String> greeting = new AtomicReference<>("");
    try (Gatewright gate =
        Gatewright.start(
            ConfigSources.ofText("listen: { host: 127.0.0.1, port: 0 }\nmetrics: { port: 0 }\n")
                .withFlag("data", folder.resolve("data").toString()),
            Time.system(),
            greeting::set)) {
      Secret key = Objects.requireNonNull(gate.firstTestKey());
      assertThat(key.expose()).startsWith("gw_test_");
      String said = Objects.requireNonNull(greeting.get());
      Matcher link = LINK.matcher(said);
      assertThat(link.find()).as(said.replace(key.expose(), "…")).isTrue();
      String base = gate.url().replace("127.0.0.1", "localhost");
      Process pages =
          new ProcessBuilder(
                  "node", "tests/pages.mjs", base, link.group(), folder.resolve("out").toString())
              .directory(Path.of("../dashboard").toFile())
              .redirectErrorStream(true)
              .start();
      String told = new String(pages.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(pages.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(pages.exitValue()).as(told).isZero();
    }
  }
}
