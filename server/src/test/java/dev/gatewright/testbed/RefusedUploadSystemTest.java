package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// An upload refused at its head: the sender hears the status, not a reset. Behind front proxies:
/// [FrontProxySystemTest].
@Tag("system")
class RefusedUploadSystemTest {
  @RegisterExtension static final GateWorld world = GateWorld.with((setup, _) -> setup);

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void without_a_good_key_is_401(RefusedUpload client) throws Exception {
    String url = world.gate().url() + "/v1/chat/completions";
    assertThat(client.heard(folder, url, "gw_live_bad"))
        .isEqualTo(Collections.nCopies(RefusedUpload.TIMES, "401"));
  }

  @ParameterizedTest
  @EnumSource
  void beyond_the_limit_is_413(RefusedUpload client) throws Exception {
    String url = world.gate().url() + "/v1/chat/completions";
    assertThat(client.heard(folder, url, world.key()))
        .isEqualTo(Collections.nCopies(RefusedUpload.TIMES, "413"));
  }
}
