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

  @Test
  void node_tries_as_often_as_without_the_gate() throws Exception {
    tries(ClientProgram.NODE, "tries.mjs");
  }

  @Test
  void python_tries_as_often_as_without_the_gate() throws Exception {
    tries(ClientProgram.PYTHON, "tries.py");
  }

  private static void tries(ClientProgram language, String program) throws Exception {
    RetryCases cases = new RetryCases(language.name());
    world.provider().answer(cases::answer);
    Map<String, String> environment =
        Map.of(
            "GATE_URL", world.gate().url().toString(),
            "GATE_KEY", world.key(),
            "DIRECT_URL", world.provider().baseUrl().replace("/v1", ""),
            "CASES", String.join(",", cases.names()));
    assertThat(language.run(program, environment)).contains("ok tries");
    cases.check("/v1/chat/completions");
    cases.check("/v1/messages");
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
