package dev.gatewright.json;

import static dev.gatewright.json.JsonShape.anywhere;
import static dev.gatewright.json.JsonShape.array;
import static dev.gatewright.json.JsonShape.member;
import static dev.gatewright.json.JsonShape.object;
import static dev.gatewright.json.JsonShape.place;
import static dev.gatewright.json.JsonShape.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Walking along answers: what nobody watches is passed over, what servers write beside the
/// standard is taken.
class AnswerWalkerTest {
  private static final JsonShape USAGE =
      object(member("usage", object(member("n", text(1)))), member("list", array(place(2))));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"usage\":{\"n\":7},\"x\":[{\"a\":\"]}\\\"\"},{}],\"y\":1}",
        "{\"x\":[NaN,-Infinity,Infinity,True,None,undefined],\"usage\":{\"n\":7}}",
        "{\"x\":NaN,\"y\":-NaN,\"z\":1.,\"usage\":{\"n\":7},\"e\":nul}",
        "{\"x\":\"raw \u0001 \n control\",\"usage\":{\"n\":7}}",
        "{\"x\":\"bad \\q \\u12\",\"usage\":{\"n\":7}}",
        "{\"\\u0075sage\":{\"n\":7}}",
        "{\"ÿ\":1,\"usage\":{\"n\":\"7\"}}"
      })
  void reads_on_behind_what_the_standard_does_not_know(String json) {
    for (var charset : List.of(UTF_8, ISO_8859_1)) {
      byte[] bytes = json.getBytes(charset);
      for (int cut = 0; cut <= bytes.length; cut++) {
        long[] found = {-1};
        JsonWalker walker =
            JsonWalker.ofAnswer(
                USAGE,
                (mark, at) -> {
                  if (mark == 1) {
                    found[0] = at.number();
                  }
                });
        assertThat(walker.feed(bytes, 0, cut) && walker.feed(bytes, cut, bytes.length)).isTrue();
        assertThat(walker.finish()).isTrue();
        assertThat(found[0]).as("%s cut at %d", json, cut).isEqualTo(7);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\"}", "{\"usage\":{\"n\":7}", "{\"usage\":[}", "<html>", "{a:1}"})
  void does_not_take_a_broken_structure(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    JsonWalker walker = JsonWalker.ofAnswer(USAGE, (_, _) -> {});
    assertThat(walker.feed(bytes, 0, bytes.length) && walker.finish()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "100, 100",
    "100.0, 100",
    "1e2, 100",
    "1.5E+1, 15",
    "1200e-2, 12",
    "0.0, 0",
    "0e99999999, -1",
    "'\"100\"', 100",
    "'\"1e2\"', 100",
    "-1, -1",
    "1.5, -1",
    "12345678901234567890, -1",
    "1e30, -1",
    "'\"many\"', -1",
    "'\"\"', -1",
    "null, -1",
    "true, -1"
  })
  void reads_whole_numbers_however_they_are_written(String json, long value) {
    byte[] bytes = ("{\"usage\":{\"n\":" + json + "}}").getBytes(UTF_8);
    long[] found = {-2};
    JsonWalker.ofAnswer(USAGE, (_, at) -> found[0] = at.number()).feed(bytes, 0, bytes.length);
    assertThat(found[0]).isEqualTo(value);
  }

  @Test
  void tells_a_marked_value_it_does_not_look_into_with_its_place() {
    byte[] bytes = "{\"list\":[ {\"a\":[1]}, \"b\", {} ]}".getBytes(UTF_8);
    List<String> heard = new ArrayList<>();
    JsonWalker.ofAnswer(
            USAGE,
            new JsonListener() {
              @Override
              public void value(int mark, JsonWalker at) {
                heard.add(at.kind() + "@" + at.start());
              }

              @Override
              public void closed(int mark, JsonWalker at) {
                heard.add("closed@" + at.end() + (at.empty() ? " empty" : ""));
              }
            })
        .feed(bytes, 0, bytes.length);
    assertThat(heard)
        .containsExactly("OBJECT@10", "closed@19", "STRING@21", "OBJECT@26", "closed@28 empty");
  }

  @Test
  void finds_a_name_at_any_depth_but_below_what_is_excepted() {
    JsonShape shape = anywhere(member("id", place(1)), member("schema", object()));
    int[] found = {0};
    String deep = "{\"x\":[".repeat(100) + "{\"id\":1}" + "]}".repeat(100);
    String json =
        "{\"a\":%s,\"schema\":{\"id\":1,\"b\":{\"id\":2}},\"list\":[[{\"id\":null}]]}"
            .formatted(deep);
    byte[] bytes = json.getBytes(UTF_8);
    JsonWalker strict = new JsonWalker(shape, (_, _) -> found[0]++, true);
    assertThat(strict.feed(bytes, 0, bytes.length) && strict.finish()).isTrue();
    assertThat(found[0]).isEqualTo(2);
  }

  @Test
  void comes_to_the_same_end_as_the_strict_walker_on_good_json() {
    long seed = new Random().nextLong();
    RandomJson random = new RandomJson(seed);
    for (int i = 0; i < 5_000; i++) {
      String json = random.object(5);
      byte[] bytes = json.getBytes(UTF_8);
      int cut = i % (bytes.length + 1);
      JsonWalker walker = JsonWalker.ofAnswer(USAGE, (_, _) -> {});
      boolean whole =
          walker.feed(bytes, 0, cut) && walker.feed(bytes, cut, bytes.length) && walker.finish();
      assertThat(whole).as("seed %d: %s", seed, json).isTrue();
    }
  }
}
