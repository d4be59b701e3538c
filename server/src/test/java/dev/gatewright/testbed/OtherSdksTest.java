package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The official Node and Python SDKs, unmodified, as callers.
@Tag("system")
class OtherSdksTest {
  @RegisterExtension static final GateWorld world = GateWorld.usual();

  @Test
  void node() throws Exception {
    assertThat(ClientProgram.NODE.run("client.mjs", gate())).contains("ok anthropic errors");
  }

  @Test
  void python() throws Exception {
    assertThat(ClientProgram.PYTHON.run("client.py", gate())).contains("ok anthropic_errors");
  }

  private static Map<String, String> gate() throws IOException, InterruptedException {
    AdminClient.Key narrow =
        world.admin().createKey("{\"name\":\"narrow\",\"models\":[\"other-model\"]}");
    return Map.of(
        "GATE_URL", world.gate().url().toString(),
        "GATE_KEY", world.key(),
        "GATE_NARROW_KEY", narrow.key());
  }
}
