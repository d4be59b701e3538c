package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What services say of their use and their end is read by the same rules as what providers say.
class ServiceEvidenceTest {
  private static final String BODY = "{\"model\":\"m\",\"messages\":[]}";

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, fake) ->
          setup.settings(
              """
              services:
                - { id: own, preset: ollama, instances: ["http://127.0.0.1:%1$d"] }
                - { id: llm, preset: vllm, instances: ["http://127.0.0.1:%1$d"] }
              """
                  .formatted(fake.port())));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "/own/api/chat | application/x-ndjson | {'message':{'content':'Hi'},'done':false};{'done':true,'prompt_eval_count':26,'eval_count':9}; | 26/provider 9/provider completed",
        "/own/api/chat | text/plain | {'message':{'content':'Hi'},'done':false};{'done':true,'prompt_eval_count':26.0,'eval_count':'9'}; | 26/provider 9/provider completed",
        "/own/api/chat | application/x-ndjson | {'message':{'content':'Hello there'},'done':false}; | 0/none 3/counted failed",
        "/own/api/chat | application/x-ndjson | {'error':'out of memory'}; | 0/none 0/none failed",
        "/llm/api/v1/chat/completions | application/json | {'choices':[{'message':{'content':'Hi'}}],'usage':{'prompt_tokens':12,'completion_tokens':2,'total_tokens':331}} | 12/provider 319/provider completed",
        "/llm/api/v1/chat/completions | application/json | data: {'choices':[{'delta':{'content':'Hi'}}]};;data: {'choices':[],'usage':{'prompt_tokens':1e2,'completion_tokens':40}};;data: [DONE];; | 100/provider 40/provider completed",
        "/llm/api/v1/chat/completions | text/event-stream | data: {'choices':[{'delta':{'content':'Hello there'}}]};; | 0/none 3/counted failed",
        "/llm/api/v1/chat/completions | text/event-stream | event: error;data: {'message':'no capacity'};; | 0/none 0/none failed",
        "/llm/api/v1/embeddings | application/json | {'data':[{'embedding':[0.5]}],'usage':{'total_tokens':8000}} | 8000/provider 0/none completed",
        "/llm/api/v1/messages | text/event-stream | data: {'type':'message_start','message':{'usage':{'input_tokens':1000,'output_tokens':1}}};;data: {'type':'message_delta','delta':{'stop_reason':'end_turn'},'usage':{'input_tokens':100,'cache_read_input_tokens':900,'output_tokens':40}};;data: {'type':'message_stop'};; | 1000/provider 40/provider completed"
      })
  void rows_say_what_the_backend_said(String path, String type, String answer, String truth)
      throws Exception {
    byte[] bytes =
        answer.strip().replace('\'', '"').replace(';', '\n').getBytes(StandardCharsets.UTF_8);
    world
        .provider()
        .answer((request, wire) -> {
          if (request.header("x-test") == null) {
            wire.json(200, "{}");
          } else {
            wire.reply(200, type, bytes);
          }
        });
    String id;
    try (RawClient caller = world.caller()) {
      RawClient.Answer got = caller.post(path, world.key(), BODY, "x-test: 1").answer();
      assertThat(got.body()).isEqualTo(bytes);
      id = String.valueOf(got.header("x-request-id"));
    }
    Await.until("the row", Duration.ofSeconds(20), () -> !row(id).isEmpty());
    assertThat(row(id)).isEqualTo(truth);
  }

  private static String row(String id) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + world.data().resolve("gatewright.db"));
        PreparedStatement statement =
            connection.prepareStatement(
                """
                SELECT input_tokens || '/' || input_source || ' ' || output_tokens || '/'
                  || output_source || ' ' || outcome
                FROM usage_attempt WHERE request_id = ?
                """)) {
      statement.setString(1, id);
      try (ResultSet found = statement.executeQuery()) {
        return found.next() ? found.getString(1) : "";
      }
    }
  }
}
