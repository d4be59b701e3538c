package dev.gatewright.llm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.gatewright.edge.Refusal;
import dev.gatewright.json.RandomJson;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyPeekTest {
  private static final ObjectMapper JACKSON = new ObjectMapper();

  @Test
  void finds_model_stream_and_caps() {
    String body =
        "{\"max_tokens\":16,\"messages\":[{\"role\":\"user\",\"content\":\"model\"}],\"n\":2,"
            + "\"stream\":true,\"model\":\"gpt-4o\",\"tools\":[{\"type\":\"function\"}]}";
    PeekedBody peeked = peeked(body);
    assertThat(peeked.model()).isEqualTo("gpt-4o");
    assertThat(body.substring(peeked.modelStart(), peeked.modelEnd())).isEqualTo("\"gpt-4o\"");
    assertThat(peeked.stream()).isTrue();
    assertThat(peeked.outputTokensMax()).isEqualTo(16);
    assertThat(peeked.choices()).isEqualTo(2);
    assertThat(peeked.tools()).isTrue();
    assertThat(peeked.usageAsked()).isFalse();
    assertThat(peeked.providerState()).isNull();
    assertThat(peeked.inputTokensEstimate()).isEqualTo((body.length() + 3) / 4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"a\",\"model\":\"b\"}",
        "{\"model\":\"a\",\"\\u006dodel\":\"b\"}",
        "{\"model\":\"a\",\"MODEL\":\"b\"}",
        "{\"Model\":\"b\"}",
        "{\"model\":\"a\",\"\\u004dodel\":\"b\"}",
        "{\"model\":\"a\",\"\u017Ftream\":true}",
        "{\"model\":\"a\",\"max_to\u212Aens\":1}",
        "{\"model\":\"a\",\"stream\":true,\"stream\":false}",
        "{\"model\":\"a\",\"stream_options\":{\"Include_Usage\":true}}",
        "{\"model\":\"a\",\"stream_options\":{\"include_usage\":true,\"include_usage\":false}}",
        "{\"model\":\"a\",\"messages\":[{\"content\":[{\"file\":{\"FILE_ID\":\"f\"}}]}]}",
        "{\"model\":\"a\",\"messages\":[],\"messages\":[]}",
      })
  void refuses_a_name_we_act_on_twice_or_in_another_case(String body) {
    assertThat(refused(body).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "[]",
        "\"model\"",
        "17",
        "null",
        "{}",
        "{\"messages\":[]}",
        "{\"model\":null}",
        "{\"model\":17}",
        "{\"model\":\"\"}",
        "{\"model\":{\"a\":1}}",
        "{\"model\":\"a\",\"stream\":\"true\"}",
        "{\"model\":\"a\",\"stream\":1}",
        "{\"model\":\"a\",\"stream_options\":true}",
        "{\"model\":\"a\",\"stream_options\":{\"include_usage\":\"yes\"}}",
        "{\"model\":\"a\"} x",
        "{\"model\":\"a\",}",
      })
  void refuses_a_body_that_is_not_what_we_can_act_on(String body) {
    Refusal refusal = refused(body);
    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.type()).isEqualTo("invalid_request_error");
    assertThat(refusal.code()).isEqualTo("invalid_request");
  }

  @Test
  void refuses_a_depth_of_1000() {
    String body = "{\"model\":\"a\",\"x\":" + "[".repeat(1000) + "]".repeat(1000) + "}";
    assertThat(refused(body).message()).contains("nested deeper than 512");
  }

  @Test
  void refuses_a_model_name_longer_than_we_keep() {
    assertThat(refused("{\"model\":\"" + "m".repeat(2000) + "\"}").param()).isEqualTo("model");
  }

  @Test
  void names_once_in_nested_objects_are_others_affair() {
    assertThat(
            peeked("{\"model\":\"a\",\"metadata\":{\"MODEL\":1,\"model\":2,\"model\":3}}").model())
        .isEqualTo("a");
  }

  @Test
  void reads_a_model_name_written_with_escapes() {
    assertThat(peeked("{\"\\u006dodel\":\"g\\u0070t\\/4\"}").model()).isEqualTo("gpt/4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "previous_response_id | \"previous_response_id\":\"resp_1\"",
        "conversation | \"conversation\":{\"id\":\"c\"}",
        "conversation | \"conversation\":\"conv_1\"",
        "background | \"background\":true",
        "prompt.id | \"prompt\":{\"id\":\"pmpt_1\"}",
        "container | \"container\":\"c_1\"",
        "tools[].container | \"tools\":[{},{\"container\":\"c_1\"}]",
        "tools[].vector_store_ids | \"tools\":[{\"vector_store_ids\":[\"v\"]}]",
        "messages[].content[].file.file_id | \"messages\":[{\"content\":\"x\"},{\"content\":[{},{\"file\":{\"file_id\":\"f\"}}]}]",
        "messages[].content[].source.file_id | \"messages\":[{\"content\":[{\"source\":{\"type\":\"file\",\"file_id\":\"f\"}}]}]",
        "messages[].content[].source.file_id | \"messages\":[{\"content\":[{\"content\":[{\"source\":{\"file_id\":\"f\"}}]}]}]",
        "input[].content[].file_id | \"input\":[{\"content\":[{\"type\":\"input_file\",\"file_id\":\"f\"}]}]",
        "input[].output[].file_id | \"input\":[{\"type\":\"function_call_output\",\"output\":[{\"file_id\":\"f\"}]}]",
        "input[] of type item_reference | \"input\":[{\"role\":\"user\"},{\"type\":\"item_reference\",\"id\":\"msg_1\"}]",
        "input[] of type item_reference | \"input\":[{\"id\":\"msg_1\",\"type\":\"item_\\u0072eference\"}]",
        "input[] of type item_reference | \"input\":[{\"id\":\"msg_1\"}]",
      })
  void finds_state_kept_at_the_provider_by_its_path(String path, String field) {
    assertThat(peeked("{\"model\":\"a\"," + field + "}").providerState()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"previous_response_id\":null",
        "\"conversation\":null",
        "\"background\":false",
        "\"prompt\":\"a cat\"",
        "\"prompt\":{\"id\":null}",
        "\"metadata\":{\"previous_response_id\":\"x\",\"container\":\"c\"}",
        "\"tools\":[{\"container\":{\"type\":\"auto\"}}]",
        "\"tools\":[{\"parameters\":{\"vector_store_ids\":[\"v\"],\"container\":\"c\"}}]",
        "\"messages\":[{\"content\":[{\"input\":{\"file_id\":\"f\",\"source\":{\"file_id\":\"x\"}}}]}]",
        "\"messages\":[{\"content\":\"{\\\"file_id\\\":1}\",\"file_id\":\"f\"}]",
        "\"input\":\"item_reference\"",
        "\"input\":[\"item_reference\"]",
        "\"input\":[{\"role\":\"user\",\"id\":\"m\",\"content\":\"hi\"}]",
        "\"input\":[{\"type\":\"message\",\"id\":\"m\",\"content\":[{\"type\":\"output_text\"}]}]",
        "\"input\":[[1,2],[3]]",
      })
  void leaves_alone_what_only_looks_like_state(String field) {
    assertThat(peeked("{\"model\":\"a\"," + field + "}").providerState()).isNull();
  }

  @Test
  void agrees_with_a_tree_on_random_bodies() {
    long seed = new Random().nextLong();
    RandomJson random = new RandomJson(seed);
    int found = 0;
    for (int i = 0; i < 20_000; i++) {
      String rest = random.object(6).substring(1);
      String body = "{\"model\":\"m\"" + (rest.equals("}") ? "" : ",") + rest;
      if (!(look(body) instanceof PeekedBody peeked)) {
        continue;
      }
      found++;
      JsonNode tree = tree(body);
      assertThat(peeked.model())
          .as("seed %d: %s", seed, body)
          .isEqualTo(tree.get("model").asText());
      assertThat(peeked.stream()).isEqualTo(tree.path("stream").asBoolean());
      assertThat(peeked.usageAsked())
          .isEqualTo(tree.path("stream_options").path("include_usage").asBoolean());
      assertThat(peeked.providerState() != null)
          .as("seed %d: %s", seed, body)
          .isEqualTo(PeekOracle.namesState(tree));
    }
    assertThat(found).isGreaterThan(2_000);
  }

  private static JsonNode tree(String body) {
    try {
      return JACKSON.readTree(body);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  static Peek look(String body) {
    return BodyPeek.at(Unpooled.wrappedBuffer(body.getBytes(UTF_8)));
  }

  static PeekedBody peeked(String body) {
    return (PeekedBody) look(body);
  }

  private static Refusal refused(String body) {
    return ((Peek.Unreadable) look(body)).refusal();
  }

  /// The rules about state once more, written against a tree.
  private static final class PeekOracle {
    static boolean namesState(JsonNode body) {
      return body.hasNonNull("previous_response_id")
          || body.hasNonNull("conversation")
          || body.path("background").equals(BooleanNode.TRUE)
          || body.path("prompt").hasNonNull("id")
          || body.hasNonNull("container")
          || any(body.path("tools"), PeekOracle::tool)
          || any(body.path("messages"), m -> any(m.path("content"), PeekOracle::part))
          || any(body.path("input"), PeekOracle::item);
    }

    private static boolean tool(JsonNode tool) {
      return tool.path("container").isTextual() || tool.hasNonNull("vector_store_ids");
    }

    private static boolean part(JsonNode part) {
      return filed(part) || any(part.path("content"), PeekOracle::filed);
    }

    private static boolean filed(JsonNode part) {
      return part.path("file").hasNonNull("file_id") || part.path("source").hasNonNull("file_id");
    }

    private static boolean item(JsonNode item) {
      return any(item.path("content"), c -> c.hasNonNull("file_id"))
          || any(item.path("output"), c -> c.hasNonNull("file_id"))
          || item.path("type").asText("").equals("item_reference")
          || (!item.path("type").isTextual() && item.has("id") && !item.has("role"));
    }

    private static boolean any(JsonNode array, java.util.function.Predicate<JsonNode> what) {
      if (array.isArray()) {
        for (JsonNode element : array) {
          if (element.isObject() && what.test(element)) {
            return true;
          }
        }
      }
      return false;
    }
  }
}
