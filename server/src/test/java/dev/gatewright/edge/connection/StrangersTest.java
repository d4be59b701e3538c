package dev.gatewright.edge.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StrangersTest {
  private final AtomicLong nanos = new AtomicLong(-5);
  private final Strangers strangers = new Strangers(nanos::get);

  private int told(int of) {
    int told = 0;
    for (int i = 0; i < of; i++) {
      told += strangers.tells() ? 1 : 0;
    }
    return told;
  }

  @Test
  void a_flood_is_told_in_part_and_the_rest_a_second_at_a_time() {
    assertThat(told(10_000)).isEqualTo(Strangers.SPANS_AT_ONCE);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(told(10_000)).isEqualTo(Strangers.SPANS_A_SECOND);
    nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
    assertThat(told(10_000)).isEqualTo(Strangers.SPANS_AT_ONCE);
  }

  @Test
  void a_few_are_all_told() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(strangers.tells()).isTrue();
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(1) / Strangers.SPANS_A_SECOND);
    }
  }
}
