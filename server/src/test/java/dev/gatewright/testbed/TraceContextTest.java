package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where nobody collects traces the gate takes no part in them: what a caller says goes on as it
/// came, and each line of the access log has the trace's id.
class TraceContextTest {
  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, fake) ->
          setup.settings(
              """
              services:
                - id: tools
                  preset: http
                  instances: ["http://127.0.0.1:%d"]
                  allow: [POST /v1/chat/completions]
              """
                  .formatted(fake.port())));

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String BODY = "{\"model\":\"fast\",\"messages\":[]}";

  private static JsonNode line(RawClient.Answer answer) throws Exception {
    Path log = world.data().resolve("access.log");
    String id = String.valueOf(answer.header("x-request-id"));
    Await.until("a line", Duration.ofSeconds(20), () -> Files.readString(log).contains(id));
    for (String line : Files.readAllLines(log)) {
      if (line.contains(id)) {
        return JSON.readTree(line);
      }
    }
    throw new AssertionError(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-and-more"
      })
  void what_a_caller_says_of_its_trace_goes_on_as_it_came(String parent) throws Exception {
    for (String path : new String[] {"/v1/chat/completions", "/tools/api/v1/chat/completions"}) {
      RawClient.Answer answer =
          world.post(
              path, BODY, "TraceParent: " + parent, "tracestate: a=1,  b=2", "tracestate: c=3");
      assertThat(answer.status()).as(path).isEqualTo(200);
      SeenRequest seen = world.provider().take();
      assertThat(seen.header("traceparent")).isEqualTo(parent);
      assertThat(
              seen.headers().stream()
                  .filter(header -> header.name().equalsIgnoreCase("tracestate"))
                  .map(SeenRequest.Header::value))
          .containsExactly("a=1,  b=2", "c=3");
      assertThat(line(answer).get("trace_id").asText()).isEqualTo(ID);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "traceparent: nonsense",
        "traceparent: ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "traceparent: 00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "tracestate: a=1",
        "x-nothing: 1"
      })
  void whatever_stands_there_is_no_error_and_has_no_id(String header) throws Exception {
    RawClient.Answer answer = world.post("/v1/chat/completions", BODY, header);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(line(answer).get("trace_id").isNull()).isTrue();
    assertThat(line(answer).get("request_id").asText()).isEqualTo(answer.header("x-request-id"));
  }

  @Test
  void two_of_them_are_none() throws Exception {
    RawClient.Answer answer =
        world.post(
            "/v1/chat/completions",
            BODY,
            "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4737-00f067aa0ba902b7-01");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(line(answer).get("trace_id").isNull()).isTrue();
  }

  @Test
  void without_one_none_is_made_up() throws Exception {
    world.post("/v1/chat/completions", BODY);
    @Nullable String parent = world.provider().take().header("traceparent");
    assertThat(parent).isNull();
  }

  @Test
  void a_refused_call_and_one_of_the_control_plane_have_it_in_their_lines() throws Exception {
    String parent = "traceparent: 00-" + ID + "-00f067aa0ba902b7-00";
    try (RawClient caller = world.caller()) {
      RawClient.Answer refused =
          caller.post("/v1/chat/completions", "gw_live_no", BODY, parent).answer();
      assertThat(refused.status()).isEqualTo(401);
      assertThat(line(refused).get("trace_id").asText()).isEqualTo(ID);
    }
    try (RawClient caller = world.caller()) {
      RawClient.Answer told = caller.get("/api/keys", world.key(), parent).answer();
      assertThat(line(told).get("trace_id").asText()).isEqualTo(ID);
    }
  }
}
