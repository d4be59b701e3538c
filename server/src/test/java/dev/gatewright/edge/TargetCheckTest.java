package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.head.Rejection;
import dev.gatewright.edge.head.TargetCheck;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetCheckTest {
  private final TargetCheck targets = new TargetCheck(List.of("/v1/models/"));

  @ParameterizedTest
  @MethodSource("refused")
  void refuses_what_two_readers_could_read_differently(Rejection rejection, String target) {
    byte[] bytes = Wire.bytes(target);
    assertThat(targets.check(bytes, 0, bytes.length)).isEqualTo(rejection);
  }

  @Test
  void a_target_from_a_header_is_held_to_the_same_rules() {
    assertThat(TargetCheck.objection("/chat/api/tags?a=%2F")).isNull();
    assertThat(TargetCheck.objection("")).isEqualTo("target_form");
    assertThat(TargetCheck.objection("https://gate/chat")).isEqualTo("target_form");
    assertThat(TargetCheck.objection("/chat/api/../x")).isEqualTo("path_dots");
    assertThat(TargetCheck.objection("/v1/models/a%2Fb")).isEqualTo("path_encoded");
    assertThat(TargetCheck.objection("/chat;x")).isEqualTo("path_parameter");
    assertThat(TargetCheck.objection("//chat/api/tags")).isEqualTo("path_empty_segment");
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(Rejection.TARGET_FORM, "http://gate/a"),
        Arguments.of(Rejection.TARGET_FORM, "gate:443"),
        Arguments.of(Rejection.TARGET_FORM, "*"),
        Arguments.of(Rejection.TARGET_FORM, "a"),
        Arguments.of(Rejection.TARGET_FORM, "?a"),
        Arguments.of(Rejection.PATH_EMPTY_SEGMENT, "//a"),
        Arguments.of(Rejection.PATH_EMPTY_SEGMENT, "/a//b"),
        Arguments.of(Rejection.PATH_EMPTY_SEGMENT, "/a//"),
        Arguments.of(Rejection.PATH_DOTS, "/."),
        Arguments.of(Rejection.PATH_DOTS, "/.."),
        Arguments.of(Rejection.PATH_DOTS, "/a/./b"),
        Arguments.of(Rejection.PATH_DOTS, "/a/../b"),
        Arguments.of(Rejection.PATH_DOTS, "/a/.."),
        Arguments.of(Rejection.PATH_DOTS, "/a/..?b"),
        Arguments.of(Rejection.PATH_DOTS, "/v1/models/..%2Fx"),
        Arguments.of(Rejection.PATH_DOTS, "/v1/models/a%2f.."),
        Arguments.of(Rejection.PATH_EMPTY_SEGMENT, "/v1/models/a%2F%2fb"),
        Arguments.of(Rejection.PATH_ENCODED, "/v1/models/%2Fb"),
        Arguments.of(Rejection.PATH_ENCODED, "/dl/..%3b/secret"),
        Arguments.of(Rejection.PATH_ENCODED, "/a%3Bb"),
        Arguments.of(Rejection.PATH_ENCODED, "/a%2Fb"),
        Arguments.of(Rejection.PATH_ENCODED, "/a%2fb"),
        Arguments.of(Rejection.PATH_ENCODED, "/v1/models%2Fa"),
        Arguments.of(Rejection.PATH_ENCODED, "/v1%2Fmodels/a"),
        Arguments.of(Rejection.PATH_ENCODED, "/a%5Cb"),
        Arguments.of(Rejection.PATH_ENCODED, "/a%5cb"),
        Arguments.of(Rejection.PATH_ENCODED, "/%2e"),
        Arguments.of(Rejection.PATH_ENCODED, "/a%2E%2e/b"),
        Arguments.of(Rejection.PATH_ENCODED, "/a%00"),
        Arguments.of(Rejection.PATH_ENCODED, "/a%0d%0aHost:x"),
        Arguments.of(Rejection.PATH_ENCODED, "/a%7f"),
        Arguments.of(Rejection.PATH_UTF8, "/a%c0%ae"),
        Arguments.of(Rejection.PATH_UTF8, "/a%C0%AF"),
        Arguments.of(Rejection.PATH_UTF8, "/a%e0%80%af"),
        Arguments.of(Rejection.PATH_UTF8, "/a%ff"),
        Arguments.of(Rejection.PATH_UTF8, "/a%ed%a0%80"),
        Arguments.of(Rejection.TARGET_ENCODING, "/a%"),
        Arguments.of(Rejection.TARGET_ENCODING, "/a%4"),
        Arguments.of(Rejection.TARGET_ENCODING, "/a%zz"),
        Arguments.of(Rejection.TARGET_ENCODING, "/a%4?1"),
        Arguments.of(Rejection.TARGET_ENCODING, "/a?b=%"),
        Arguments.of(Rejection.TARGET_ENCODING, "/a?b=%u0041"),
        Arguments.of(Rejection.PATH_PARAMETER, "/a;b=c"),
        Arguments.of(Rejection.PATH_PARAMETER, "/a/..;/b"),
        Arguments.of(Rejection.PATH_BACKSLASH, "/a\\b"),
        Arguments.of(Rejection.FRAGMENT, "/a#b"),
        Arguments.of(Rejection.FRAGMENT, "/a?b#c"),
        Arguments.of(Rejection.TARGET_BYTE, "/a b"),
        Arguments.of(Rejection.TARGET_BYTE, "/a\tb"),
        Arguments.of(Rejection.TARGET_BYTE, "/a\u0000"),
        Arguments.of(Rejection.TARGET_BYTE, "/a\u00e4"),
        Arguments.of(Rejection.TARGET_BYTE, "/a?b=\u00e4"),
        Arguments.of(Rejection.TARGET_BYTE, "/a?b c"),
        Arguments.of(Rejection.TARGET_BYTE, "/a?b\u007f"),
        Arguments.of(Rejection.TARGET_BYTE, "/a\"b"),
        Arguments.of(Rejection.TARGET_BYTE, "/a<b>"),
        Arguments.of(Rejection.TARGET_BYTE, "/a[b]"),
        Arguments.of(Rejection.TARGET_BYTE, "/a{b}"),
        Arguments.of(Rejection.TARGET_BYTE, "/a|b"));
  }

  @Test
  void what_passes_of_20_000_mutations_has_one_reading() {
    long seed = new SecureRandom().nextLong();
    Random random = new Random(seed);
    String[] scraps = {"/", ".", "..", "%2f", "%2F", "%2e", "%5c", "%25", "%c0%af", ";", "\\", "a"};
    int passed = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder target = new StringBuilder("/tts/api/v1/voices/x");
      for (int count = 1 + random.nextInt(4); count > 0; count--) {
        String scrap = scraps[random.nextInt(scraps.length)];
        target.insert(random.nextInt(target.length() + 1), scrap);
      }
      byte[] bytes = Wire.bytes(target.toString());
      if (targets.check(bytes, 0, bytes.length) == null) {
        passed++;
        String raw = target.toString();
        String decoded = URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        assertThat(Path.of(raw).normalize().toString())
            .as("seed %d", seed)
            .isEqualTo(raw.length() > 1 && raw.endsWith("/") ? raw.replaceAll("/$", "") : raw);
        assertThat(decoded.chars().filter(c -> c == '/').count())
            .as("seed %d: %s", seed, raw)
            .isEqualTo(raw.chars().filter(c -> c == '/').count());
        assertThat(decoded).as("seed %d", seed).doesNotContain("\\", ";", "\0", "\ufffd");
      }
    }
    assertThat(passed).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/?",
        "/a",
        "/a/",
        "/a/b.c/..d/e..",
        "/.well-known/x",
        "/...",
        "/a?b=c/../d//e;f\\g",
        "/a?b=%2F%2e%00",
        "/a%20b",
        "/a%C3%A4",
        "/a%252e",
        "/v1/models/meta%2Fllama-3.1",
        "/v1/models/meta/llama-3.1",
        "/v1/models/a%2Fb%2Fc?x=y",
        "/a:b@c!$&'()*+,=~"
      })
  void lets_pass_what_has_one_reading(String target) {
    byte[] bytes = Wire.bytes(target);
    assertThat(targets.check(bytes, 0, bytes.length)).isNull();
  }
}
