package dev.gatewright.llm.body;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.gatewright.edge.Refusal;
import dev.gatewright.json.RandomJson;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyPeekTest {
  private static final ObjectMapper JACKSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

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
        "container | \"tools\":[{},{\"container\":\"c_1\"}]",
        "tools[]…vector_store_ids | \"tools\":[{\"vector_store_ids\":[\"v\"]}]",
        "tools[]…file_ids | \"tools\":[{\"container\":{\"type\":\"auto\",\"file_ids\":[\"f\"]}}]",
        "tools[]…file_id | \"tools\":[{\"type\":\"image_generation\",\"input_image_mask\":{\"file_id\":\"f\"}}]",
        "messages[]…file_id | \"messages\":[{\"content\":\"x\"},{\"content\":[{},{\"file\":{\"file_id\":\"f\"}}]}]",
        "messages[]…file_id | \"messages\":[{\"content\":[{\"source\":{\"type\":\"file\",\"file_id\":\"f\"}}]}]",
        "messages[]…file_id | \"messages\":[{\"content\":[{\"content\":[{\"source\":{\"file_id\":\"f\"}}]}]}]",
        "messages[]…file_id | \"messages\":[{\"content\":[{\"type\":\"container_upload\",\"file_id\":\"f\"}]}]",
        "messages[]…file_id | \"messages\":[{\"content\":\"x\",\"file_id\":\"f\"}]",
        "messages[]…audio.id | \"messages\":[{\"role\":\"assistant\",\"audio\":{\"id\":\"audio_1\"}}]",
        "input[]…file_id | \"input\":[{\"content\":[{\"type\":\"input_file\",\"file_id\":\"f\"}]}]",
        "input[]…file_id | \"input\":[{\"type\":\"function_call_output\",\"output\":[{\"file_id\":\"f\"}]}]",
        "input[]…file_id | \"input\":[{\"type\":\"computer_call_output\",\"output\":{\"file_id\":\"f\"}}]",
        "input[]…container_id | \"input\":[{\"type\":\"code_interpreter_call\",\"role\":\"x\",\"container_id\":\"c\"}]",
        "input[] of type image_generation_call without its result | \"input\":[{\"type\":\"image_generation_call\",\"id\":\"ig_1\"}]",
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
        "\"messages\":[{\"content\":\"{\\\"file_id\\\":1}\",\"file_id\":null}]",
        "\"messages\":[{\"tool_calls\":[{\"function\":{\"arguments\":{\"file_id\":\"f\"}}}]}]",
        "\"tools\":[{\"type\":\"function\",\"function\":{\"parameters\":{\"properties\":{\"file_id\":{\"type\":\"string\"}}}}}]",
        "\"tools\":[{\"input_schema\":{\"file_id\":{}},\"input_examples\":[{\"file_id\":\"f\"}]}]",
        "\"tools\":[{\"container\":{\"type\":\"auto\",\"file_ids\":[]}}]",
        "\"input\":[{\"type\":\"image_generation_call\",\"id\":\"ig_1\",\"result\":\"aGk=\"}]",
        "\"text\":{\"format\":{\"schema\":{\"file_id\":{\"type\":\"string\"}}}}",
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
      if (tree == null) {
        continue;
      }
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

  /// Null where a name nobody acts on stands twice: a tree keeps one of them only.
  private static @Nullable JsonNode tree(String body) {
    try {
      return JACKSON.readTree(body);
    } catch (java.io.IOException e) {
      return null;
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

  @Test
  void counts_a_picture_as_a_picture_and_text_as_text() {
    String picture = "data:image/png;base64," + "iVBORw0KGgo".repeat(400_000);
    for (String part :
        List.of(
            "\"messages\":[{\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"%s\"}}]}]",
            "\"messages\":[{\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"data\":\"%s\"}}]}]",
            "\"messages\":[{\"content\":[{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"%s\"}}]}]",
            "\"messages\":[{\"content\":[{\"type\":\"file\",\"file\":{\"file_data\":\"%s\"}}]}]",
            "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":\"%s\"}]}]")) {
      String empty = "{\"model\":\"a\"," + part.formatted("") + "}";
      String body = "{\"model\":\"a\"," + part.formatted(picture) + "}";
      assertThat(peeked(body).inputTokensEstimate())
          .as(part)
          .isEqualTo((empty.length() + 3) / 4 + 1_000);
    }
    String words =
        "{\"model\":\"a\",\"messages\":[{\"content\":[{\"source\":{\"type\":\"text\",\"data\":\"%s\"}}]}]}"
            .formatted("two words ".repeat(1_000));
    assertThat(peeked(words).inputTokensEstimate()).isEqualTo((words.length() + 3) / 4);
  }

  /// The rules about state once more, written against a tree.
  private static final class PeekOracle {
    private static final Set<String> KEPT =
        Set.of(
            "file_id",
            "file_ids",
            "container_id",
            "vector_store_id",
            "vector_store_ids",
            "skill_id");
    private static final Set<String> OWN =
        Set.of(
            "schema",
            "parameters",
            "properties",
            "input_schema",
            "output_schema",
            "json_schema",
            "input_examples",
            "input",
            "arguments",
            "metadata",
            "env");

    static boolean namesState(JsonNode body) {
      return said(body.path("previous_response_id"))
          || said(body.path("conversation"))
          || body.path("background").equals(BooleanNode.TRUE)
          || said(body.path("prompt").path("id"))
          || said(body.path("container"))
          || deep(body.path("tools"), false, true)
          || deep(body.path("messages"), true, true)
          || deep(body.path("input"), true, true)
          || items(body.path("input"));
    }

    private static boolean said(JsonNode value) {
      return value.isContainerNode()
          ? !value.isEmpty()
          : !value.isMissingNode()
              && !value.isNull()
              && !(value.isTextual() && value.asText().isEmpty());
    }

    /// @param special members that are looked into by name are known here
    private static boolean deep(JsonNode at, boolean attachments, boolean special) {
      if (at.isArray()) {
        for (JsonNode element : at) {
          if (deep(element, attachments, special)) {
            return true;
          }
        }
        return false;
      }
      for (var member : at.properties()) {
        if (state(member.getKey(), member.getValue(), attachments, special)) {
          return true;
        }
      }
      return false;
    }

    private static boolean state(
        String name, JsonNode value, boolean attachments, boolean special) {
      if (KEPT.contains(name)) {
        return said(value);
      }
      if (OWN.contains(name)) {
        return false;
      }
      boolean container = special && name.equals("container");
      boolean source = special && attachments && name.equals("source");
      return (container && value.isTextual() && !value.asText().isEmpty())
          || deep(value, attachments, special && !container && !source);
    }

    private static boolean items(JsonNode input) {
      if (input.isArray()) {
        for (JsonNode item : input) {
          String type = item.path("type").isTextual() ? item.path("type").asText() : null;
          boolean reference =
              "item_reference".equals(type)
                  || (type == null && item.has("id") && !item.has("role"));
          boolean picture =
              "image_generation_call".equals(type) && item.has("id") && !item.hasNonNull("result");
          if (item.isObject() && (reference || picture)) {
            return true;
          }
        }
      }
      return false;
    }
  }
}
