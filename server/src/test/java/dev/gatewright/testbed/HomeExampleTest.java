package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.config.Settings.InvalidSetting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example's configuration, read as `serve` reads it.
class HomeExampleTest {
  private static final Map<String, String> ADDRESSES =
      Map.of(
          "OLLAMA_URL", "http://127.0.0.1:1",
          "WHISPER_URL", "http://127.0.0.1:1",
          "TTS_URL", "http://127.0.0.1:1",
          "IMAGE_URL", "http://127.0.0.1:1");

  @TempDir private Path data;

  @Test
  void starts_with_the_four_services_and_opens_to_its_proxy_only() throws Exception {
    try (LocalGate gate = HomeWorld.gate(data, ADDRESSES)) {
      List<String> services = new ArrayList<>();
      for (JsonNode each : gate.admin().call("GET", "/api/services", "", 200).get("data")) {
        services.add(each.get("id").asText() + " " + each.get("preset").asText());
      }
      assertThat(services)
          .containsExactlyInAnyOrder(
              "chat ollama", "whisper speaches", "tts kokoro", "image a1111");
      String key = gate.admin().liveKey("k").key();
      try (RawClient past = gate.caller()) {
        assertThat(past.get("/status", key).answer().status()).isEqualTo(403);
      }
      try (RawClient proxy = gate.caller()) {
        RawClient.Answer answer =
            proxy.get("/status", key, "x-gatewright-edge: " + HomeWorld.SECRET).answer();
        assertThat(answer.status()).isEqualTo(200);
      }
    }
  }

  @Test
  void does_not_start_without_an_address() {
    assertThatThrownBy(() -> HomeWorld.gate(data, Map.of()).close())
        .isInstanceOf(InvalidSetting.class)
        .hasMessageContaining("_URL");
  }
}
