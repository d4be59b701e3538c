package dev.gatewright.service.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServicePaceTest {
  private final ServicePace pace = new ServicePace();

  private void took(long millis) {
    pace.took(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @Test
  void says_five_seconds_while_nothing_is_known() {
    assertThat(pace.secondsUntil(30, 2)).isEqualTo(5);
  }

  @Test
  void says_when_the_turns_before_will_be_over() {
    took(3_000);
    took(5_000);
    assertThat(pace.secondsUntil(1, 1)).isEqualTo(4);
    assertThat(pace.secondsUntil(5, 1)).isEqualTo(20);
    assertThat(pace.secondsUntil(5, 4)).isEqualTo(5);
  }

  @Test
  void says_at_least_a_second_and_at_most_a_minute() {
    took(1);
    assertThat(pace.secondsUntil(1, 8)).isEqualTo(1);
    took(600_000);
    assertThat(pace.secondsUntil(64, 1)).isEqualTo(60);
    assertThat(pace.secondsUntil(1, 0)).isEqualTo(60);
  }

  @Test
  void forgets_what_is_long_ago() {
    for (int i = 0; i < 40; i++) {
      took(50_000);
    }
    for (int i = 0; i < 16; i++) {
      took(2_000);
    }
    assertThat(pace.secondsUntil(3, 1)).isEqualTo(6);
  }
}
