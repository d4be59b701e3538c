package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// SDKs and frameworks of other languages, unmodified, with a test key: structured outputs, forced
/// tools, strict types.
class SimulatorClientsTest {
  @RegisterExtension static final GateWorld world = GateWorld.usual();

  @Test
  @Tag("system")
  void node_sdks_and_the_ai_sdk() throws Exception {
    assertThat(ClientProgram.NODE.run("simulator.mjs", gate()))
        .contains("ok ai sdk, messages: forced tool");
  }

  @Test
  @Tag("system")
  void python_sdks() throws Exception {
    assertThat(ClientProgram.PYTHON.run("simulator.py", gate()))
        .contains("ok anthropic_wants_max_tokens");
  }

  @Test
  @Tag("long")
  void langchain_langgraph_and_pydantic_ai() throws Exception {
    assertThat(ClientProgram.FRAMEWORKS.run("client.py", gate()))
        .contains("ok pydantic-ai messages");
  }

  @Test
  @Tag("long")
  void instructor() throws Exception {
    assertThat(ClientProgram.INSTRUCTOR.run("client.py", gate()))
        .contains("ok instructor anthropic");
  }

  private static Map<String, String> gate() throws IOException, InterruptedException {
    AdminClient.Key key = world.admin().createKey("{\"name\":\"t\",\"kind\":\"test\"}");
    return Map.of("GATE_URL", world.gate().url().toString(), "GATE_TEST_KEY", key.key());
  }
}
