package dev.gatewright.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.Gatewright;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.room.provider.janus.JanusJoin;
import dev.gatewright.room.provider.janus.JanusServer;
import dev.gatewright.room.wire.RoomJson;
import dev.gatewright.telemetry.Time;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `examples/rooms`: Node serves the page, the gate makes the room on a real Janus, and what the
/// page is given lets it in. (What a browser does after that, camera and all, is not run here.)
@Tag("system")
class RoomPageSystemTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path folder;

  @Test
  void the_page_gets_a_room_and_a_token_that_lets_it_in() throws IOException, InterruptedException {
    try (JanusServer janus = new JanusServer(Files.createDirectory(folder.resolve("janus")));
        Gatewright gate = gate(janus)) {
      ProcessBuilder node = new ProcessBuilder("node", "../examples/rooms/server.mjs");
      node.environment().put("GATE", gate.url());
      node.environment().put("GATE_KEY", gate.localAdminKey().expose());
      node.environment().put("PORT", "0");
      Process server = node.redirectErrorStream(true).start();
      try (BufferedReader said =
          new BufferedReader(
              new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
        String page = Objects.requireNonNull(said.readLine());
        assertThat(send(page, null)).contains("A room behind the gate");
        String text = send(page + "/enter", "{\"room\":\"example-room\",\"user\":\"Ada\"}");
        JsonNode entered = Objects.requireNonNull(RoomJson.parse(text));
        assertThat(entered.path("url").asText()).as(text).isEqualTo(janus.url());

        JsonNode joined =
            JanusJoin.join(
                janus,
                "example-room",
                entered.path("session_token").asText(),
                entered.path("token").asText());
        assertThat(joined.path("videoroom").asText()).isEqualTo("joined");
        assertThat(send(page + "/enter", "{\"room\":\"example-room\",\"user\":\"Bob\"}"))
            .contains("session_token");
      } finally {
        server.destroy();
        server.waitFor(10, TimeUnit.SECONDS);
      }
    }
  }

  private Gatewright gate(JanusServer janus) throws IOException {
    String yaml =
        """
        listen: { host: 127.0.0.1, port: 0 }
        metrics: { host: 127.0.0.1, port: 0 }
        rooms:
          providers:
            janus:
              allow-private: true
              credential:
                url: %s
                admin_url: %s
                admin_secret: %s
                admin_key: %s
                api_secret: %s
                token_secret: %s
        """
            .formatted(
                janus.url(),
                janus.adminUrl(),
                JanusServer.ADMIN_SECRET,
                JanusServer.ADMIN_KEY,
                JanusServer.API_SECRET,
                JanusServer.TOKEN_SECRET);
    return Gatewright.start(
        ConfigSources.ofText(yaml).withFlag("data", folder.resolve("data").toString()),
        Time.system());
  }

  private static String send(String url, @org.jspecify.annotations.Nullable String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    return HTTP.send(
            (body == null ? request : request.POST(BodyPublishers.ofString(body))).build(),
            BodyHandlers.ofString())
        .body();
  }
}
