package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.DeployFilesTest.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Deploy files, judged by the programs that read them.
@Tag("system")
class DeploySystemTest {
  private static final Path DEPLOY = Path.of("../deploy").toAbsolutePath().normalize();

  @Test
  void systemd_takes_the_unit_and_finds_little_exposed(@TempDir Path folder) throws Exception {
    Path unit = DEPLOY.resolve("systemd/gatewright.service");
    Ran score =
        Ran.of("systemd-analyze", "security", "--offline=true", "--threshold=15", unit.toString());
    assertThat(score.code()).as(score.text()).isZero();

    Path installed = folder.resolve("gatewright.service");
    Files.writeString(
        installed,
        Files.readString(unit).replace("/opt/gatewright/bin/gatewright serve", "/bin/true"));
    Ran verified = Ran.of("systemd-analyze", "verify", installed.toString());
    assertThat(verified.code()).as(verified.text()).isZero();
    assertThat(verified.text()).doesNotContain("gatewright.service:");
  }

  /// Some minutes: base images, the build, and what a platform would do with the result.
  @Test
  @Tag("long")
  void the_image_is_built_and_holds() throws Exception {
    Ran ran = Ran.of(DEPLOY.resolve("container/check").toString());
    assertThat(ran.code()).as(ran.text()).isZero();
  }
}
