package dev.gatewright.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.ledger.TestAttempts;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AttemptQueueTest {
  private static final long LONG = TimeUnit.MINUTES.toNanos(10);

  private final AttemptQueue queue = new AttemptQueue();

  @Test
  void wakes_once_as_many_openings_have_come_as_were_awaited() throws InterruptedException {
    CountDownLatch woken = new CountDownLatch(1);
    Thread consumer =
        Thread.ofPlatform()
            .start(() -> {
              while (queue.openings() < 8) {
                queue.awaitOpenings(8, LONG);
              }
              woken.countDown();
            });
    for (int i = 0; i < 7; i++) {
      queue.addOpening(attempt());
      queue.add(attempt());
    }
    assertThat(woken.await(50, TimeUnit.MILLISECONDS)).isFalse();

    queue.addOpening(attempt());

    assertThat(woken.await(20, TimeUnit.SECONDS)).isTrue();
    consumer.join();
  }

  @Test
  void does_not_sleep_for_openings_that_are_there() {
    queue.addOpening(attempt());
    queue.addOpening(attempt());

    queue.awaitOpenings(2, LONG);

    assertThat(queue.openings()).isEqualTo(2);
  }

  private static LoggedAttempt attempt() {
    return new LoggedAttempt(
        "att_1", TestAttempts.opening(), ImmediateEventExecutor.INSTANCE, _ -> {});
  }
}
