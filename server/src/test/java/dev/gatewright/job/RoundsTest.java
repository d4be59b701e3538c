package dev.gatewright.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RoundsTest {
  @Test
  void a_failed_round_is_followed_by_the_next() throws Exception {
    CountDownLatch three = new CountDownLatch(3);
    try (Rounds rounds = new Rounds()) {
      rounds.start(
          "rounds-test",
          Duration.ofMillis(1),
          "a test's work failed",
          () -> {
            three.countDown();
            throw new IllegalStateException("a test's bug");
          });
      assertThat(three.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void closing_ends_a_wait_within_a_round_and_waits_for_the_round() throws Exception {
    CountDownLatch within = new CountDownLatch(1);
    AtomicInteger done = new AtomicInteger();
    Rounds rounds = new Rounds();
    rounds.start(
        "rounds-test",
        Duration.ZERO,
        "a test's work failed",
        () -> {
          within.countDown();
          if (rounds.ended(Duration.ofHours(1))) {
            done.incrementAndGet();
          }
        });
    assertThat(within.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(rounds.ended()).isFalse();
    rounds.close();
    assertThat(done).hasValue(1);
    assertThat(rounds.ended()).isTrue();
  }

  @Test
  void what_never_started_can_be_closed() throws Exception {
    Rounds rounds = new Rounds();
    rounds.close();
    assertThat(rounds.ended(Duration.ofHours(1))).isTrue();
  }
}
