package dev.gatewright.service.body;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.policy.Rule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonBodyTest {
  private static final Rule MODELS =
      new Rule(Rule.Effect.ALLOW, Rule.Type.MODELS, List.of("llama*"));

  @TempDir Path folder;

  @Test
  void reads_the_model_and_sends_the_body_as_it_came() throws Exception {
    try (BodyWorld world = new BodyWorld(folder, "preset: ollama")) {
      String body = "{ \"model\" : \"llama3\",\"x\":[1, 2.50],\"keep_alive\":\"10m\" }";

      BodyRule.Look.Ready ready = world.json("/api/chat", body, BodyWorld.caller()).ready();

      assertThat(ready.model()).isEqualTo("llama3");
      assertThat(world.send(ready.body()).bytes()).isEqualTo(body.getBytes(StandardCharsets.UTF_8));
      world.run(() -> {
        ready.body().release();
        ready.body().release();
        return true;
      });
      assertThat(world.budget.heldBytes()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/api/chat | {'model':'a'} | true",
        "/api/chat | {'model':'a','stream':false} | false",
        "/api/embed | {'model':'a','input':'x'} | false",
        "/v1/chat/completions | {'model':'a'} | false",
        "/v1/chat/completions | {'model':'a','stream':true} | true",
      })
  void knows_whether_a_stream_is_asked_for(String path, String body, boolean stream)
      throws Exception {
    try (BodyWorld world = new BodyWorld(folder, "preset: ollama")) {
      var ready = world.json(path, body.replace('\'', '"'), BodyWorld.caller()).ready();
      assertThat(ready.stream()).isEqualTo(stream);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/api/chat | {'keep_alive':-1} | keep_alive | -1",
        "/api/chat | {'keep_alive':'-1s'} | keep_alive | -1s",
        "/api/chat | {'keep_alive':'1h0m1s'} | keep_alive | 1h0m1s",
        "/api/chat | {'keep_alive':1e300} | keep_alive | 1e300",
        "/api/chat | {'keep_alive':'soon'} | keep_alive | soon",
        "/api/chat | {'keep_alive':{}} | keep_alive | an object",
        "/api/chat | {'options':{'num_ctx':32769}} | options.num_ctx | 32769",
        "/api/chat | {'options':{'num_ctx':'8'}} | options.num_ctx | 8",
        "/api/generate | {'options':{'num_predict':-1}} | options.num_predict | -1",
        "/api/generate | {'options':{'num_predict':32768.5}} | options.num_predict | 32768.5",
        "/v1/chat/completions | {'n':9} | n | 9",
        "/v1/chat/completions | {'max_tokens':1000000} | max_tokens | 1000000",
      })
  void refuses_what_is_beyond_a_bound_naming_field_value_and_bound(
      String path, String body, String field, String value) throws Exception {
    try (BodyWorld world = new BodyWorld(folder, "preset: ollama")) {
      String json = body.replace('\'', '"').replaceFirst("\\{", "{\"model\":\"a\",");

      var refusal = world.json(path, json, BodyWorld.caller()).refusal();

      assertThat(refusal.status()).isEqualTo(400);
      assertThat(refusal.param()).isEqualTo(field);
      assertThat(refusal.message()).startsWith(field + ": " + value + " (expected: ");
      assertThat(world.budget.heldBytes()).isZero();
      assertThat(world.json(path, json, BodyWorld.manager()).ready().model()).isEqualTo("a");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'override_settings':{'sd_model_checkpoint':'x'}} | override_settings",
        "{'script_name':'run'} | script_name",
        "{'alwayson_scripts':{'a':{}}} | alwayson_scripts",
        "{'save_images':true} | save_images",
        "{'width':4096} | width",
        "{'steps':-1} | steps",
        "{'n_iter':100} | n_iter",
        "{'init_images':['aGk=','http://169.254.169.254/']} | init_images[]",
        "{'init_images':['\\u0068ttp:\\/\\/x']} | init_images[]",
      })
  void keeps_a_picture_from_changing_the_backend(String body, String field) throws Exception {
    try (BodyWorld world = new BodyWorld(folder, "preset: a1111")) {
      var refusal =
          world.json("/sdapi/v1/img2img", body.replace('\'', '"'), BodyWorld.caller()).refusal();

      assertThat(refusal.param()).isEqualTo(field);
    }
  }

  @Test
  void lets_pass_what_asks_for_nothing_special() throws Exception {
    try (BodyWorld world = new BodyWorld(folder, "preset: a1111")) {
      String body =
          """
          {"prompt":"a cat","override_settings":{},"script_name":"","alwayson_scripts":{},
           "save_images":false,"width":512,"steps":20,"mask":null,
           "init_images":["data:image/png;base64,AAAA","%s"]}\
          """
              .formatted("QUJD\\/".repeat(10_000));

      assertThat(world.json("/sdapi/v1/img2img", body, BodyWorld.caller()).ready().model())
          .isNull();
    }
  }

  @Test
  void takes_bounds_from_the_configuration() throws Exception {
    String yaml = "preset: ollama, bounds: { keep-alive: 2h, num-ctx: 131072 }";
    try (BodyWorld world = new BodyWorld(folder, yaml)) {
      String good = "{\"model\":\"a\",\"keep_alive\":7200,\"options\":{\"num_ctx\":131072}}";

      assertThat(world.json("/api/chat", good, BodyWorld.caller()).ready().model()).isEqualTo("a");
      assertThat(
              world
                  .json("/api/chat", "{\"model\":\"a\",\"keep_alive\":7201}", BodyWorld.caller())
                  .refusal()
                  .message())
          .isEqualTo(
              "keep_alive: 7201 (expected: 0s to 2h; a key with the scope chat:manage is not bound)");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'model':'a','model':'b'}",
        "{'Model':'a','model':'b'}",
        "{'model':'a','options':{'num_ctx':1,'NUM_CTX':99999999}}",
        "{'model':'a','name':'b'}",
        "{'model':7}",
        "{'model':'a\\u000ab'}",
        "{'model':'a'} x",
        "[{'model':'a','options':{'num_ctx':99999999}}]",
        "'a'",
        "{'model':'a'",
      })
  void refuses_what_a_backend_might_read_differently(String body) throws Exception {
    try (BodyWorld world = new BodyWorld(folder, "preset: ollama")) {
      var refusal = world.json("/api/show", body.replace('\'', '"'), BodyWorld.caller()).refusal();

      assertThat(refusal.status()).isEqualTo(400);
      assertThat(world.budget.heldBytes()).isZero();
    }
  }

  @Test
  void reads_ollamas_other_names_for_the_model() throws Exception {
    try (BodyWorld world = new BodyWorld(folder, "preset: ollama")) {
      assertThat(world.json("/api/show", "{\"name\":\"b\"}", BodyWorld.caller()).ready().model())
          .isEqualTo("b");
      assertThat(
              world
                  .json(
                      "/api/copy", "{\"source\":\"c\",\"destination\":\"d\"}", BodyWorld.manager())
                  .ready()
                  .model())
          .isEqualTo("c");
    }
  }

  @Test
  void wants_a_model_from_a_key_with_rules_on_models() throws Exception {
    try (BodyWorld world = new BodyWorld(folder, "preset: llama-cpp")) {
      assertThat(
              world
                  .json("/completion", "{\"prompt\":\"x\"}", BodyWorld.caller(MODELS))
                  .refusal()
                  .message())
          .startsWith("model: missing");
      assertThat(
              world.json("/completion", "{\"prompt\":\"x\"}", BodyWorld.caller()).ready().model())
          .isNull();
    }
  }

  @Test
  void counts_the_characters_that_are_spoken() throws Exception {
    try (BodyWorld world = new BodyWorld(folder, "preset: kokoro")) {
      String body =
          "{\"input\":\"Gr\\u00fc\\u00dfe \\ud83d\\ude00 \uD83D\uDE00\\n\",\"voice\":\"x\"}";

      BodyRule.Look.Ready ready = world.json("/v1/audio/speech", body, BodyWorld.caller()).ready();

      var headers = new io.netty.handler.codec.http.DefaultHttpHeaders();
      headers.set("content-type", "audio/mpeg");
      var usage = ready.measure().open(200, headers).usage();
      assertThat(usage.unit()).isEqualTo(dev.gatewright.ledger.Outcome.Unit.CHARACTERS);
      assertThat(usage.quantity()).isEqualTo("Grüße 😀 😀\n".codePointCount(0, 12));
    }
  }

  @Test
  void holds_no_more_than_the_edges_limit() throws Exception {
    try (BodyWorld world = new BodyWorld(folder, "preset: ollama")) {
      assertThat(world.look("/api/chat", null, BodyWorld.caller()).exchange.bytesMax)
          .isEqualTo(256 * 1024);
    }
  }
}
