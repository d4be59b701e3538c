package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.testbed.SeenRequest.Header;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Body bytes reach the provider and come back as they were.
class BytesTest {
  @RegisterExtension static final GateWorld world = GateWorld.usual();

  /// Odd on purpose: spacing, number forms, escapes, fields nobody knows, an unusual key order.
  private static final String ODD =
      """
      { "x_unknown" : {"b":1.10, "a":1e2,"n":null},
        "messages":[ {"content":"caf\\u00e9 – wörld \\ud83d\\ude00","role":"user", "x":[ ]} ] ,
        "temperature": 0.70 ,  "model"\t:\t"%s", "seed":12345678901234567890 }
      """;

  @Test
  void a_request_body_reaches_the_provider_unchanged() throws Exception {
    String body = ODD.formatted("gpt-4o-mini");
    // `local/…` names the target outright, so the model is all that may differ.
    world.post("/v1/chat/completions", body.replace("gpt-4o-mini", "local/gpt-4o-mini"));
    assertThat(world.provider().take().text()).isEqualTo(body);
  }

  @Test
  void only_the_model_differs_behind_an_alias() throws Exception {
    world.post("/v1/chat/completions", ODD.formatted("fast"));
    assertThat(world.provider().take().text()).isEqualTo(ODD.formatted("gpt-4o-mini"));
  }

  @Test
  void only_the_usage_option_is_injected_into_a_stream() throws Exception {
    String body = "{\"model\":\"local/m\",\"stream\":true,\"messages\":[],\"x\":1.10}";
    world.post("/v1/chat/completions", body);
    SeenRequest seen = world.provider().take();
    assertThat(seen.json().at("/stream_options/include_usage").asBoolean()).isTrue();
    String rest = seen.text().replaceFirst(",?\\s*\"stream_options\"\\s*:\\s*\\{[^}]*}\\s*", "");
    assertThat(rest).isEqualTo(body.replace("local/m", "m"));
  }

  @Test
  void the_callers_own_stream_options_stay() throws Exception {
    String body =
        "{\"model\":\"local/m\",\"stream\":true,\"messages\":[],"
            + "\"stream_options\":{ \"include_usage\" : true, \"x\":1.0}}";
    RawClient.Answer answer = world.post("/v1/chat/completions", body);
    assertThat(world.provider().take().text()).isEqualTo(body.replace("local/m", "m"));
    assertThat(answer.text()).contains(OpenAiAnswers.usageChunk());
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions, fast",
    "/v1/responses, fast",
    "/v1/embeddings, fast",
    "/v1/images/generations, fast",
    "/v1/messages, claude",
    "/v1/messages/count_tokens, claude"
  })
  void an_answer_comes_back_unchanged(String path, String model) throws Exception {
    String odd = "{ \"ünknown\" : [1.10,1e2] ,\r\n \"usage\":null }  \n";
    world
        .provider()
        .next(
            Answers.bytes(
                200,
                "application/json; charset=utf-8",
                odd.getBytes(StandardCharsets.UTF_8),
                "x-request-id: req_theirs",
                "set-cookie: a=b",
                "server: theirs"));
    RawClient.Answer answer =
        world.post(path, "{\"model\":\"%s\",\"input\":\"x\",\"prompt\":\"x\"}".formatted(model));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(odd);
    assertThat(answer.header("content-type")).isEqualTo("application/json; charset=utf-8");
    assertThat(answer.header("x-gatewright-upstream-request-id")).isEqualTo("req_theirs");
    assertThat(answer.header("x-request-id")).startsWith("req_").isNotEqualTo("req_theirs");
    assertThat(answer.header("set-cookie")).isNull();
    assertThat(answer.header("server")).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 1000})
  void a_stream_comes_back_unchanged_wherever_it_is_split(int step) throws Exception {
    String events =
        ": comment\r\n\r\n"
            + "event: odd\nid: 7\nretry: 10\ndata: {\"choices\":[],\"x\":\"ünï – 😀\"}\n\n"
            + OpenAiAnswers.delta("\\n\\ndata: no event")
            + "data:{\"no\":\"space\",\"choices\":[ { } ],\"usage\":null}\n\n"
            + OpenAiAnswers.finish();
    world
        .provider()
        .next(
            Answers.streamInSteps(events + OpenAiAnswers.usageChunk() + "data: [DONE]\n\n", step));
    RawClient.Answer answer =
        world.post("/v1/chat/completions", "{\"model\":\"fast\",\"stream\":true,\"messages\":[]}");
    // The one chunk that was only there because the gate had asked for it is gone.
    assertThat(answer.text()).isEqualTo(events + "data: [DONE]\n\n");
  }

  @Test
  void a_compressed_answer_stays_compressed_and_is_counted() throws Exception {
    byte[] packed = Answers.gzip(OpenAiAnswers.CHAT);
    world.provider().next(Answers.bytes(200, "application/json", packed, "content-encoding: gzip"));
    RawClient.Answer answer =
        world.post("/v1/chat/completions", "{\"model\":\"local/zipped\",\"messages\":[]}");
    assertThat(answer.header("content-encoding")).isEqualTo("gzip");
    assertThat(answer.body()).isEqualTo(packed);
    assertThat(world.admin().usage("by=model").toString())
        .contains("\"model\":\"local/zipped\"")
        .containsPattern("local/zipped\"[^}]*\"output_tokens\":7");
  }

  @Test
  void only_listed_headers_and_the_providers_credential_go_upstream() throws Exception {
    world.post(
        "/v1/chat/completions",
        "{\"model\":\"fast\",\"messages\":[]}",
        "User-Agent: odd/1.0",
        "OpenAI-Beta: assistants=v2",
        "Cookie: a=b",
        "X-Forwarded-For: 10.0.0.1",
        "X-Gatewright-Route: x",
        "X-Gatewright-Key: key_forged",
        "X-Gatewright-User: forged",
        "X-Gatewright-Organization: forged",
        "x-gatewright-scopes: forged",
        "X-Stainless-Lang: java",
        "Accept: application/json");
    SeenRequest seen = world.provider().take();
    List<String> names =
        seen.headers().stream().map(Header::name).map(n -> n.toLowerCase(Locale.ROOT)).toList();
    assertThat(names)
        .containsExactlyInAnyOrder(
            "host",
            "authorization",
            "content-type",
            "content-length",
            "accept",
            "accept-encoding",
            "user-agent",
            "openai-beta");
    assertThat(seen.header("authorization")).isEqualTo("Bearer upstream-secret");
    assertThat(seen.header("accept-encoding")).isEqualTo("identity");
    assertThat(seen.header("host")).isEqualTo("127.0.0.1:" + world.provider().port());
    assertThat(seen.header("user-agent")).isEqualTo("odd/1.0");
  }

  @Test
  void anthropic_gets_its_own_credential_header_and_version() throws Exception {
    world.post(
        "/v1/messages",
        "{\"model\":\"claude\",\"max_tokens\":5,\"messages\":[]}",
        "anthropic-version: 2023-06-01",
        "anthropic-beta: odd-1");
    SeenRequest seen = world.provider().take();
    assertThat(seen.header("x-api-key")).isEqualTo("upstream-secret");
    assertThat(seen.header("authorization")).isNull();
    assertThat(seen.header("anthropic-version")).isEqualTo("2023-06-01");
    assertThat(seen.header("anthropic-beta")).isEqualTo("odd-1");
  }
}
