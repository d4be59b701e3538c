package dev.gatewright.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class KeyFormatTest {
  private static final String VECTOR = "gw_test_0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef_3tf6So";
  private static final SecureRandom RANDOM = new SecureRandom();

  @Test
  void reads_the_published_vector() {
    PresentedKey key = Objects.requireNonNull(KeyFormat.parse(VECTOR));
    assertThat(key.kind()).isEqualTo(ApiKey.Kind.TEST);
    assertThat(key.id()).isEqualTo("key_0123456789");
  }

  @Test
  void reads_back_what_it_makes_for_every_kind() {
    Set<String> texts = new HashSet<>();
    for (ApiKey.Kind kind : ApiKey.Kind.values()) {
      for (int i = 0; i < 200; i++) {
        String id = KeyFormat.newId(RANDOM);
        String text = KeyFormat.newText(kind, id, RANDOM).expose();
        PresentedKey key = Objects.requireNonNull(KeyFormat.parse(text));
        assertThat(key.id()).isEqualTo(id);
        assertThat(key.kind()).isEqualTo(kind);
        assertThat(text).matches(Pattern.compile(KeyFormat.REGEX));
        assertThat(texts.add(text)).isTrue();
      }
    }
  }

  @Test
  void refuses_every_single_character_error() {
    char[] text = VECTOR.toCharArray();
    for (int at = 0; at < text.length; at++) {
      char right = text[at];
      for (char wrong = 0; wrong < 256; wrong++) {
        if (wrong != right) {
          text[at] = wrong;
          assertThat(KeyFormat.parse(new String(text))).as("%d → %d", at, (int) wrong).isNull();
        }
      }
      text[at] = right;
    }
    assertThat(KeyFormat.parse(new String(text))).isNotNull();
  }

  @Test
  void refuses_every_transposition_of_neighbours() {
    for (int at = 0; at + 1 < VECTOR.length(); at++) {
      char[] text = VECTOR.toCharArray();
      if (text[at] != text[at + 1]) {
        char first = text[at];
        text[at] = text[at + 1];
        text[at + 1] = first;
        assertThat(KeyFormat.parse(new String(text))).as("at %d", at).isNull();
      }
    }
  }

  @Test
  void refuses_other_shapes() {
    for (int length = 0; length < VECTOR.length(); length++) {
      assertThat(KeyFormat.parse(VECTOR.substring(0, length))).isNull();
    }
    assertThat(KeyFormat.parse(VECTOR + "0")).isNull();
    assertThat(KeyFormat.parse(VECTOR + " ")).isNull();
    assertThat(KeyFormat.parse(" " + VECTOR)).isNull();
    assertThat(KeyFormat.parse("sk-1234")).isNull();
    assertThat(KeyFormat.parse("x".repeat(100_000))).isNull();
    assertThat(KeyFormat.parse(VECTOR.replace('A', 'А'))).isNull(); // a Cyrillic A
    assertThat(KeyFormat.parse(VECTOR.replace("test", "admin"))).isNull();
  }

  @Test
  void uses_every_digit_about_equally() {
    byte[] digits = new byte[62_000];
    Base62.random(RANDOM, digits, 0, digits.length);
    int[] counts = new int[128];
    for (byte digit : digits) {
      counts[digit]++;
    }
    for (char digit : "09AZaz5Mm".toCharArray()) {
      assertThat(counts[digit]).as("digit %c", digit).isBetween(800, 1200);
    }
  }

  @Test
  void a_presented_key_shows_its_id_only() {
    assertThat(String.valueOf(KeyFormat.parse(VECTOR))).isEqualTo("key_0123456789");
  }
}
