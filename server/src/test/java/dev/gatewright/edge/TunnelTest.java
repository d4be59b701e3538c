package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.WebSocketHandshake.Read;
import dev.gatewright.edge.log.AccessLog;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A connection that became a tunnel, and the handshakes that do not become one.
class TunnelTest {
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
  private static final String ASK =
      """
      GET /socket HTTP/1.1\r
      Host: gate\r
      Connection: keep-alive, Upgrade\r
      Upgrade: WebSocket\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: %s\r
      """
          .formatted(KEY);

  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final CompletableFuture<List<String>> offered = new CompletableFuture<>();
  private final CompletableFuture<Exchange> opened = new CompletableFuture<>();
  private final AtomicLong received = new AtomicLong();
  private boolean echoes = true;
  private Edge edge = start(Transport.best());

  private Edge start(Transport transport) {
    RouteTable routes = RouteTable.builder().any("/socket", this::open).build();
    return Edge.start(routes, transport, config -> config, AccessLog.none());
  }

  @AfterEach
  void stop() {
    edge.close();
  }

  private void open(Exchange exchange) {
    switch (WebSocketHandshake.read(exchange.request())) {
      case Read.None() -> TestHandlers.text(exchange, 200, "plain");
      case Read.Malformed(Refusal refusal) -> EdgeReply.refuse(exchange, refusal);
      case Read.Asked asked -> {
        offered.complete(asked.protocols());
        exchange.onEnded(how -> {
          if (how == Exchange.Ended.GONE) {
            events.add("gone");
          }
        });
        exchange.upgrade(
            EdgeReply.newHeaders()
                .set("sec-websocket-accept", WebSocketHandshake.accept(asked.key())),
            new Echo(exchange));
        opened.complete(exchange);
      }
    }
  }

  private final class Echo implements BodyReceiver {
    private final Exchange exchange;

    Echo(Exchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public void data(ByteBuf part) {
      received.addAndGet(part.readableBytes());
      if (echoes) {
        exchange.write(part);
        exchange.flush();
      } else {
        part.release();
      }
    }

    @Override
    public void end() {
      events.add("end");
    }

    @Override
    public void refused(Refusal refusal) {
      events.add("refused");
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void bytes_pass_both_ways_as_they_are(Transport transport) throws Exception {
    try (Edge own = start(transport);
        RawClient client = own.connect()) {
      String head = client.send(ASK + "\r\nearly").readHead();
      assertThat(head)
          .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
          .contains("connection: upgrade\r\nupgrade: websocket\r\n")
          .contains("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
          .doesNotContain("content-length")
          .doesNotContain("transfer-encoding");
      assertThat(client.read(5)).asString(StandardCharsets.US_ASCII).isEqualTo("early");
      String request = "GET /socket HTTP/1.1\r\nHost: gate\r\n\r\n\u0000\u00ff";
      client.send(request);
      assertThat(client.read(request.length()))
          .asString(StandardCharsets.ISO_8859_1)
          .isEqualTo(request);
      Exchange exchange = opened.get(5, TimeUnit.SECONDS);
      exchange
          .eventLoop()
          .execute(() -> {
            exchange.write(Unpooled.copiedBuffer("last", StandardCharsets.US_ASCII));
            exchange.finish();
          });
      assertThat(client.readToEnd()).asString(StandardCharsets.US_ASCII).isEqualTo("last");
      assertThat(events).isEmpty();
    }
  }

  @Test
  void a_caller_who_leaves_is_gone_at_once() throws Exception {
    try (RawClient client = edge.connect()) {
      client.send(ASK + "\r\n").readHead();
      client.shutdownOutput();
      assertThat(events.poll(5, TimeUnit.SECONDS)).isEqualTo("gone");
    }
  }

  @Test
  void a_reset_tunnel_is_seen_broken() throws Exception {
    try (RawClient client = edge.connect()) {
      client.send(ASK + "\r\n").readHead();
      Exchange exchange = opened.get(5, TimeUnit.SECONDS);
      exchange.eventLoop().execute(() -> exchange.reset("test"));
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void a_paused_tunnel_takes_no_more_than_its_bound() throws Exception {
    echoes = false;
    int bytes = 32 << 20;
    try (RawClient client = edge.connect()) {
      client.send(ASK + "\r\n").readHead();
      Exchange exchange = opened.get(5, TimeUnit.SECONDS);
      exchange.eventLoop().submit(exchange::pauseBody).get(5, TimeUnit.SECONDS);
      long before = received.get();
      Thread sender = Thread.ofVirtual().start(() -> client.send(new byte[bytes]));
      assertThat(sender.join(Duration.ofMillis(300))).isFalse();
      assertThat(received.get()).isEqualTo(before);
      exchange.eventLoop().submit(exchange::resumeBody).get(5, TimeUnit.SECONDS);
      Await.until(() -> received.get() == bytes);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST|Content-Length: 0",
        "GET|Content-Length: 3",
        "GET|Transfer-Encoding: chunked",
        "GET|-Connection",
        "GET|-Sec-WebSocket-Key",
        "GET|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "GET|Upgrade: websocket",
        "GET|Sec-WebSocket-Protocol: a, b c",
        "GET|Sec-WebSocket-Protocol: a,,b",
        "GET|Sec-WebSocket-Protocol: a, a",
        "GET|Sec-WebSocket-Protocol:",
      })
  void refuses_a_malformed_handshake(String change) {
    assertThat(ask(change).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Sec-WebSocket-Version", "GET|Sec-WebSocket-Version: 13"})
  void refuses_another_version(String change) {
    assertThat(ask(change.startsWith("-") ? "GET|" + change : change).status()).isEqualTo(426);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ=!", "c2hvcnQ=", ""})
  void refuses_a_malformed_key(String key) {
    try (RawClient client = edge.connect()) {
      assertThat(client.send(ASK.replace(KEY, key) + "\r\n").answer().status()).isEqualTo(400);
    }
  }

  @Test
  void an_upgrade_to_something_else_is_nobodys_to_act_on() {
    String ask = ASK.replace("WebSocket\r", "h2c\r");
    try (RawClient client = edge.connect()) {
      assertThat(client.send(ask + "\r\n").answer().body()).isEqualTo("plain");
    }
  }

  @Test
  void offers_are_read_in_order() throws Exception {
    String ask = ASK + "Sec-WebSocket-Protocol: chat.v2, chat\r\nsec-websocket-protocol: x\r\n";
    try (RawClient client = edge.connect()) {
      client.send(ask + "\r\n").readHead();
      assertThat(offered.get(5, TimeUnit.SECONDS)).containsExactly("chat.v2", "chat", "x");
    }
  }

  /// `METHOD|line` adds a line, `METHOD|-Name` takes one away.
  private Answer ask(String change) {
    String method = change.substring(0, change.indexOf('|'));
    String line = change.substring(change.indexOf('|') + 1);
    String ask = ASK.replace("GET ", method + " ");
    if (line.startsWith("-")) {
      ask = ask.replaceAll("(?m)^" + line.substring(1) + ": .*\r\n", "");
    } else {
      ask += line + "\r\n";
    }
    try (RawClient client = edge.connect()) {
      return client.send(ask + "\r\n").answer();
    }
  }
}
