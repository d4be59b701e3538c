package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.telemetry.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a full queue says of when to come back, by a clock that runs as the test has it.
class ServiceRetryAfterTest {
  private static final String BODY = "{\"model\":\"m\",\"messages\":[]}";

  private static final Duration STEP = Duration.ofSeconds(1);
  private static final Duration WAIT = Duration.ofSeconds(20);
  private static final int TRIES = 10;

  /// On top of the time that really passes, which is little.
  private final AtomicLong aheadNanos = new AtomicLong();

  @Test
  void follows_how_long_the_last_calls_took(@TempDir Path folder) throws Exception {
    Time time = new Time(InstantSource.system(), () -> System.nanoTime() + aheadNanos.get());
    try (FakeProvider fake = FakeProvider.start()) {
      EveryPreset.answer(fake, Answers.hang());
      GateSetup setup =
          GateSetup.in(folder)
              .settings(
                  """
                  services:
                    - id: one
                      preset: ollama
                      instances: [http://127.0.0.1:%d]
                      concurrency: 1
                      queue: { length: 0, wait: 1s }
                  """
                      .formatted(fake.port()));
      try (LocalGate gate = LocalGate.start(setup, time)) {
        String key = gate.admin().liveKey("test").key();
        assertThat(held(gate, key, Duration.ofSeconds(19))).isEqualTo(5);
        assertThat(held(gate, key, Duration.ZERO)).isBetween(20, 25);
        assertThat(held(gate, key, Duration.ofMinutes(4))).isBetween(10, 15);
        assertThat(held(gate, key, Duration.ZERO)).isEqualTo(60);
      }
    }
  }

  /// One call holds the only place for so long.
  ///
  /// @return what another one is told meanwhile, in seconds
  private int held(LocalGate gate, String key, Duration how) throws Exception {
    try (RawClient holder = holder(gate, key)) {
      int told = told(gate, key);
      // In steps, for a write that takes longer than 3 s would look like a store that is stuck.
      for (Duration left = how; left.isPositive(); left = left.minus(STEP)) {
        aheadNanos.addAndGet(STEP.toNanos());
        awaitRunning(gate, 1, WAIT);
      }
      holder.leave(false);
      awaitRunning(gate, 0, WAIT);
      return told;
    }
  }

  /// To a probe under way a step of the clock is a wait: two of them and the instance is out until
  /// the next probe, so a call may have to be made again.
  private static RawClient holder(LocalGate gate, String key) throws Exception {
    for (int tries = 1; ; tries++) {
      RawClient holder = gate.caller();
      holder.post("/one/api/chat", key, BODY, "x-test: 1");
      try {
        awaitRunning(gate, 1, Duration.ofSeconds(3));
        return holder;
      } catch (AssertionError e) {
        holder.close();
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private static void awaitRunning(LocalGate gate, int count, Duration limit) throws Exception {
    Await.until(
        count + " to run",
        limit,
        () -> {
          JsonNode all = gate.admin().call("GET", "/api/services", "", 200).path("data");
          return all.get(0).path("running").asInt(-1) == count;
        });
  }

  private static int told(LocalGate gate, String key) throws IOException {
    try (RawClient caller = gate.caller()) {
      RawClient.Answer answer = caller.post("/one/api/chat", key, BODY, "x-test: 1").answer();
      assertThat(answer.status()).isEqualTo(503);
      return Integer.parseInt(String.valueOf(answer.header("retry-after")));
    }
  }
}
