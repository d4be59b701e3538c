package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.log.AccessLog;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A caller's leaving is seen at once, however it leaves and whatever goes on.
class DepartureTest {
  private static final Duration AT_ONCE = Duration.ofMillis(250);

  private final BlockingQueue<String> events = new ArrayBlockingQueue<>(100);

  private Edge start(Transport transport) {
    RouteTable routes =
        RouteTable.builder()
            .any("/silent", this::silent)
            .any("/stream", this::stream)
            .any("/body", this::body)
            .any("/slow", this::flood)
            .build();
    return Edge.start(routes, transport, config -> config, AccessLog.none());
  }

  private void watch(Exchange exchange, String name) {
    exchange.onEnded(how -> events.add(how == Exchange.Ended.GONE ? name : how.toString()));
    events.add("started");
  }

  private void silent(Exchange exchange) {
    watch(exchange, "gone");
  }

  private void stream(Exchange exchange) {
    exchange.head(200, EdgeReply.newHeaders(), -1);
    exchange.write(Unpooled.copiedBuffer("event", StandardCharsets.US_ASCII));
    exchange.flush();
    watch(exchange, "gone");
  }

  private void body(Exchange exchange) {
    TestHandlers.gather(exchange, 1 << 20);
    watch(exchange, "gone");
  }

  /// Writes as much as the caller takes, and no more.
  private void flood(Exchange exchange) {
    exchange.head(200, EdgeReply.newHeaders(), -1);
    exchange.onWritability(() -> pour(exchange));
    pour(exchange);
    watch(exchange, "gone:" + !exchange.isWritable());
  }

  private static void pour(Exchange exchange) {
    while (exchange.isWritable() && !exchange.ended()) {
      exchange.write(Unpooled.wrappedBuffer(new byte[16 << 10]));
      exchange.flush();
    }
  }

  private String next() {
    try {
      String event = events.poll(5, TimeUnit.SECONDS);
      return event == null ? "nothing" : event;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String request(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: gate\r\n\r\n";
  }

  private void leaves(
      Transport transport, String request, java.util.function.Consumer<RawClient> how) {
    try (Edge edge = start(transport);
        RawClient client = edge.connect()) {
      client.send(request);
      assertThat(next()).isEqualTo("started");
      long before = System.nanoTime();
      how.accept(client);
      assertThat(next()).isEqualTo("gone");
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(AT_ONCE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_fin_while_waiting(Transport transport) {
    leaves(transport, request("/silent"), RawClient::close);
  }

  @ParameterizedTest
  @EnumSource
  void a_fin_of_the_write_half_alone(Transport transport) {
    leaves(transport, request("/silent"), RawClient::shutdownOutput);
  }

  @ParameterizedTest
  @EnumSource
  void a_fin_while_streaming(Transport transport) {
    leaves(transport, request("/stream"), RawClient::shutdownOutput);
  }

  @ParameterizedTest
  @EnumSource
  void a_reset_while_streaming(Transport transport) {
    leaves(
        transport,
        request("/stream"),
        client -> {
          try {
            client.socket().setSoLinger(true, 0);
          } catch (java.net.SocketException e) {
            throw new IllegalStateException(e);
          }
          client.close();
        });
  }

  @ParameterizedTest
  @EnumSource
  void a_fin_behind_a_pipelined_request(Transport transport) {
    leaves(
        transport, request("/silent") + request("/stream").repeat(10), RawClient::shutdownOutput);
  }

  @ParameterizedTest
  @EnumSource
  void a_fin_within_the_body(Transport transport) {
    String head = Wire.head("POST /body HTTP/1.1", "Host: gate", "Content-Length: 10");
    leaves(transport, head + "hello", RawClient::shutdownOutput);
  }

  @ParameterizedTest
  @EnumSource
  void a_caller_who_takes_nothing_is_gone_after_the_stall_limit(Transport transport) {
    try (Edge edge = start(transport);
        RawClient client = edge.connect()) {
      client.send(request("/slow"));
      assertThat(next()).isEqualTo("started");
      assertThat(next()).isEqualTo("gone:true");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_slow_caller_who_takes_something_is_not_gone(Transport transport) {
    try (Edge edge = start(transport);
        RawClient client = edge.connect()) {
      client.send(request("/slow"));
      assertThat(next()).isEqualTo("started");
      long until = System.nanoTime() + 2 * Edge.SHORT.writeStall().toNanos();
      while (System.nanoTime() < until) {
        client.read(64 << 10);
        java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
      }
      assertThat(events).isEmpty();
      client.shutdownOutput();
      assertThat(next()).isEqualTo("gone:true");
    }
  }
}
