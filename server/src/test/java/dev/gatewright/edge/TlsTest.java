package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.edge.log.AccessLog;
import dev.gatewright.edge.tls.ProtocolConfig;
import dev.gatewright.edge.tls.TlsConfig;
import dev.gatewright.share.ShareLimits;
import dev.gatewright.testbed.TestCertificate;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  @TempDir Path folder;
  private Edge edge;
  private final List<Exchange.Ended> ended = new CopyOnWriteArrayList<>();
  private final AtomicReference<Exchange> open = new AtomicReference<>();

  @BeforeEach
  void start() {
    TestCertificate.SHARED.write(folder);
    edge = start(200);
  }

  @AfterEach
  void stop() {
    edge.close();
  }

  private Edge start(int connections) {
    RouteTable routes =
        RouteTable.builder()
            .get(
                "/scheme",
                exchange -> TestHandlers.text(exchange, 200, exchange.request().scheme()))
            .get("/cut", this::cut)
            .get("/open", this::keepOpen)
            .any("/*", TestHandlers::echo)
            .build();
    TlsConfig files = new TlsConfig(folder.resolve("server.crt"), folder.resolve("server.key"));
    return Edge.start(
        routes,
        Transport.best(),
        config ->
            config
                .withProtocols(new ProtocolConfig(files, true, false))
                .withLimits(limits(config.limits(), connections)),
        AccessLog.none());
  }

  private static EdgeLimits limits(EdgeLimits limits, int connections) {
    return new EdgeLimits(
        limits.headerBytes(),
        limits.bodyBytes(),
        limits.heldBodiesBytes(),
        Duration.ofSeconds(2),
        limits.writeStall(),
        connections,
        limits.bodyIdle(),
        limits.keepAlive(),
        ShareLimits.DEFAULT);
  }

  private void cut(Exchange exchange) {
    exchange.head(200, EdgeReply.newHeaders(), -1);
    exchange.write(Unpooled.copiedBuffer("half", StandardCharsets.US_ASCII));
    exchange.flush();
    exchange.reset("broken");
  }

  private void keepOpen(Exchange exchange) {
    exchange.onEnded(ended::add);
    open.set(exchange);
    exchange.head(200, EdgeReply.newHeaders(), -1);
    exchange.flush();
  }

  private RawClient connect() {
    return RawClient.secure(edge.server().port(), TestCertificate.SHARED.trusting());
  }

  private static String get(String path) {
    return Wire.head("GET " + path + " HTTP/1.1", "Host: localhost");
  }

  @Test
  void answers_over_tls_and_knows_that_it_does() {
    try (RawClient client = connect()) {
      client.send(get("/scheme"));
      assertThat(client.answer().body()).isEqualTo("https");
      String body = "x".repeat(300_000);
      client.send(Wire.head("POST /echo HTTP/1.1", "Host: localhost", "Content-Length: 300000"));
      client.send(body);
      assertThat(client.answer().body()).isEqualTo("POST /echo " + body);
    }
  }

  @Test
  void tells_one_who_speaks_without_tls() {
    try (RawClient client = edge.connect()) {
      client.send(get("/scheme"));
      Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("this port speaks TLS").contains("https://");
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void a_whole_answer_ends_as_tls_ends_and_a_cut_one_does_not() throws Exception {
    try (RawClient client = connect()) {
      client.send(Wire.head("GET /a HTTP/1.1", "Host: localhost", "Connection: close"));
      assertThat(client.answer().body()).isEqualTo("GET /a ");
      assertThat(client.socket().getInputStream().read()).isEqualTo(-1);
    }
    try (RawClient client = connect()) {
      client.send(Wire.head("GET /cut HTTP/1.0", "Host: localhost"));
      assertThatThrownBy(() -> client.socket().getInputStream().readAllBytes())
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void a_callers_departure_is_seen() {
    try (RawClient client = connect()) {
      client.send(get("/open"));
      client.readHead();
    }
    Await.until(() -> ended.equals(List.of(Exchange.Ended.GONE)));
  }

  @Test
  void the_end_of_what_the_caller_sends_is_a_departure() throws Exception {
    try (RawClient client = connect()) {
      client.send(get("/open"));
      client.readHead();
      ((SSLSocket) client.socket()).shutdownOutput();
      Await.until(() -> ended.equals(List.of(Exchange.Ended.GONE)));
    }
  }

  @Test
  void a_slow_reader_is_seen_and_not_kept() {
    try (RawClient client = connect()) {
      client.send(get("/open"));
      client.readHead();
      Exchange exchange = Objects.requireNonNull(open.get());
      exchange
          .eventLoop()
          .execute(() -> {
            for (int i = 0; i < 2_000 && exchange.isWritable(); i++) {
              exchange.write(Unpooled.wrappedBuffer(new byte[16 << 10]));
              exchange.flush();
            }
            assertThat(exchange.isWritable()).isFalse();
          });
      Await.until(() -> ended.equals(List.of(Exchange.Ended.GONE)));
    }
  }

  @Test
  void silence_and_half_a_handshake_end_in_time() {
    try (RawClient silent = edge.connect();
        RawClient half = edge.connect()) {
      half.send(new byte[] {0x16, 3, 1, 0, 100, 1});
      assertThat(silent.ended()).isTrue();
      assertThat(half.readToEnd()).hasSizeLessThan(64);
      Await.until(() -> edge.server().handshakesFailed() == 1);
    }
  }

  @Test
  void no_address_has_more_handshakes_than_its_share_of_connections() {
    edge.close();
    edge = start(8);
    InetAddress one = InetAddress.ofLiteral("127.0.0.7");
    RawClient[] greedy = new RawClient[4];
    for (int i = 0; i < greedy.length; i++) {
      greedy[i] = RawClient.connect(edge.server().port(), one).send(new byte[] {0x16});
    }
    Await.until(() -> edge.server().connections() == 4);
    // The local command line's door: at most a second, and by TLS.
    try (RawClient fifth = RawClient.connect(edge.server().port(), one)) {
      fifth.send(get("/scheme"));
      assertThat(fifth.answer().body()).contains("this port speaks TLS");
      try (RawClient other = connect()) {
        other.send(get("/scheme"));
        assertThat(other.answer().body()).isEqualTo("https");
      }
    } finally {
      for (RawClient client : greedy) {
        client.close();
      }
    }
  }

  @Test
  void a_new_certificate_is_shown_to_new_connections_and_old_ones_live() {
    TestCertificate second = TestCertificate.make("EC");
    try (RawClient before = connect()) {
      before.send(get("/open"));
      before.readHead();
      second.write(folder);
      Await.until(() -> shows(second));
      assertThatThrownBy(this::connect).isInstanceOf(UncheckedIOException.class);
      Exchange exchange = Objects.requireNonNull(open.get());
      exchange
          .eventLoop()
          .execute(() -> {
            exchange.write(Unpooled.copiedBuffer("on", StandardCharsets.US_ASCII));
            exchange.finish();
          });
      assertThat(new String(before.read(7), StandardCharsets.US_ASCII)).isEqualTo("2\r\non\r\n");
    }
  }

  private boolean shows(TestCertificate certificate) {
    try (Socket socket = certificate.trusting().getSocketFactory().createSocket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.server().port()));
      ((SSLSocket) socket).startHandshake();
      return true;
    } catch (IOException other) {
      return false;
    }
  }
}
