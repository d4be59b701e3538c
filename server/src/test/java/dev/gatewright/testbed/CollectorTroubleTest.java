package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A collector that is away, slow or refuses is nothing to a call, and no stop waits for it.
class CollectorTroubleTest {
  private static final String BODY = "{\"model\":\"fast\",\"messages\":[]}";

  /// A stop's own, and three seconds for what no collector takes.
  private static final Duration STOP = Duration.ofSeconds(8);

  @TempDir Path folder;
  private FakeProvider provider;
  private Collector collector;

  @BeforeEach
  void start() throws IOException {
    provider = FakeProvider.start();
    collector = Collector.start();
  }

  @AfterEach
  void stop() throws IOException {
    collector.close();
    provider.close();
  }

  private GateSetup setup(String url) throws IOException {
    return GateSetup.usual(folder, provider)
        .environment("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        .environment("OTEL_BSP_SCHEDULE_DELAY", "20")
        .environment("OTEL_METRIC_EXPORT_INTERVAL", "100");
  }

  private static List<String> calls(Gate gate, int count) throws Exception {
    List<String> ids = new ArrayList<>();
    String key = gate.admin().liveKey("k").key();
    try (RawClient caller = gate.caller()) {
      for (int i = 0; i < count; i++) {
        long began = System.nanoTime();
        RawClient.Answer answer = caller.post("/v1/chat/completions", key, BODY).answer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(System.nanoTime() - began).isLessThan(Duration.ofSeconds(5).toNanos());
        ids.add(String.valueOf(answer.header("x-request-id")));
      }
    }
    return ids;
  }

  private static void closes(Gate gate) {
    long began = System.nanoTime();
    gate.close();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(STOP);
  }

  @Test
  void nobody_is_there() throws Exception {
    LocalGate gate = LocalGate.start(setup("http://127.0.0.1:" + FakeProvider.refusedPort()));
    calls(gate, 50);
    closes(gate);
  }

  @Test
  void it_takes_what_comes_and_never_answers() throws Exception {
    collector.hang();
    LocalGate gate = LocalGate.start(setup(collector.url()));
    calls(gate, 50);
    Await.until("a request", Duration.ofSeconds(20), () -> collector.asked() >= 2);
    calls(gate, 50);
    closes(gate);
  }

  @Test
  void it_refuses_and_takes_again() throws Exception {
    collector.answer(401);
    try (LocalGate gate = LocalGate.start(setup(collector.url()))) {
      calls(gate, 20);
      Await.until("a request", Duration.ofSeconds(20), () -> collector.asked() >= 2);
      collector.answer(200);
      String id = calls(gate, 1).getFirst();
      collector.await(span -> id.equals(Collector.attribute(span, "gatewright.request.id")));
    }
  }

  /// By itself it would have waited five seconds and a minute.
  @Test
  void what_waits_at_a_stop_is_sent() throws Exception {
    GateSetup setup =
        GateSetup.usual(folder, provider)
            .environment("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url())
            .environment("OTEL_EXPORTER_OTLP_COMPRESSION", "none");
    LocalGate gate = LocalGate.start(setup);
    List<String> ids = calls(gate, 20);
    assertThat(collector.spans()).isEmpty();
    closes(gate);
    assertThat(collector.spans())
        .extracting(span -> String.valueOf(Collector.attribute(span, "gatewright.request.id")))
        .containsAll(ids);
    assertThat(collector.metrics()).isNotEmpty();
  }

  /// The library is not even there: so nothing of it is loaded where nothing is configured.
  @Test
  void where_none_is_configured_nothing_of_the_library_is_needed() throws Exception {
    try (ChildGate gate =
        ChildGate.start(GateSetup.usual(folder, provider).without("opentelemetry"))) {
      calls(gate, 5);
    }
  }
}
