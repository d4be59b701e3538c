package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What passes through a WebSocket of a service: every frame, both ways, as it comes and no faster
/// than it is taken.
class SocketsTest {
  /// Of a mebibyte each: more than all sockets and buffers on the way hold.
  private static final int FRAMES = 64;

  private static final EchoBackend BACKEND = SocketWorld.backend();

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, _) -> setup.settings(SocketWorld.services(BACKEND)));

  @AfterAll
  static void stop() throws IOException {
    BACKEND.close();
  }

  private static SocketCaller open(String path) throws Exception {
    return SocketCaller.open(world.gate(), path, world.key());
  }

  @Test
  void carries_text_bytes_and_fragments() throws Exception {
    try (SocketCaller caller = open("/echo/ws/room/7?a=%20b")) {
      EchoBackend.Visit visit = BACKEND.visit();
      assertThat(visit.head).startsWith("GET /base/ws/room/7?a=%20b HTTP/1.1\r\n");
      assertThat(caller.say("grüß dich").next()).isEqualTo("text:grüß dich");
      caller.socket().sendBinary(ByteBuffer.wrap(new byte[70_000]), true).get(20, TimeUnit.SECONDS);
      assertThat(caller.next()).isEqualTo("bytes:70000");
      caller.socket().sendText("one ", false).get(20, TimeUnit.SECONDS);
      caller.socket().sendText("two ", false).get(20, TimeUnit.SECONDS);
      caller.socket().sendText("three", true).get(20, TimeUnit.SECONDS);
      assertThat(caller.next()).isEqualTo("text:one two three");
      assertThat(List.of(visit.frame(), visit.frame())).containsExactly("1:11", "2:70000");
      assertThat(List.of(visit.frame(), visit.frame(), visit.frame()))
          .containsExactly("1:4", "0:4", "0:5");
    }
  }

  @Test
  void carries_pings_both_ways() throws Exception {
    try (SocketCaller caller = open("/echo/ws")) {
      EchoBackend.Visit visit = BACKEND.visit();
      caller
          .socket()
          .sendPing(ByteBuffer.wrap("hm".getBytes(StandardCharsets.US_ASCII)))
          .get(20, TimeUnit.SECONDS);
      assertThat(caller.next()).isEqualTo("pong:hm");
      assertThat(visit.frame()).isEqualTo("9:2");
      visit.send(EchoBackend.frame(0x89, new byte[3]));
      // The JDK's client answers by itself.
      assertThat(visit.frame()).isEqualTo("10:3");
    }
  }

  @Test
  void carries_the_callers_close() throws Exception {
    try (SocketCaller caller = open("/echo/ws")) {
      EchoBackend.Visit visit = BACKEND.visit();
      caller.socket().sendClose(4001, "enough").get(20, TimeUnit.SECONDS);
      assertThat(visit.frame()).isEqualTo("8:4001");
      assertThat(caller.next()).isEqualTo("close:4001");
      visit.closed.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void carries_the_backends_close() throws Exception {
    try (SocketCaller caller = open("/echo/ws")) {
      EchoBackend.Visit visit = BACKEND.visit();
      visit.send(EchoBackend.frame(0x88, new byte[] {0x0f, (byte) 0xa2}));
      assertThat(caller.next()).isEqualTo("close:4002");
      assertThat(visit.frame()).isEqualTo("8:4002");
    }
  }

  @Test
  void half_a_frame_leaves_in_the_turn_it_comes() throws Exception {
    try (RawClient caller = SocketWorld.ask(world.gate(), "/echo/ws", world.key())) {
      assertThat(caller.head().status()).isEqualTo(101);
      EchoBackend.Visit visit = BACKEND.visit();
      byte[] frame = EchoBackend.frame(0x81, "ab".getBytes(StandardCharsets.US_ASCII));
      for (byte each : frame) {
        visit.send(new byte[] {each});
        assertThat(caller.read()).isEqualTo(each & 0xff);
      }
    }
  }

  @Test
  void serves_allowed_paths_below_api_too() throws Exception {
    try (SocketCaller caller = open("/echo/api/live?x=1")) {
      assertThat(BACKEND.visit().head).startsWith("GET /base/live?x=1 HTTP/1.1\r\n");
      assertThat(caller.say("hi").next()).isEqualTo("text:hi");
    }
  }

  @Test
  void a_slow_caller_slows_the_backend_and_loses_nothing() throws Exception {
    byte[] frame = EchoBackend.frame(0x82, new byte[1 << 20]);
    try (RawClient caller = new RawClient(world.gate().port(), 64 << 10)) {
      caller.get("/echo/ws", world.key(), SocketWorld.HANDSHAKE);
      assertThat(caller.head().status()).isEqualTo(101);
      EchoBackend.Visit visit = BACKEND.visit();
      AtomicLong sent = new AtomicLong();
      CompletableFuture<Void> all = sending(visit::send, frame, sent);
      awaitStandstill(sent);
      assertThat(sent.get()).isLessThan(FRAMES / 2);
      for (int i = 0; i < FRAMES; i++) {
        readFrame(caller, frame);
      }
      all.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void a_slow_backend_slows_the_caller_and_loses_nothing() throws Exception {
    try (RawClient caller = SocketWorld.ask(world.gate(), "/echo/ws?deaf", world.key())) {
      assertThat(caller.head().status()).isEqualTo(101);
      EchoBackend.Visit visit = BACKEND.visit();
      AtomicLong sent = new AtomicLong();
      CompletableFuture<Void> all = sending(caller::send, SocketWorld.frame(0x82, 1 << 20), sent);
      awaitStandstill(sent);
      assertThat(sent.get()).isLessThan(FRAMES / 2);
      visit.hears.countDown();
      byte[] echoed = EchoBackend.frame(0x82, new byte[1 << 20]);
      for (int i = 0; i < FRAMES; i++) {
        readFrame(caller, echoed);
      }
      all.get(20, TimeUnit.SECONDS);
    }
  }

  private interface Sender {
    void send(byte[] bytes) throws IOException;
  }

  /// Sends as many frames as it takes to fill every buffer on the way twice.
  private static CompletableFuture<Void> sending(Sender sender, byte[] frame, AtomicLong sent) {
    return CompletableFuture.runAsync(() -> {
      for (int i = 0; i < FRAMES; i++) {
        try {
          sender.send(frame);
        } catch (IOException gone) {
          throw new UncheckedIOException(gone);
        }
        sent.incrementAndGet();
      }
    });
  }

  private static void readFrame(RawClient caller, byte[] frame) throws IOException {
    for (byte each : frame) {
      int octet = caller.read();
      if (octet != (each & 0xff)) {
        throw new AssertionError("%d instead of %d".formatted(octet, each & 0xff));
      }
    }
  }

  private static void awaitStandstill(AtomicLong sent) throws Exception {
    long[] before = {-1, 0};
    Await.until(
        "the sender to stand still",
        Duration.ofSeconds(20),
        () -> {
          before[1] = before[0] == sent.get() && sent.get() > 0 ? before[1] + 1 : 0;
          before[0] = sent.get();
          return before[1] > 60;
        });
  }

  @Test
  void a_message_of_some_mebibytes_comes_back() throws Exception {
    try (SocketCaller caller = open("/echo/ws")) {
      BACKEND.visit();
      WebSocket socket = caller.socket();
      socket.sendBinary(ByteBuffer.wrap(new byte[6 << 20]), true).get(20, TimeUnit.SECONDS);
      assertThat(caller.next()).isEqualTo("bytes:" + (6 << 20));
    }
  }

  @Test
  void a_socket_is_a_call_with_a_row() throws Exception {
    AdminClient.Key key = world.admin().liveKey("rows");
    String id;
    try (RawClient caller = SocketWorld.ask(world.gate(), "/echo/ws", key.key())) {
      RawClient.Head head = caller.head();
      assertThat(head.status()).isEqualTo(101);
      BACKEND.visit();
      id = String.valueOf(head.headers().get("x-request-id"));
      caller.send(SocketWorld.frame(0x82, 1000));
      for (int i = 0; i < 1004; i++) {
        assertThat(caller.read()).isGreaterThanOrEqualTo(0);
      }
      caller.send(SocketWorld.frame(0x88, 0));
      assertThat(caller.read()).isEqualTo(0x88);
    }
    Await.until(
        "the row",
        Duration.ofSeconds(20),
        () ->
            UsageRows.sqlite(world.data()).stream()
                .anyMatch(row ->
                    row.requestId().equals(id)
                        && row.model().equals("echo")
                        && row.target().equals("echo/-")
                        && row.status() == 101
                        && row.outcome().equals("completed")));
    Await.until(
        "its bytes",
        Duration.ofSeconds(20),
        () -> world.admin().usage("by=key").toString().contains("\"bytes\":1006"));
  }
}
