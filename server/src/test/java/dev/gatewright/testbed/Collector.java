package dev.gatewright.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A collector over loopback that reads what OTLP over HTTP brings, and can be slow or refuse.
/// Thread-safe.
final class Collector implements AutoCloseable {
  private final HttpServer server;
  private final Queue<ExportTraceServiceRequest> traces = new ConcurrentLinkedQueue<>();
  private final Queue<ExportMetricsServiceRequest> metrics = new ConcurrentLinkedQueue<>();
  private final Queue<Map<String, List<String>>> heads = new ConcurrentLinkedQueue<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile int status = 200;
  private volatile boolean hangs;

  private Collector() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    server.createContext("/", this::take);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  static Collector start() throws IOException {
    return new Collector();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// From now on it answers so.
  void answer(int with) {
    status = with;
  }

  /// From now on it takes what comes and answers nothing.
  void hang() {
    hangs = true;
  }

  int asked() {
    return asked.get();
  }

  List<Map<String, List<String>>> heads() {
    return List.copyOf(heads);
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      asked.incrementAndGet();
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (hangs) {
        closed.await();
        return;
      }
      if (status == 200) {
        heads.add(Map.copyOf(exchange.getRequestHeaders()));
        if (exchange.getRequestURI().getPath().equals("/v1/traces")) {
          traces.add(ExportTraceServiceRequest.parseFrom(body));
        } else {
          metrics.add(ExportMetricsServiceRequest.parseFrom(body));
        }
      }
      exchange.getResponseHeaders().set("content-type", "application/x-protobuf");
      exchange.sendResponseHeaders(status, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  List<Span> spans() {
    return traces.stream()
        .flatMap(each -> each.getResourceSpansList().stream())
        .flatMap(each -> each.getScopeSpansList().stream())
        .flatMap(each -> each.getSpansList().stream())
        .toList();
  }

  /// Who says it is sending.
  Map<String, String> resource() {
    return traces.stream()
        .flatMap(each -> each.getResourceSpansList().stream())
        .map(each -> attributes(each.getResource().getAttributesList()))
        .findFirst()
        .orElse(Map.of());
  }

  List<Metric> metrics() {
    return metrics.stream()
        .flatMap(each -> each.getResourceMetricsList().stream())
        .flatMap(each -> each.getScopeMetricsList().stream())
        .flatMap(each -> each.getMetricsList().stream())
        .toList();
  }

  /// All that came, as text: to look for what must not be in it.
  String everything() {
    return traces.toString() + metrics;
  }

  /// The first such span, once it is there.
  Span await(Predicate<Span> wanted) throws Exception {
    Await.until("a span", Duration.ofSeconds(20), () -> spans().stream().anyMatch(wanted));
    return spans().stream().filter(wanted).findFirst().orElseThrow();
  }

  static Map<String, String> attributes(List<KeyValue> list) {
    return list.stream().collect(Collectors.toMap(KeyValue::getKey, each -> text(each.getValue())));
  }

  static @Nullable String attribute(Span span, String name) {
    return attributes(span.getAttributesList()).get(name);
  }

  static String hex(com.google.protobuf.ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  private static String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case INT_VALUE -> Long.toString(value.getIntValue());
      case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      default -> value.toString();
    };
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }
}
