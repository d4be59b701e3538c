package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.edge.log.AccessLog;
import dev.gatewright.telemetry.Time;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the edge itself refuses at the paths of rooms has the form of rooms.
class RoomErrorTest {
  @ParameterizedTest
  @CsvSource({
    "/api/rooms/get/x, true",
    "/api/rooms, true",
    "/v1/rooms/x/tokens, true",
    "/v1/room-plans, true",
    "/v1/room-providers, true",
    "/api/roomsx, false",
    "/v1/models, false"
  })
  void a_refusal_of_rooms_has_a_detail(String path, boolean detail)
      throws IOException, InterruptedException {
    RouteTable routes =
        RouteTable.builder()
            .any("/*", exchange -> EdgeReply.refuse(exchange, Refusal.overloaded("Busy.", 5)))
            .build();
    try (EdgeServer edge =
            EdgeServer.start(EdgeConfig.loopback(), Time.system(), routes, AccessLog.none());
        HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + edge.port() + path);
      JsonNode body =
          new ObjectMapper()
              .readTree(
                  client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body());
      assertThat(body.path("error").path("code").asText()).isEqualTo("overloaded");
      assertThat(body.path("detail").asText("")).isEqualTo(detail ? "Busy." : "");
      assertThat(body.path("error").has("provider_status")).isEqualTo(detail);
    }
  }
}
