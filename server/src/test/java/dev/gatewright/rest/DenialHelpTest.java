package dev.gatewright.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.edge.AnthropicError;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Refusal;
import dev.gatewright.llm.dialect.Dialect;
import dev.gatewright.room.wire.RoomProblem;
import dev.gatewright.room.wire.RoomRefused;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every 403 says what can be done, in whatever form its caller reads; nothing else says it.
class DenialHelpTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static List<JsonNode> forms(Refusal refusal) throws IOException {
    RoomRefused room = new RoomRefused(RoomProblem.of(refusal).from("daily").at("x"));
    return List.of(
        JSON.readTree(EdgeReply.plain(refusal, "req_1")),
        JSON.readTree(AnthropicError.body(refusal, "req_1")),
        JSON.readTree(Dialect.OPENAI.errorBody(refusal, "req_1")),
        JSON.readTree(Dialect.ANTHROPIC.errorBody(refusal, "req_1")),
        JSON.valueToTree(ProblemForm.PLAIN.body(new Problem(refusal), "req_1")),
        JSON.valueToTree(RoomRefused.FORM.body(room, "req_1")));
  }

  @Test
  void every_form_of_a_403_has_it() throws IOException {
    for (JsonNode body : forms(Refusal.denied("no", "ask \"ana\""))) {
      assertThat(body.at("/error/help").asText()).as("%s", body).isEqualTo("ask \"ana\"");
    }
  }

  @Test
  void a_403_that_was_given_none_has_one() throws IOException {
    for (Refusal refusal :
        List.of(
            Refusal.denied("no"),
            Refusal.of(403, "permission_error", "permission_denied", "no"),
            Problem.lacking(Permission.KEY_WRITE, "no").refusal(),
            Problem.stepUp().refusal())) {
      for (JsonNode body : forms(refusal)) {
        assertThat(body.at("/error/help").asText()).as("%s", body).hasSizeGreaterThan(20);
      }
    }
  }

  @Test
  void nothing_but_a_403_has_it() throws IOException {
    for (JsonNode body : forms(Refusal.invalid("no"))) {
      assertThat(body.at("/error").has("help")).as("%s", body).isFalse();
    }
  }
}
