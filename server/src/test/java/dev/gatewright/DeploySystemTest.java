package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.DeployFilesTest.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @Test
  void caddy_takes_the_file_of_the_replicas() throws Exception {
    Ran ran =
        Ran.of(
            "sh",
            "-euc",
            "SITE=http://localhost caddy validate --adapter caddyfile --config "
                + DEPLOY.resolve("compose/Caddyfile"));
    assertThat(ran.code()).as(ran.text()).isZero();
  }

  /// `nfpm` from the Go module proxy, as deploy/packages/build says. Some minutes.
  @ParameterizedTest
  @ValueSource(strings = {"deb", "rpm"})
  @Tag("long")
  void a_package_is_built_installed_started_replaced_and_removed(String kind, @TempDir Path folder)
      throws Exception {
    Path go = Path.of("target/nfpm").toAbsolutePath();
    Ran ran =
        Ran.of(
            "bash",
            "-euc",
            """
            export GOBIN=%1$s PATH="%1$s:$PATH"
            [ -x %1$s/nfpm ] || go install github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.41.3
            %2$s/packages/build %3$s %4$s/first
            PACKAGE_VERSION=9.9.9 %2$s/packages/build %3$s %4$s/newer
            %2$s/packages/check %4$s/first/*.%3$s %4$s/newer/*.%3$s
            """
                .formatted(go, DEPLOY, kind, folder));
    assertThat(ran.code()).as(ran.text()).isZero();
    assertThat(ran.text()).contains("check: good");
  }

  /// Some minutes: base images, the build, and what a platform would do with the result.
  @Test
  @Tag("long")
  void the_image_is_built_and_holds() throws Exception {
    Ran ran = Ran.of(DEPLOY.resolve("container/check").toString());
    assertThat(ran.code()).as(ran.text()).isZero();
  }
}
