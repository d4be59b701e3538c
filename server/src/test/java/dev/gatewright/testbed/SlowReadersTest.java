package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Memory does not grow with what slow callers leave unread: 200 of them on 100 MB answers, with a
/// heap of 128 MiB and 64 MiB of direct memory, keep the process under 300 MB.
class SlowReadersTest {
  private static final int READERS = 200;
  private static final long ANSWER_BYTES = 100_000_000;
  private static final long RSS_BYTES_MAX = 300_000_000;

  @TempDir Path folder;

  @Test
  void two_hundred_slow_readers_keep_memory_flat() throws Exception {
    run(Duration.ofSeconds(6), "{\"model\":\"fast\",\"messages\":[]}");
  }

  @Test
  @Tag("long")
  void two_hundred_slow_readers_keep_memory_flat_for_minutes() throws Exception {
    run(Duration.ofMinutes(2), "{\"model\":\"fast\",\"messages\":[]}");
  }

  @Test
  void slow_readers_of_streams_keep_memory_flat() throws Exception {
    run(Duration.ofSeconds(6), "{\"model\":\"endless\",\"stream\":true,\"messages\":[]}");
  }

  private void run(Duration duration, String body) throws Exception {
    try (FakeProvider provider = FakeProvider.start();
        ChildGate gate =
            ChildGate.start(
                GateSetup.usual(folder, provider).jvm("-Xmx128m", "-XX:MaxDirectMemorySize=64m"))) {
      boolean stream = body.contains("endless");
      provider.answer(stream ? Answers.endless(Duration.ZERO) : Answers.huge(ANSWER_BYTES));
      String key = gate.admin().liveKey("slow").key();
      List<RawClient> readers = new ArrayList<>();
      try {
        for (int i = 0; i < READERS; i++) {
          RawClient reader = new RawClient(gate.port(), 8 * 1024);
          readers.add(reader.post("/v1/chat/completions", key, body));
        }
        readSlowly(readers, duration);
        assertThat(gate.rssBytesMax()).isLessThan(RSS_BYTES_MAX);
        assertThat(gate.healthy()).isTrue();
      } finally {
        for (RawClient reader : readers) {
          reader.leave(true);
        }
      }
      Await.until(
          "the provider to be left",
          Duration.ofSeconds(20),
          () -> provider.connections().stream().allMatch(c -> c.closed().isDone()));
      assertThat(gate.stderr()).doesNotContain("OutOfMemory", "LEAK", "Exception");
    }
  }

  /// Each reader takes a few kilobytes a second.
  private static void readSlowly(List<RawClient> readers, Duration duration) throws Exception {
    long until = System.nanoTime() + duration.toNanos();
    boolean first = true;
    while (System.nanoTime() < until) {
      for (RawClient reader : readers) {
        if (first) {
          assertThat(reader.head().status()).isEqualTo(200);
        }
        for (int i = 0; i < 1000; i++) {
          assertThat(reader.read()).isNotNegative();
        }
      }
      first = false;
      Thread.sleep(500);
    }
  }
}
