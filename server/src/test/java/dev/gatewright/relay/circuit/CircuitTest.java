package dev.gatewright.relay.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.relay.circuit.Circuit.Failure;
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
      assertThat(circuit.tryAcquire("alice")).isTrue();
      circuit.failure(Failure.OF_THE_UPSTREAM, "alice");
    }
  }

  @Test
  void opens_after_five_failures_in_a_row() {
    fail(4);
    circuit.success();
    fail(4);
    assertThat(circuit.tryAcquire("alice")).isTrue();
    assertThat(circuit.retryAfterSeconds("alice")).isZero();
    circuit.failure(Failure.OF_THE_UPSTREAM, "alice");
    assertThat(circuit.tryAcquire("alice")).isFalse();
    assertThat(circuit.retryAfterSeconds("alice")).isEqualTo(10);
  }

  @Test
  void lets_one_probe_through_after_ten_seconds() {
    fail(5);
    pass(Duration.ofMillis(9_999));
    assertThat(circuit.tryAcquire("alice")).isFalse();
    assertThat(circuit.retryAfterSeconds("alice")).isEqualTo(1);
    pass(Duration.ofMillis(1));
    assertThat(circuit.tryAcquire("alice")).isTrue();
    assertThat(circuit.tryAcquire("alice")).isFalse();
  }

  @Test
  void successful_probe_closes_it() {
    fail(5);
    pass(Duration.ofSeconds(10));
    assertThat(circuit.tryAcquire("alice")).isTrue();
    circuit.success();
    fail(4);
    assertThat(circuit.tryAcquire("alice")).isTrue();
  }

  @Test
  void failed_probe_keeps_it_open_for_ten_seconds_more() {
    fail(5);
    pass(Duration.ofSeconds(10));
    assertThat(circuit.tryAcquire("alice")).isTrue();
    circuit.failure(Failure.OF_THE_UPSTREAM, "alice");
    pass(Duration.ofSeconds(9));
    assertThat(circuit.tryAcquire("alice")).isFalse();
    pass(Duration.ofSeconds(1));
    assertThat(circuit.tryAcquire("alice")).isTrue();
  }

  @Test
  void caller_who_leaves_neither_opens_it_nor_uses_up_the_probe() {
    for (int i = 0; i < 100; i++) {
      assertThat(circuit.tryAcquire("alice")).isTrue();
      circuit.ignored();
    }
    fail(5);
    pass(Duration.ofSeconds(10));
    assertThat(circuit.tryAcquire("alice")).isTrue();
    circuit.ignored();
    assertThat(circuit.tryAcquire("alice")).isTrue();
    assertThat(circuit.tryAcquire("alice")).isFalse();
  }

  @Test
  void late_failures_of_older_calls_do_not_push_the_probe_back() {
    fail(5);
    pass(Duration.ofSeconds(9));
    circuit.failure(Failure.OF_THE_UPSTREAM, "alice");
    pass(Duration.ofSeconds(1));
    assertThat(circuit.tryAcquire("alice")).isTrue();
  }

  @Test
  void each_provider_and_model_has_its_own() {
    fail(5);
    assertThat(circuits.of("openai", "gpt").tryAcquire("alice")).isFalse();
    assertThat(circuits.of("openai", "other").tryAcquire("alice")).isTrue();
    assertThat(circuits.of("other", "gpt").tryAcquire("alice")).isTrue();
  }

  @Test
  void one_key_does_not_open_it_by_calls_that_may_fail_everywhere() {
    for (int i = 0; i < 100; i++) {
      circuit.failure(Failure.ofStatus(500), "alice");
    }
    assertThat(circuit.tryAcquire("bob")).isTrue();
    for (String key : new String[] {"bob", "carol", "dave"}) {
      circuit.failure(Failure.ofStatus(500), key);
      assertThat(circuit.tryAcquire("bob")).isTrue();
    }
    circuit.failure(Failure.ofStatus(500), "erin");
    assertThat(circuit.tryAcquire("bob")).isFalse();
  }

  @Test
  void one_key_opens_it_where_the_upstream_says_that_it_has_too_much_to_do() {
    for (int i = 0; i < 5; i++) {
      assertThat(circuit.tryAcquire("bob")).isTrue();
      circuit.failure(Failure.ofStatus(i % 2 == 0 ? 503 : 529), "alice");
    }
    assertThat(circuit.tryAcquire("bob")).isFalse();
  }

  @Test
  void the_probe_goes_to_another_key_than_the_one_that_failed() {
    fail(5);
    pass(Duration.ofSeconds(5));
    assertThat(circuit.tryAcquire("bob")).isFalse();
    pass(Duration.ofSeconds(5));
    assertThat(circuit.tryAcquire("alice")).isFalse();
    assertThat(circuit.retryAfterSeconds("alice")).isEqualTo(10);
    assertThat(circuit.retryAfterSeconds("bob")).isEqualTo(1);
    assertThat(circuit.tryAcquire("bob")).isTrue();
  }

  @Test
  void an_answer_that_has_begun_lets_calls_through_and_forgets_nothing() {
    fail(5);
    circuit.begun();
    assertThat(circuit.tryAcquire("bob")).isTrue();
    circuit.failure(Failure.OF_THE_UPSTREAM, "bob");
    assertThat(circuit.tryAcquire("bob")).isFalse();
  }
}
