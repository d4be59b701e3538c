package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TwoTimesTest {
  /// Of questions that take 1,000 ns give or take some, the first a share more.
  private static boolean tell(double more) throws Exception {
    Random random = new Random(1);
    return TwoTimes.tell(
        120,
        (first, _) -> Math.round((900 + random.nextInt(200)) * (first ? 1 + more : 1)),
        () -> {});
  }

  @Test
  void tells_what_takes_a_tenth_longer_and_not_what_takes_as_long() throws Exception {
    assertThat(tell(0.1)).isTrue();
    assertThat(tell(-0.1)).isTrue();
    assertThat(tell(0)).isFalse();
    // It shows in the ranks, and is below what the medians have to differ by.
    assertThat(tell(0.03)).isFalse();
  }
}
