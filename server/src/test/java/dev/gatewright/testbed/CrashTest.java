package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.testbed.UsageRows.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` under load: every call a caller saw a byte of has its row, none twice.
class CrashTest {
  private static final int CALLERS = 24;

  @TempDir Path folder;

  @Test
  void no_call_is_lost_or_doubled_by_kills() throws Exception {
    run(4);
  }

  @Test
  @Tag("long")
  void no_call_is_lost_or_doubled_by_many_kills() throws Exception {
    run(60);
  }

  private void run(int kills) throws Exception {
    long seed = System.nanoTime();
    System.out.println("CrashTest seed " + seed);
    Random random = new Random(seed);
    List<Observation> seen = new ArrayList<>();
    try (FakeProvider provider = FakeProvider.start()) {
      provider.answer(CrashTest::answer);
      provider.forget();
      GateSetup setup = GateSetup.usual(folder, provider).model("paced", "local/paced");
      @Nullable String key = null;
      for (int kill = 0; kill < kills; kill++) {
        ChildGate gate = ChildGate.start(setup);
        try {
          key = key == null ? gate.admin().liveKey("load").key() : key;
          CallersUnderLoad load =
              CallersUnderLoad.start(gate.port(), key, CALLERS, random.nextLong());
          Await.until("load", Duration.ofSeconds(20), () -> load.count() > CALLERS);
          Thread.sleep(random.nextInt(700));
          gate.kill();
          seen.addAll(load.stop());
        } finally {
          gate.kill();
        }
      }
      try (ChildGate last = ChildGate.start(setup)) {
        // A usage answer first projects everything that was durable when it was asked.
        last.admin().usage("by=model");
        check(seen, UsageRows.sqlite(setup.data()), provider.count());
      }
    }
  }

  /// `paced` takes 100 ms, so that a kill finds some of them in the middle.
  private static void answer(SeenRequest request, Wire wire)
      throws IOException, InterruptedException {
    if (!request.json().path("model").asText().equals("paced")) {
      Answers.STANDARD.answer(request, wire);
      return;
    }
    wire.streamHead();
    for (int i = 0; i < 20; i++) {
      wire.chunk(OpenAiAnswers.delta("word"));
      wire.pause(Duration.ofMillis(5));
    }
    wire.chunk(OpenAiAnswers.finish()).chunk(OpenAiAnswers.usageChunk());
    wire.chunk("data: [DONE]\n\n").endChunks();
  }

  private static void check(List<Observation> seen, List<Row> rows, int served) {
    Map<String, Row> byRequest =
        rows.stream().collect(Collectors.toMap(Row::requestId, Function.identity()));
    assertThat(seen).allMatch(call -> call.status() == 200);
    for (Observation call : seen) {
      assertThat(byRequest).describedAs("the row of %s", call).containsKey(call.requestId());
      Row row = Objects.requireNonNull(byRequest.get(call.requestId()));
      if (row.outcome().equals("completed")) {
        assertThat(row.inputTokens()).isEqualTo(OpenAiAnswers.INPUT_TOKENS);
        assertThat(row.outputTokens()).isEqualTo(OpenAiAnswers.OUTPUT_TOKENS);
      } else {
        assertThat(row.outcome()).describedAs("%s", call).isEqualTo("interrupted");
      }
    }
    assertThat(seen.stream().filter(call -> !call.complete())).isNotEmpty();
    assertThat(rows.stream().filter(row -> row.outcome().equals("interrupted"))).isNotEmpty();
    // What was never sent has no row that says it was.
    assertThat(rows.stream().filter(row -> row.status() == 200).count())
        .isLessThanOrEqualTo(served);
  }
}
