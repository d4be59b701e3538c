package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ollama's official clients, unmodified, by the key in a header and by the key in the base URL.
@Tag("system")
class OllamaClientsTest {
  /// The client programs try each of these; none may get to the backend.
  private static final List<String> REFUSED =
      List.of(
          "POST /api/pull",
          "POST /api/push",
          "DELETE /api/delete",
          "POST /api/create",
          "POST /api/copy");

  @TempDir private Path folder;

  @Test
  void javascript() throws Exception {
    // A chat, a streamed one and a text, at each of the four base URLs.
    servesWithoutBeingManaged(ClientProgram.NODE, "ollama-client.mjs", 12);
  }

  @Test
  void python() throws Exception {
    // The same, and twice a chat of the client's asynchronous half.
    servesWithoutBeingManaged(ClientProgram.PYTHON, "ollama_client.py", 14);
  }

  private void servesWithoutBeingManaged(ClientProgram program, String name, int answers)
      throws Exception {
    try (OllamaWorld world = OllamaWorld.start(folder)) {
      String printed =
          program.run(
              name,
              Map.of(
                  "GATE_URLS", String.join(" ", world.baseUrls()),
                  "GATE_KEYED_URLS", String.join(" ", world.keyedBaseUrls()),
                  "GATE_KEY", world.phone(),
                  "GATE_STRANGER", world.stranger()));
      assertThat(printed).contains("ok 4 base URLs");
      assertThat(world.seen())
          .contains("GET /api/tags", "POST /api/chat", "POST /api/embed")
          .doesNotContainAnyElementsOf(REFUSED);
      assertThat(world.ollama().seen())
          .noneMatch(request -> (request.target() + request.headers()).contains(world.phone()));
      Await.until(
          answers + " counted answers", Duration.ofSeconds(20), () -> countedAnswers() == answers);
    }
  }

  private long countedAnswers() throws SQLException {
    return UsageRows.sqlite(folder.resolve("data")).stream()
        .filter(row -> row.inputTokens() == OllamaAnswers.INPUT_TOKENS)
        .filter(row -> row.outputTokens() == OllamaAnswers.OUTPUT_TOKENS)
        .count();
  }
}
