package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.config.ConfigSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Settings that the pages of sites and sign-ins show are such as a start takes.
class DoorPagesTest {
  private static final Pattern BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "reference/sites.md",
        "guides/several-portals.md",
        "guides/browser-apps.md",
        "guides/passkeys.md",
        "guides/sign-in-with-your-identity-provider.md",
        "guides/jwt-callers.md"
      })
  void settings_of_a_page_are_good(String page) throws IOException {
    Path logo = Files.writeString(folder.resolve("acme.svg"), "<svg/>");
    List<String> blocks =
        BLOCK
            .matcher(Files.readString(Path.of("../docs").resolve(page)))
            .results()
            .map(found -> found.group(1).replace("/etc/gatewright/acme.svg", logo.toString()))
            .toList();
    assertThat(blocks).isNotEmpty();
    for (String block : blocks) {
      Path file = Files.writeString(folder.resolve("gatewright.yaml"), block);
      ServerConfig config =
          ServerConfig.from(
              ConfigSources.find(
                      Map.of("config", file.toString(), "data", folder.toString()),
                      Map.of("OIDC_SECRET", "x"))
                  .load());
      assertThat(config).as(block).isNotNull();
    }
  }
}
