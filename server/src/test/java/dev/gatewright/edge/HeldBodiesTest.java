package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HeldBodiesTest {
  @Test
  void gives_no_more_than_there_is() {
    HeldBodies bodies = new HeldBodies(100);

    assertThat(bodies.tryAcquire(60)).isTrue();
    assertThat(bodies.tryAcquire(41)).isFalse();
    assertThat(bodies.heldBytes()).isEqualTo(60);
    assertThat(bodies.tryAcquire(40)).isTrue();
    bodies.release(100);
    assertThat(bodies.heldBytes()).isZero();
  }

  @Test
  void a_release_of_what_nobody_held_is_a_bug() {
    assertThatThrownBy(() -> new HeldBodies(100).release(1))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void the_refusal_says_when_to_come_again() {
    assertThat(HeldBodies.refusal().status()).isEqualTo(503);
    assertThat(HeldBodies.refusal().retryAfterSeconds()).isPositive();
  }
}
