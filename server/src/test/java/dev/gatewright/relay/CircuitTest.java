package dev.gatewright.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.telemetry.Time;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CircuitTest {
  private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);
  private final Time time = new Time(InstantSource.system(), nanos::get);
  private final Circuits circuits = new Circuits(time);
  private final Circuit circuit = circuits.of("openai", "gpt");

  private void pass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      assertThat(circuit.tryAcquire()).isTrue();
      circuit.failure();
    }
  }

  @Test
  void opens_after_five_failures_in_a_row() {
    fail(4);
    circuit.success();
    fail(4);
    assertThat(circuit.tryAcquire()).isTrue();
    assertThat(circuit.retryAfterSeconds()).isZero();
    circuit.failure();
    assertThat(circuit.tryAcquire()).isFalse();
    assertThat(circuit.retryAfterSeconds()).isEqualTo(10);
  }

  @Test
  void lets_one_probe_through_after_ten_seconds() {
    fail(5);
    pass(Duration.ofMillis(9_999));
    assertThat(circuit.tryAcquire()).isFalse();
    assertThat(circuit.retryAfterSeconds()).isEqualTo(1);
    pass(Duration.ofMillis(1));
    assertThat(circuit.tryAcquire()).isTrue();
    assertThat(circuit.tryAcquire()).isFalse();
  }

  @Test
  void successful_probe_closes_it() {
    fail(5);
    pass(Duration.ofSeconds(10));
    assertThat(circuit.tryAcquire()).isTrue();
    circuit.success();
    fail(4);
    assertThat(circuit.tryAcquire()).isTrue();
  }

  @Test
  void failed_probe_keeps_it_open_for_ten_seconds_more() {
    fail(5);
    pass(Duration.ofSeconds(10));
    assertThat(circuit.tryAcquire()).isTrue();
    circuit.failure();
    pass(Duration.ofSeconds(9));
    assertThat(circuit.tryAcquire()).isFalse();
    pass(Duration.ofSeconds(1));
    assertThat(circuit.tryAcquire()).isTrue();
  }

  @Test
  void caller_who_leaves_neither_opens_it_nor_uses_up_the_probe() {
    for (int i = 0; i < 100; i++) {
      assertThat(circuit.tryAcquire()).isTrue();
      circuit.ignored();
    }
    fail(5);
    pass(Duration.ofSeconds(10));
    assertThat(circuit.tryAcquire()).isTrue();
    circuit.ignored();
    assertThat(circuit.tryAcquire()).isTrue();
    assertThat(circuit.tryAcquire()).isFalse();
  }

  @Test
  void late_failures_of_older_calls_do_not_push_the_probe_back() {
    fail(5);
    pass(Duration.ofSeconds(9));
    circuit.failure();
    pass(Duration.ofSeconds(1));
    assertThat(circuit.tryAcquire()).isTrue();
  }

  @Test
  void each_provider_and_model_has_its_own() {
    fail(5);
    assertThat(circuits.of("openai", "gpt").tryAcquire()).isFalse();
    assertThat(circuits.of("openai", "other").tryAcquire()).isTrue();
    assertThat(circuits.of("other", "gpt").tryAcquire()).isTrue();
  }
}
