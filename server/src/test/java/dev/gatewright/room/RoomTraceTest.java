package dev.gatewright.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.gatewright.edge.Transport;
import dev.gatewright.relay.Origin;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.relay.pool.Upstreams;
import dev.gatewright.room.provider.CheckedHttp;
import dev.gatewright.room.provider.ProviderHttp;
import dev.gatewright.room.provider.daily.DailyStub;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.telemetry.trace.CarriedTrace;
import dev.gatewright.telemetry.trace.RecordedTraces;
import dev.gatewright.telemetry.trace.Sampler;
import dev.gatewright.telemetry.trace.Span;
import dev.gatewright.telemetry.trace.SpanQueue;
import dev.gatewright.telemetry.trace.TraceParent;
import dev.gatewright.telemetry.trace.Tracing;
import dev.gatewright.testbed.TestStore;
import io.netty.channel.EventLoopGroup;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is asked of a room provider carries the trace of the request it is asked for.
class RoomTraceTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

  private final EventLoopGroup loops = Transport.best().loops(1, "room-trace-test");
  private final List<Map<String, List<String>>> heads = new ArrayList<>();
  private DailyStub stub;
  private Upstreams upstreams;
  private Fetch fetch;
  private CheckedHttp http;

  @BeforeEach
  void start() throws Exception {
    stub = new DailyStub();
    stub.start();
    upstreams = new Upstreams(Time.system());
    fetch = new Fetch(upstreams, loops);
    http = new CheckedHttp(fetch, _ -> DialRules.ALLOW_PRIVATE);
  }

  @AfterEach
  void stop() throws Exception {
    fetch.close();
    upstreams.close();
    stub.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
  }

  private void asked(int status) {
    stub.next((HttpExchange exchange) -> {
      Map<String, List<String>> head = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      head.putAll(exchange.getRequestHeaders());
      heads.add(head);
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
    });
    int port = URI.create(stub.url()).getPort();
    http.send(
        new ProviderHttp.Call(
            "daily", new Origin(false, "127.0.0.1", port), "GET", "/v1/rooms/secret", null, null));
  }

  private @Nullable String header(String name) {
    List<String> values = heads.getLast().get(name);
    return values == null ? null : String.join(",", values);
  }

  @Test
  void where_nobody_records_it_goes_on_as_it_came() {
    CarriedTrace.of(Tracing.OFF, "00-" + TRACE + "-00f067aa0ba902b7-ff", "a=1, b=2")
        .call(() -> {
          asked(200);
          return null;
        });
    assertThat(header("traceparent")).isEqualTo("00-" + TRACE + "-00f067aa0ba902b7-ff");
    assertThat(header("tracestate")).isEqualTo("a=1, b=2");
    asked(200);
    assertThat(header("traceparent")).isNull();
  }

  @Test
  void where_spans_are_recorded_it_is_one_below_the_gates_own() {
    SpanQueue queue = new SpanQueue(8, 8);
    RecordedTraces traces = new RecordedTraces(Sampler.DEFAULT, queue);
    CarriedTrace.of(traces, PARENT, "a=1")
        .call(() -> {
          asked(200);
          asked(503);
          return null;
        });
    List<Span> spans = new ArrayList<>();
    queue.take(spans, 8);
    assertThat(spans).hasSize(2);
    Span good = spans.getFirst();
    assertThat(good.name()).isEqualTo("GET daily");
    assertThat(TraceParent.id(good.parent())).isEqualTo("00f067aa0ba902b7");
    assertThat(good.failed()).isFalse();
    assertThat(spans.getLast().failed()).isTrue();
    assertThat(header("traceparent"))
        .isEqualTo("00-" + TRACE + "-" + TraceParent.id(spans.getLast().id()) + "-01");
    assertThat(header("tracestate")).isEqualTo("a=1");
  }

  /// Through the portal: the thread that works for a request carries its trace.
  @Test
  void a_call_of_the_interface_carries_it_to_the_provider() throws Exception {
    try (TestStore store = TestStore.fresh(Database.Kind.SQLITE);
        RoomWorld world = new RoomWorld(store.database())) {
      world.daily.next(exchange -> {
        heads.add(new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
        heads.getLast().putAll(exchange.getRequestHeaders());
        exchange.sendResponseHeaders(404, -1);
        exchange.close();
      });
      assertThat(
              world
                  .daily("GET", "/v1/rooms/none", null, "traceparent", PARENT, "tracestate", "a=1")
                  .status())
          .isEqualTo(404);
      assertThat(header("traceparent")).isEqualTo(PARENT);
      assertThat(header("tracestate")).isEqualTo("a=1");
    }
  }
}
