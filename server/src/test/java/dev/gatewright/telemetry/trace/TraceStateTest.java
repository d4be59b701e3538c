package dev.gatewright.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The cases of W3C's own harness, and its limits.
class TraceStateTest {
  private static String read(String... lines) {
    return TraceState.read(List.of(lines));
  }

  private static String members(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj("bar%1$02d=%1$02d"::formatted)
        .collect(Collectors.joining(","));
  }

  @Test
  void several_lines_are_one_list_in_their_order() {
    assertThat(read("foo=1,bar=2", "rojo=1,congo=2", "baz=3"))
        .isEqualTo("foo=1,bar=2,rojo=1,congo=2,baz=3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "foo=1 \t , \t bar=2, \t baz=3",
        "foo=1\t \t,\t \tbar=2,\t \tbaz=3",
        " foo=1,bar=2,,baz=3\t",
        ",foo=1,bar=2, \t ,baz=3,"
      })
  void space_around_members_and_empty_members_mean_nothing(String line) {
    assertThat(read(line)).isEqualTo("foo=1,bar=2,baz=3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "foo =1",
        "FOO=1",
        "foo.bar=1",
        "@foo=1,bar=2",
        "foo",
        "=1",
        "foo=",
        "foo=1=2",
        "foo=\u00e9",
        "foo=a\tb",
        "ok=1,foo="
      })
  void one_wrong_member_is_no_list(String line) {
    assertThat(read(line)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "foo@=1,bar=2",
        "foo@@bar=1,bar=2",
        "foo@bar@baz=1,bar=2",
        "0a=1",
        "foo=1,foo=2",
        "foo= !\"#$%&'()*+-./0123456789:;<>?@ABCXYZ[\\]^_`abcxyz{|}~"
      })
  void keys_and_values_may_be_so(String line) {
    assertThat(read(line)).isEqualTo(line);
  }

  @Test
  void members_are_32_at_most_and_none_is_longer_than_its_limit() {
    assertThat(read(members(1, 16), members(17, 32))).isEqualTo(members(1, 32));
    assertThat(read(members(1, 16), members(17, 33))).isEmpty();
    // Within its limits, and longer than 128 characters: no trouble while there is room.
    assertThat(read("z".repeat(256) + "=1")).hasSize(258);
    assertThat(read("z".repeat(257) + "=1")).isEmpty();
    assertThat(read("a=" + "v".repeat(256))).hasSize(258);
    assertThat(read("a=" + "v".repeat(257))).isEmpty();
  }

  @Test
  void beyond_512_characters_whole_members_go_the_long_ones_first() {
    String small = "s=" + "v".repeat(98);
    String large = "l=" + "v".repeat(150);
    String five = String.join(",", small, small, small, small, small);
    assertThat(read(five)).isEqualTo(five);
    assertThat(read(large + "," + five)).isEqualTo(five);
    assertThat(read(five + "," + small)).isEqualTo(five);
    assertThat(read(five + "," + small, "x=1")).isEqualTo(five);
  }

  @Test
  void nothing_is_nothing() {
    assertThat(read()).isEmpty();
    assertThat(read("")).isEmpty();
    assertThat(read("", "foo=1", "")).isEqualTo("foo=1");
  }
}
