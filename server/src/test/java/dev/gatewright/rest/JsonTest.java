package dev.gatewright.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatewright.edge.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
  record Thing(
      @Nullable String name,
      @Nullable Integer count,
      @Nullable Boolean open,
      @Nullable List<String> tags,
      @Nullable Thing inner) {}

  private static Refusal refused(byte[] body) {
    Problem problem = catchThrowableOfType(Problem.class, () -> Json.read(body, Thing.class));
    assertThat(problem).as(new String(body, UTF_8)).isNotNull();
    return problem.refusal();
  }

  private static String fault(String body) {
    Refusal refusal = refused(body.getBytes(UTF_8));
    String param = String.valueOf(refusal.param());
    return refusal.status() + " " + (param.isEmpty() ? "(all)" : param);
  }

  @Test
  void reads_what_fits() {
    Thing thing =
        Json.read(
            "{\"name\":\"\\ud83d\\ude00 ж\",\"count\":3,\"open\":true,\"inner\":{\"tags\":[\"a\"]}}"
                .getBytes(UTF_8),
            Thing.class);
    assertThat(thing.name()).isEqualTo("😀 ж");
    assertThat(fault("{\"\\u0000\":1}")).isEqualTo("422 /\0");
    assertThat(thing.inner()).isEqualTo(new Thing(null, null, null, List.of("a"), null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{                                  | 400 null",
        "{} {}                              | 400 null",
        "{\"name\":NaN}                     | 400 null",
        "{\"name\":1,\"name\":2}            | 400 null",
        "{'name':1}                         | 400 null",
        "null                               | 422 (all)",
        "7                                  | 422 (all)",
        "[]                                 | 422 (all)",
        "{\"name\":1e9999}                  | 422 /name",
        "{\"count\":-1e9999}                | 422 /count",
        "{\"name\":5}                       | 422 /name",
        "{\"name\":true}                    | 422 /name",
        "{\"name\":[\"a\"]}                 | 422 /name",
        "{\"name\":{}}                      | 422 /name",
        "{\"count\":\"5\"}                  | 422 /count",
        "{\"count\":\"\"}                   | 422 /count",
        "{\"count\":5.5}                    | 422 /count",
        "{\"count\":99999999999999}         | 422 /count",
        "{\"open\":\"true\"}                | 422 /open",
        "{\"open\":1}                       | 422 /open",
        "{\"tags\":\"a\"}                   | 422 /tags",
        "{\"inner\":{\"tags\":[\"a\",1]}}   | 422 /inner/tags/1",
        "{\"a/b~c\":1}                      | 422 /a~1b~0c",
        "{\"name\":\"\\u0000\"}             | 422 /name",
        "{\"name\":\"\\ud800\"}             | 422 /name",
        "{\"name\":\"\\udc00\\ud800\"}      | 422 /name",
        "{\"tags\":[\"a\",\"\\ud800a\"]}    | 422 /tags/1",
      })
  void says_what_is_wrong_and_where(String body, String expected) {
    assertThat(fault(body)).isEqualTo(expected);
  }

  @Test
  void refuses_bytes_that_are_not_utf_8() {
    for (String bytes : List.of("\u00ff", "\u00c3", "\u00ed\u00a0\u0080", "\u00c0\u0080")) {
      Refusal refusal = refused(("{\"name\":\"" + bytes + "\"}").getBytes(ISO_8859_1));
      assertThat(refusal.status()).isEqualTo(400);
      assertThat(refusal.message()).contains("UTF-8");
    }
  }

  @Test
  void bounds_depth_numbers_names_and_values() {
    assertThat(fault("[".repeat(200_000))).isEqualTo("422 (all)");
    assertThat(fault("{\"inner\":".repeat(100_000))).isEqualTo("422 (all)");
    assertThat(fault("{\"count\":" + "9".repeat(500_000) + "}")).isEqualTo("422 (all)");
    assertThat(fault("{\"" + "n".repeat(100_000) + "\":1}")).isEqualTo("422 (all)");
    StringBuilder names = new StringBuilder("{\"x\":0");
    for (int i = 0; i < 100_000; i++) {
      names.append(",\"ж").append(i).append("\":0");
    }
    assertThat(fault(names + "}")).isEqualTo("422 (all)");
    assertThat(fault("{\"tags\":[{}" + ",{}".repeat(300_000) + "]}")).isEqualTo("422 (all)");
  }

  @Test
  void says_no_briefly() {
    Refusal refusal = refused(("{\"" + "x".repeat(1_000) + "\":1}").getBytes(UTF_8));
    assertThat(refusal.param()).hasSize(201);
    assertThat(refusal.message()).hasSizeLessThan(400).contains("expected: one of count, inner");
    assertThat(refused(("\"" + "x".repeat(900_000) + "\"").getBytes(UTF_8)).message())
        .isEqualTo("wrong type (expected: an object)");
  }
}
