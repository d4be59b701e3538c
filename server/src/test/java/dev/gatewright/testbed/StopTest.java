package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Starting twice and stopping in good order.
class StopTest {
  private static final String STREAM = "{\"model\":\"%s\",\"stream\":true,\"messages\":[]}";

  @TempDir Path folder;
  private FakeProvider provider;
  private GateSetup setup;

  @BeforeEach
  void start() throws IOException {
    provider = FakeProvider.start();
    setup = GateSetup.usual(folder, provider);
  }

  @AfterEach
  void stop() throws IOException {
    provider.close();
  }

  @Test
  void sigterm_lets_running_calls_finish_and_refuses_new_ones() throws Exception {
    provider.answer((_, wire) -> {
      wire.streamHead();
      for (int i = 0; i < 20; i++) {
        wire.chunk(OpenAiAnswers.delta("word"));
        wire.pause(Duration.ofMillis(100));
      }
      wire.chunk(OpenAiAnswers.usageChunk()).chunk("data: [DONE]\n\n").endChunks();
    });
    try (ChildGate gate = ChildGate.start(setup);
        RawClient running = gate.caller();
        RawClient idle = gate.caller();
        RawClient health = gate.caller()) {
      String key = gate.admin().liveKey("drain").key();
      assertThat(health.get("/health", "").answer().status()).isEqualTo(200);
      assertThat(idle.get("/v1/models", key).answer().status()).isEqualTo(200);
      running.post("/v1/chat/completions", key, STREAM.formatted("fast"));
      RawClient.Head head = running.head();
      int port = gate.port();

      gate.terminate();
      Await.until(
          "a health that says 503",
          Duration.ofSeconds(10),
          () -> {
            try (RawClient fresh = new RawClient(port)) {
              return fresh.get("/health", "").answer().status() == 503;
            }
          });
      try (RawClient late = new RawClient(port)) {
        RawClient.Answer refused =
            late.post("/v1/chat/completions", key, STREAM.formatted("fast")).answer();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("connection")).isEqualToIgnoringCase("close");
      }
      assertThat(new String(running.body(head), StandardCharsets.UTF_8))
          .endsWith("data: [DONE]\n\n");
      assertThat(gate.awaitExit()).isIn(0, 143);
      assertThat(setup.data().resolve("server.json")).doesNotExist();
    }
    try (ChildGate again = ChildGate.start(setup)) {
      again.admin().usage("by=model");
      List<UsageRows.Row> rows = UsageRows.sqlite(setup.data());
      assertThat(rows).singleElement().extracting(UsageRows.Row::outcome).isEqualTo("completed");
    }
  }

  @Test
  void sigterm_serves_calls_for_the_delay_while_health_says_draining() throws Exception {
    setup.environment("GATEWRIGHT_SERVE_DELAY", "3s");
    try (ChildGate gate = ChildGate.start(setup)) {
      String key = gate.admin().liveKey("delay").key();
      int port = gate.port();
      gate.terminate();
      Await.until(
          "a health that says draining",
          Duration.ofSeconds(2),
          () -> {
            try (RawClient fresh = new RawClient(port)) {
              RawClient.Answer answer = fresh.get("/health", "").answer();
              return answer.status() == 503 && answer.text().contains("\"draining\"");
            }
          });
      try (RawClient late = new RawClient(port)) {
        RawClient.Answer served = late.get("/v1/models", key).answer();
        assertThat(served.status()).isEqualTo(200);
        assertThat(served.header("connection")).isEqualToIgnoringCase("close");
      }
      assertThat(gate.awaitExit()).isIn(0, 143);
    }
  }

  @Test
  void sigterm_ends_what_runs_too_long_with_an_error_event() throws Exception {
    setup.environment("GATEWRIGHT_SERVE_GRACE", "1s");
    try (ChildGate gate = ChildGate.start(setup);
        RawClient running = gate.caller()) {
      String key = gate.admin().liveKey("drain").key();
      running.patience(Duration.ofSeconds(60));
      running.post("/v1/chat/completions", key, STREAM.formatted("endless"));
      RawClient.Head head = running.head();
      gate.terminate();
      assertThat(new String(running.body(head), StandardCharsets.UTF_8))
          .contains("\n\ndata: {\"error\":");
      gate.awaitExit();
    }
    try (ChildGate again = ChildGate.start(setup)) {
      again.admin().usage("by=model");
      assertThat(UsageRows.sqlite(setup.data()))
          .singleElement()
          .extracting(UsageRows.Row::outcome)
          .isEqualTo("interrupted");
    }
  }

  @Test
  void a_second_start_on_the_same_data_is_refused_in_a_clear_sentence() throws Exception {
    try (ChildGate first = ChildGate.start(setup)) {
      ChildGate second = ChildGate.spawn(setup);
      try {
        assertThat(second.awaitExit()).isNotZero();
        assertThat(second.stderr()).contains(setup.data().toString());
      } finally {
        second.kill();
      }
      assertThat(first.healthy()).isTrue();
    }
  }

  @Test
  void a_restart_after_a_kill_takes_over_at_once() throws Exception {
    ChildGate first = ChildGate.start(setup);
    try (RawClient running = first.caller()) {
      String key = first.admin().liveKey("cut").key();
      running.post("/v1/chat/completions", key, STREAM.formatted("endless"));
      RawClient.Head head = running.head();
      assertThat(running.text(200)).isNotEmpty();
      first.kill();
      assertThatThrownBy(() -> running.text(1_000_000)).isInstanceOf(IOException.class);
      try (ChildGate second = ChildGate.start(setup)) {
        second.admin().usage("by=model");
        assertThat(UsageRows.sqlite(setup.data()))
            .singleElement()
            .satisfies(row -> {
              assertThat(row.requestId()).isEqualTo(head.headers().get("x-request-id"));
              assertThat(row.outcome()).isEqualTo("interrupted");
            });
      }
    } finally {
      first.kill();
    }
  }
}
