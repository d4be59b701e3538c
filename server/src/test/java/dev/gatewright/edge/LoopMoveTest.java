package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.connection.LoopChoice;
import dev.gatewright.edge.log.AccessLog;
import dev.gatewright.telemetry.Time;
import dev.gatewright.telemetry.trace.Tracing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Connections go from one event loop to another while their callers use them.
class LoopMoveTest {
  private static final int CONNECTIONS = 8;

  /// Of which loop the tests say that it is busy.
  private volatile String busy = "";

  private EdgeServer start(Transport transport) throws IOException {
    RouteTable routes =
        RouteTable.builder()
            .post(
                "/where",
                exchange -> {
                  String loop = Thread.currentThread().getName();
                  exchange.receive(new Told(exchange, loop), 1 << 20);
                })
            .build();
    return EdgeServer.start(
        EdgeConfig.loopback().withLimits(Edge.SHORT),
        Time.system(),
        routes,
        AccessLog.none(),
        Tracing.OFF,
        new Drain(),
        _ -> false,
        transport,
        new LoopChoice(() -> Thread.currentThread().getName().equals(busy) ? System.nanoTime() : 0),
        2);
  }

  private record Told(Exchange exchange, String loop) implements BodyReceiver {
    @Override
    public void data(io.netty.buffer.ByteBuf part) {
      part.release();
    }

    @Override
    public void end() {
      assertThat(exchange.eventLoop().inEventLoop()).isTrue();
      TestHandlers.text(exchange, 200, loop);
    }

    @Override
    public void refused(Refusal refusal) {
      EdgeReply.refuse(exchange, refusal);
    }
  }

  private static Set<String> ask(List<RawClient> clients) {
    Set<String> loops = new HashSet<>();
    for (RawClient client : clients) {
      client.send("POST /where HTTP/1.1\r\nHost: a\r\nContent-Length: 3000\r\n\r\n");
      client.send("x".repeat(3000));
      Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(200);
      loops.add(answer.body());
    }
    return loops;
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void half_of_a_busy_loop_moves_and_comes_back_and_no_caller_notices(Transport transport)
      throws IOException {
    List<RawClient> clients = new ArrayList<>();
    try (EdgeServer server = start(transport)) {
      for (int i = 0; i < CONNECTIONS; i++) {
        clients.add(RawClient.connect(server.port()));
      }
      String first = ask(clients).iterator().next();
      assertThat(ask(clients)).containsExactly(first);

      busy = first;
      Await.until(() -> ask(clients).size() == 2);
      busy = "";
      Await.until(() -> ask(clients).equals(Set.of(first)));
      assertThat(server.connections()).isEqualTo(CONNECTIONS);
    } finally {
      clients.forEach(RawClient::close);
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void a_moved_connection_keeps_its_limits_and_its_departure_is_seen(Transport transport)
      throws IOException {
    List<RawClient> clients = new ArrayList<>();
    try (EdgeServer server = start(transport)) {
      for (int i = 0; i < CONNECTIONS; i++) {
        clients.add(RawClient.connect(server.port()));
      }
      busy = ask(clients).iterator().next();
      Await.until(() -> ask(clients).size() == 2);
      busy = "";

      // Half a head, on whichever loop: refused by time as ever.
      clients.forEach(client -> client.send("POST /where HT"));
      for (RawClient client : clients) {
        assertThat(client.answer().status()).isEqualTo(408);
      }
      clients.forEach(RawClient::close);
      Await.until(() -> server.connections() == 0);
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void a_request_that_comes_while_its_connection_moves_is_answered(Transport transport)
      throws IOException {
    long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
    List<RawClient> clients = new ArrayList<>();
    try (EdgeServer server = start(transport)) {
      for (int i = 0; i < CONNECTIONS; i++) {
        clients.add(RawClient.connect(server.port()));
      }
      List<String> all = new ArrayList<>(ask(clients));
      String request = "POST /where HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab";
      while (System.nanoTime() < end) {
        busy = busy.isEmpty() ? all.getFirst() : "";
        for (int i = 0; i < 50; i++) {
          // Pipelined, so that the next is there before its connection could rest.
          clients.forEach(client -> client.send(request).send(request));
          for (RawClient client : clients) {
            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(client.answer().status()).isEqualTo(200);
          }
        }
      }
    } finally {
      clients.forEach(RawClient::close);
    }
  }
}
