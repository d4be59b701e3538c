package dev.gatewright.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.config.ConfigEntry.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every setting is there with who says it; what is secret is not.
class ConfigListingTest {
  private static final String YAML =
      """
      # who listens
      listen:
        port: 80
      providers:
        - id: one
          api-key: sk-never-shown
          headers:
            x-team: never-shown-either
        - { id: two, api-key: "${TWO_KEY}", base-url: "https://ann:pass@two.example/v1" }
      three: file:/run/secrets/three
      limits: { body: 2MiB }
      names: [a, b]
      """;

  @TempDir Path folder;

  private static void read(Settings root) {
    root.section("listen").integer("port", 8080, 0, 65535);
    root.section("listen").text("host", "127.0.0.1");
    for (Settings provider : root.list("providers")) {
      provider.text("id", "");
      provider.secret("api-key");
      provider.text("base-url", "");
      provider.map("headers");
    }
    root.textOrNull("three");
    root.section("limits").bytes("body", 1 << 20);
    root.section("limits").duration("wait", Duration.ofSeconds(90));
    root.section("limits").flag("strict", true);
    root.texts("names");
    root.secret("master-key");
    root.integer("unset", -1, 0, 9);
  }

  private ConfigReload reload(Map<String, String> environment) throws IOException {
    Path file = folder.resolve("gatewright.yaml");
    if (!Files.exists(file)) {
      Files.writeString(file, YAML);
    }
    ConfigSources sources =
        ConfigSources.find(Map.of("config", file.toString(), "limits.body", "3MiB"), environment);
    Settings first = sources.load();
    read(first);
    ConfigReload reload = new ConfigReload(sources, first, Duration.ofHours(1));
    reload.register(settings -> {
      read(settings);
      return () -> {};
    });
    return reload;
  }

  private static ConfigEntry entry(List<ConfigEntry> all, String key) {
    List<ConfigEntry> found = all.stream().filter(each -> each.key().equals(key)).toList();
    assertThat(found).as(key).hasSize(1);
    return found.getFirst();
  }

  @Test
  void each_says_its_value_and_who_says_it_by_line() throws IOException {
    Map<String, String> environment =
        Map.of("TWO_KEY", "sk-of-two", "GATEWRIGHT_LISTEN_HOST", "0.0.0.0");
    try (ConfigReload reload = reload(environment)) {
      List<ConfigEntry> all = reload.inForce();
      String file = folder.resolve("gatewright.yaml").toString();
      assertThat(entry(all, "listen.port"))
          .isEqualTo(new ConfigEntry("listen.port", "80", false, Source.FILE, file, 3));
      assertThat(entry(all, "listen.host"))
          .isEqualTo(
              new ConfigEntry(
                  "listen.host",
                  "0.0.0.0",
                  false,
                  Source.ENVIRONMENT,
                  "GATEWRIGHT_LISTEN_HOST",
                  0));
      assertThat(entry(all, "limits.body"))
          .isEqualTo(new ConfigEntry("limits.body", "3MiB", false, Source.FLAG, "--body", 0));
      assertThat(entry(all, "limits.wait"))
          .isEqualTo(new ConfigEntry("limits.wait", "90s", false, Source.DEFAULT, null, 0));
      assertThat(entry(all, "limits.strict").value()).isEqualTo("true");
      assertThat(entry(all, "names").value()).isEqualTo("a, b");
      assertThat(entry(all, "unset").value()).isNull();
      assertThat(entry(all, "providers[1].id").line()).isEqualTo(9);
      assertThat(entry(all, "providers[1].base-url").value()).isEqualTo("https://…@two.example/v1");
      assertThat(all).extracting(ConfigEntry::key).doesNotContain("providers", "listen", "limits");
    }
  }

  @Test
  void no_secret_is_shown_whoever_says_it() throws IOException {
    Map<String, String> environment =
        Map.of("TWO_KEY", "sk-of-two", "GATEWRIGHT_MASTER_KEY", "master-never-shown");
    try (ConfigReload reload = reload(environment)) {
      List<ConfigEntry> all = reload.inForce();
      assertThat(all.toString()).doesNotContain("never-shown", "sk-of-two", "pass@");
      assertThat(entry(all, "providers[0].api-key"))
          .matches(each -> each.secret() && each.value() == null && each.line() == 6);
      assertThat(entry(all, "providers[0].headers.x-team"))
          .matches(each -> each.secret() && each.line() == 8);
      assertThat(entry(all, "providers[1].api-key").value()).isEqualTo("${TWO_KEY}");
      assertThat(entry(all, "master-key"))
          .matches(each -> each.secret() && each.source() == Source.ENVIRONMENT);
    }
  }

  @Test
  void what_takes_a_restart_is_as_it_was_and_waits() throws IOException {
    try (ConfigReload reload = reload(Map.of("TWO_KEY", "x"))) {
      assertThat(reload.waiting()).isEmpty();
      Path file = folder.resolve("gatewright.yaml");
      Files.writeString(file, YAML.replace("port: 80", "port: 81").replace("id: one", "id: uno"));
      assertThat(reload.look()).isTrue();
      List<ConfigEntry> all = reload.inForce();
      assertThat(entry(all, "listen.port").value()).isEqualTo("80");
      assertThat(entry(all, "providers[0].id").value()).isEqualTo("uno");
      assertThat(reload.waiting()).containsExactly("listen");
    }
  }
}
