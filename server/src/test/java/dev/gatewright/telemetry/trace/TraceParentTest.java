package dev.gatewright.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The cases of W3C's own harness (w3c/trace-context, test/test.py), and texts nobody thought of.
class TraceParentTest {
  private static final String TRACE = "12345678901234567890123456789012";
  private static final String GOOD = "00-" + TRACE + "-1234567890123456-01";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-12345678901234567890123456789012-1234567890123456-01.",
        "00-12345678901234567890123456789012-1234567890123456-01-what-the-future-will-be-like",
        "cc-12345678901234567890123456789012-1234567890123456-01.what-the-future-will-be-like",
        "ff-12345678901234567890123456789012-1234567890123456-01",
        ".0-12345678901234567890123456789012-1234567890123456-01",
        "0.-12345678901234567890123456789012-1234567890123456-01",
        "000-12345678901234567890123456789012-1234567890123456-01",
        "0000-12345678901234567890123456789012-1234567890123456-01",
        "0-12345678901234567890123456789012-1234567890123456-01",
        "00-00000000000000000000000000000000-1234567890123456-01",
        "00-.2345678901234567890123456789012-1234567890123456-01",
        "00-1234567890123456789012345678901.-1234567890123456-01",
        "00-123456789012345678901234567890123-1234567890123456-01",
        "00-1234567890123456789012345678901-1234567890123456-01",
        "00-12345678901234567890123456789012-0000000000000000-01",
        "00-12345678901234567890123456789012-.234567890123456-01",
        "00-12345678901234567890123456789012-123456789012345.-01",
        "00-12345678901234567890123456789012-12345678901234567-01",
        "00-12345678901234567890123456789012-123456789012345-01",
        "00-12345678901234567890123456789012-1234567890123456-.0",
        "00-12345678901234567890123456789012-1234567890123456-0.",
        "00-12345678901234567890123456789012-1234567890123456-001",
        "00-12345678901234567890123456789012-1234567890123456-1",
        "00-1234567890ABCDEF1234567890ABCDEF-1234567890123456-01",
        "00-12345678901234567890123456789012-1234567890123456_01",
        "00_12345678901234567890123456789012-1234567890123456-01",
        "cc-12345678901234567890123456789012-1234567890123456-0"
      })
  void is_none(String text) {
    assertThat(TraceParent.read(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        GOOD,
        "cc-12345678901234567890123456789012-1234567890123456-01",
        "cc-12345678901234567890123456789012-1234567890123456-01-what-the-future-will-be-like",
        "01-12345678901234567890123456789012-1234567890123456-01-"
      })
  void a_higher_version_is_read_as_far_as_it_is_known_and_goes_on_as_00(String text) {
    TraceParent read = Objects.requireNonNull(TraceParent.read(text));
    assertThat(read.traceId()).isEqualTo(TRACE);
    assertThat(TraceParent.id(read.span())).isEqualTo("1234567890123456");
    assertThat(read.sampled()).isTrue();
    assertThat(read.text()).isEqualTo(GOOD);
  }

  @Test
  void of_the_flags_two_have_a_meaning_and_of_a_higher_version_one() {
    assertThat(flags("00", "ff")).isEqualTo(3);
    assertThat(flags("00", "fe")).isEqualTo(2);
    assertThat(flags("00", "00")).isZero();
    assertThat(flags("01", "ff")).isEqualTo(1);
  }

  private static int flags(String version, String flags) {
    String text = version + "-" + TRACE + "-1234567890123456-" + flags;
    return Objects.requireNonNull(TraceParent.read(text)).flags();
  }

  /// Whatever is read comes out as it came in, and nothing throws.
  @Test
  void any_text_is_read_or_none() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String letters = "0123456789abcdefABCDEFg-. \t\u00e9";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(GOOD);
      for (int edit = random.nextInt(4); edit > 0; edit--) {
        int at = random.nextInt(text.length());
        if (random.nextBoolean()) {
          text.setCharAt(at, letters.charAt(random.nextInt(letters.length())));
        } else {
          text.deleteCharAt(at);
        }
      }
      TraceParent read = TraceParent.read(text);
      if (read != null) {
        assertThat(read.text().substring(2, 53))
            .as("seed %d", seed)
            .isEqualTo(text.substring(2, 53));
      }
    }
  }
}
