package dev.gatewright.llm.simulator.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.gatewright.llm.simulator.schema.SchemaInstance.Made;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Instances are judged by a validator that is not ours.
class SchemaInstanceTest {
  private static final JsonSchemaFactory VALIDATORS =
      JsonSchemaFactory.getInstance(VersionFlag.V202012);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "true",
        "{\"type\":\"object\"}",
        "{\"type\":\"string\"}",
        "{\"type\":\"string\",\"minLength\":20}",
        "{\"type\":\"string\",\"maxLength\":2}",
        "{\"type\":\"string\",\"minLength\":3,\"maxLength\":3}",
        "{\"type\":\"string\",\"format\":\"date-time\"}",
        "{\"type\":\"string\",\"format\":\"date\"}",
        "{\"type\":\"string\",\"format\":\"time\"}",
        "{\"type\":\"string\",\"format\":\"duration\"}",
        "{\"type\":\"string\",\"format\":\"email\"}",
        "{\"type\":\"string\",\"format\":\"hostname\"}",
        "{\"type\":\"string\",\"format\":\"ipv4\"}",
        "{\"type\":\"string\",\"format\":\"ipv6\"}",
        "{\"type\":\"string\",\"format\":\"uuid\"}",
        "{\"type\":\"string\",\"format\":\"uri\"}",
        "{\"type\":\"string\",\"pattern\":\"^[a-z]{3}-\\\\d+$\"}",
        "{\"type\":\"string\",\"pattern\":\"^(foo|bar)?[^a0]x*\\\\.(?:png|jpg)$\"}",
        "{\"type\":\"string\",\"pattern\":\"^\\\\+[1-9]\\\\d{6,14}$\"}",
        "{\"type\":\"string\",\"pattern\":\"^[A-Z]+$\",\"minLength\":8,\"maxLength\":9}",
        "{\"type\":\"string\",\"pattern\":\"^#?([a-fA-F0-9]{6}|[a-fA-F0-9]{3})$\"}",
        "{\"type\":\"integer\"}",
        "{\"type\":\"integer\",\"minimum\":17}",
        "{\"type\":\"integer\",\"maximum\":-17}",
        "{\"type\":\"integer\",\"exclusiveMinimum\":3,\"exclusiveMaximum\":5}",
        "{\"type\":\"integer\",\"multipleOf\":7,\"minimum\":100,\"maximum\":110}",
        "{\"type\":\"integer\",\"minimum\":1e40}",
        "{\"type\":\"number\",\"minimum\":0.25,\"maximum\":0.5}",
        "{\"type\":\"number\",\"exclusiveMinimum\":0,\"exclusiveMaximum\":0.001}",
        "{\"type\":\"number\",\"multipleOf\":0.5,\"minimum\":7.3}",
        "{\"type\":\"boolean\"}",
        "{\"type\":\"null\"}",
        "{\"type\":[\"string\",\"null\"]}",
        "{\"type\":[\"null\",\"integer\"],\"enum\":[null,3]}",
        "{\"const\":{\"a\":[1,2]}}",
        "{\"enum\":[\"red\",\"green\",7,null]}",
        "{\"enum\":[1,\"x\"],\"type\":\"string\"}",
        "{\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"]}",
        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{}},"
            + "\"required\":[\"a\",\"b\"],\"additionalProperties\":false}",
        "{\"type\":\"object\",\"minProperties\":2,\"additionalProperties\":{\"type\":\"integer\"}}",
        "{\"type\":\"object\",\"minProperties\":1,\"properties\":{\"z\":{\"const\":1}},"
            + "\"additionalProperties\":false}",
        "{\"type\":\"object\",\"required\":[\"x\"],\"additionalProperties\":{\"type\":\"boolean\"}}",
        "{\"type\":\"object\",\"required\":[\"a\"],\"dependentRequired\":{\"a\":[\"b\"]}}",
        "{\"type\":\"array\"}",
        "{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"minItems\":3}",
        "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"minItems\":5,\"uniqueItems\":true}",
        "{\"type\":\"array\",\"items\":{\"enum\":[1,2,3]},\"minItems\":3,\"uniqueItems\":true}",
        "{\"type\":\"array\",\"prefixItems\":[{\"const\":1},{\"type\":\"string\"}],\"minItems\":3}",
        "{\"type\":\"array\",\"contains\":{\"const\":5}}",
        "{\"type\":\"array\",\"contains\":{\"const\":5},\"minContains\":2,\"minItems\":3}",
        "{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"null\"}]}",
        "{\"anyOf\":[false,{\"type\":\"integer\"}]}",
        "{\"type\":\"object\",\"properties\":{\"a\":{},\"b\":{}},"
            + "\"anyOf\":[{\"required\":[\"a\"]},{\"required\":[\"b\"]}]}",
        "{\"oneOf\":[{\"type\":\"object\",\"properties\":{\"t\":{\"const\":\"x\"}},"
            + "\"required\":[\"t\"]},{\"type\":\"object\",\"properties\":{\"t\":{\"const\":\"y\"}},"
            + "\"required\":[\"t\"]}]}",
        "{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"number\"}]}",
        "{\"oneOf\":[{\"type\":\"number\",\"multipleOf\":5},{\"type\":\"number\",\"multipleOf\":3}]}",
        "{\"allOf\":[{\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"]},"
            + "{\"properties\":{\"b\":{\"type\":\"integer\"}},\"required\":[\"b\"]}]}",
        "{\"allOf\":[{\"minimum\":3},{\"maximum\":4}],\"type\":\"integer\"}",
        "{\"not\":{\"type\":\"object\"}}",
        "{\"type\":\"integer\",\"not\":{\"minimum\":0}}",
        "{\"type\":\"object\",\"properties\":{\"k\":{\"enum\":[\"a\"]},\"v\":{\"type\":\"integer\"}},"
            + "\"required\":[\"k\"],\"if\":{\"properties\":{\"k\":{\"const\":\"a\"}}},"
            + "\"then\":{\"required\":[\"v\"]}}",
        "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":\"integer\",\"minimum\":9}}}",
        "{\"$defs\":{\"node\":{\"type\":\"object\",\"properties\":{\"v\":{\"type\":\"integer\"},"
            + "\"next\":{\"anyOf\":[{\"$ref\":\"#/$defs/node\"},{\"type\":\"null\"}]}},"
            + "\"required\":[\"v\",\"next\"]}},\"$ref\":\"#/$defs/node\"}",
        "{\"type\":\"object\",\"properties\":{\"children\":{\"type\":\"array\","
            + "\"items\":{\"$ref\":\"#\"}}},\"required\":[\"children\"]}",
        "{\"definitions\":{\"a b\":{\"const\":1}},\"$ref\":\"#/definitions/a%20b\"}",
        "{\"type\":\"object\",\"properties\":{\"steps\":{\"type\":\"array\",\"minItems\":2,\"items\":"
            + "{\"$ref\":\"#/$defs/step\"}}},\"required\":[\"steps\"],\"$defs\":{\"step\":{\"type\":"
            + "\"object\",\"required\":[\"sub\"],\"properties\":{\"sub\":{\"oneOf\":[{\"$ref\":"
            + "\"#/$defs/step\"},{\"type\":\"string\",\"format\":\"uuid\"}]}}}}}",
      })
  void instances_fit_their_schema(String schema) {
    JsonSchema validator = VALIDATORS.getSchema(schema);
    for (long seed = 0; seed < 40; seed++) {
      long mixed = (seed * 0x9e3779b97f4a7c15L) & Long.MAX_VALUE;
      String made = made(schema, mixed, "");
      assertThat(
              validator.validate(
                  made,
                  InputFormat.JSON,
                  execution -> execution.getExecutionConfig().setFormatAssertionsEnabled(true)))
          .describedAs("%s of %s, seed %d", made, schema, mixed)
          .isEmpty();
    }
  }

  @Test
  void instances_are_small_and_depend_on_the_seed() {
    String schema =
        "{\"type\":\"object\",\"properties\":{\"a\":{\"enum\":[\"x\",\"y\",\"z\"]},"
            + "\"b\":{\"type\":\"string\"}},\"required\":[\"a\"]}";
    assertThat(made(schema, 1, "")).isEqualTo(made(schema, 1, "")).doesNotContain("\"b\"");
    assertThat(
            java.util.stream.LongStream.range(0, 20).mapToObj(i -> made(schema, i, "")).distinct())
        .hasSize(3);
  }

  @Test
  void a_wish_that_fits_is_granted_and_any_other_is_not() {
    String schema =
        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"]}";
    assertThat(made(schema, 1, " {\"a\": 41, \"more\": true} "))
        .isEqualTo("{\"a\": 41, \"more\": true}");
    assertThat(made(schema, 1, "{\"a\":\"x\"}")).doesNotContain("x");
    assertThat(made(schema, 1, "{\"a\":")).startsWith("{\"a\":");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "false",
        "{\"type\":\"integer\",\"minimum\":5,\"maximum\":4}",
        "{\"type\":\"string\",\"minLength\":1000000000}",
        "{\"type\":\"array\",\"minItems\":1000000000}",
        "{\"type\":\"object\",\"minProperties\":1000000000}",
        "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"$ref\":\"#\"}}}",
        "{\"$ref\":\"https://example.com/schema\"}",
        "{\"$ref\":\"#/nowhere\"}",
        "{\"type\":\"string\",\"pattern\":\"^(a{50000}){50000}$\"}",
        "{\"type\":\"array\",\"minItems\":9000,\"items\":{\"type\":\"array\",\"minItems\":9000}}",
        "{\"a\":{\"const\":1}",
        "{\"minimum\":1"
            + "000000000000000000000000000000000000000000000000000000000000000000000000"
            + "00000000000000000000000000000000000000000000000000000000000000000000000000000000000"
            + "00000000000000000000000000000000000000000000000000000000000000000000000000000000000"
            + "00000000000000000000000000000000000000000000000000000000000000000000000000000000000"
            + "000000000000000000000000000000000000000000000000000000000000000000000000000000000}",
      })
  void what_has_no_small_instance_is_refused_with_a_reason(String schema) {
    refusedSoon(schema);
  }

  /// Each doubles what the one before asks for.
  @Test
  void schemas_that_grow_exponentially_are_refused_in_bounded_time() {
    StringBuilder schema = new StringBuilder("{\"$ref\":\"#/$defs/a0\",\"$defs\":{");
    for (int i = 0; i < 60; i++) {
      schema.append(
          "\"a%d\":{\"type\":\"array\",\"minItems\":2,\"items\":{\"$ref\":\"#/$defs/a%d\"}},"
              .formatted(i, i + 1));
    }
    schema.append("\"a60\":{\"oneOf\":[");
    schema.append("{\"type\":\"string\"},".repeat(100)).append("{\"type\":\"string\"}]}}}");
    refusedSoon(schema.toString());
  }

  @Test
  void schemas_of_very_many_choices_are_refused_and_not_a_stack_overflow() {
    String choice = "{\"anyOf\":[{\"type\":\"string\"}]},";
    refusedSoon("{\"allOf\":[" + choice.repeat(3_000) + "{}]}");
  }

  private static void refusedSoon(String schema) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () ->
            assertThat(SchemaInstance.of(schema.getBytes(UTF_8), 3, ""))
                .isInstanceOf(Made.Refused.class));
  }

  private static String made(String schema, long seed, String wish) {
    Made made = SchemaInstance.of(schema.getBytes(UTF_8), seed, wish);
    assertThat(made).describedAs(schema).isInstanceOf(Made.Json.class);
    return ((Made.Json) made).text();
  }
}
