package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.FrameClient.Frame;
import dev.gatewright.edge.ProtocolWorld.Spoken;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Frames sent to wear the server out end their own connection, in words, and nobody else's.
class Http2FloodTest {
  private static final int MANY = 20_000;

  @TempDir Path folder;
  private ProtocolWorld world;

  @BeforeEach
  void start() {
    world = new ProtocolWorld(Spoken.H2C, folder);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  record Flood(String name, Consumer<FrameClient> send, Http2Error error) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Flood flood(String name, Consumer<FrameClient> each) {
    return new Flood(
        name,
        frames -> {
          for (int i = 0; i < MANY; i++) {
            each.accept(frames);
          }
        },
        Http2Error.ENHANCE_YOUR_CALM);
  }

  static Stream<Flood> floods() {
    return Stream.of(
        flood(
            "rapid reset (CVE-2023-44487)",
            frames -> frames.reset(frames.ask(true, "GET", "/open"))),
        flood("pings", frames -> frames.send(FrameClient.PING, 0, 0, new byte[8])),
        flood("acknowledged pings", frames -> frames.send(FrameClient.PING, 1, 0, new byte[8])),
        flood("settings", frames -> frames.send(FrameClient.SETTINGS, 0, 0, new byte[0])),
        flood("header table sizes", frames -> frames.settings(1, 4096)),
        flood("priorities", frames -> frames.send(FrameClient.PRIORITY, 0, 1, new byte[5])),
        flood("unknown frames", frames -> frames.send(0xbb, 0, 0, new byte[3])),
        flood("window updates", frames -> frames.room(0, 1)),
        new Flood(
            "empty data",
            frames -> {
              int stream = frames.ask(false, "POST", "/upload");
              for (int i = 0; i < MANY; i++) {
                frames.data(stream, false, new byte[0]);
              }
            },
            Http2Error.ENHANCE_YOUR_CALM),
        new Flood(
            "crumbs of data",
            frames -> {
              int stream = frames.ask(false, "POST", "/upload");
              for (int i = 0; i < MANY; i++) {
                frames.data(stream, false, new byte[1]);
              }
            },
            Http2Error.ENHANCE_YOUR_CALM),
        new Flood(
            "small continuations",
            frames -> {
              frames.send(FrameClient.HEADERS, 0, frames.nextStream(), new byte[0]);
              for (int i = 0; i < MANY; i++) {
                frames.send(FrameClient.CONTINUATION, 0, 1, new byte[] {(byte) 0x86});
              }
            },
            Http2Error.ENHANCE_YOUR_CALM),
        new Flood(
            "large continuations",
            frames -> {
              byte[] field = frames.encoded(1, new DefaultHttp2Headers(false).add("x", large()));
              frames.send(FrameClient.HEADERS, 0, frames.nextStream(), field);
              for (int i = 0; i < 2_000; i++) {
                frames.send(FrameClient.CONTINUATION, 0, 1, field);
              }
            },
            Http2Error.PROTOCOL_ERROR),
        new Flood(
            "streams beyond those allowed",
            frames -> {
              for (int i = 0; i < 2_000; i++) {
                frames.ask(true, "GET", "/open");
              }
            },
            Http2Error.ENHANCE_YOUR_CALM),
        new Flood(
            "answers nobody makes room for",
            frames -> {
              frames.settings(4, 0);
              for (int i = 0; i < 20; i++) {
                frames.ask(true, "GET", "/echo");
              }
            },
            Http2Error.ENHANCE_YOUR_CALM),
        new Flood(
            "resets provoked (CVE-2025-8671)",
            frames -> {
              for (int i = 0; i < MANY; i++) {
                int stream = frames.ask(true, "GET", "/open");
                frames.room(stream, 0);
              }
            },
            Http2Error.ENHANCE_YOUR_CALM));
  }

  private static String large() {
    byte[] value = new byte[10_000];
    Arrays.fill(value, (byte) 'z');
    return new String(value, StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @MethodSource("floods")
  void ends_its_connection_and_no_other(Flood flood) {
    try (FrameClient other = FrameClient.on(world.raw());
        FrameClient frames = FrameClient.on(world.raw())) {
      assertThat(other.answer(other.ask(true, "GET", "/echo")).status()).isEqualTo(200);
      Thread sending = Thread.ofVirtual().start(() -> sendAll(flood, frames));
      Frame last =
          Objects.requireNonNull(frames.goAwayAtTheEnd(), () -> "no word at the end of " + flood);
      assertThat(Http2Error.valueOf(last.error())).isEqualTo(flood.error());
      assertThat(other.answer(other.ask(true, "GET", "/echo")).status()).isEqualTo(200);
      Await.until(() -> world.edge().server().drain().running() == 0);
      assertThat(sending).isNotNull();
    }
  }

  private static void sendAll(Flood flood, FrameClient frames) {
    try {
      flood.send().accept(frames);
    } catch (UncheckedIOException refused) {
      // As soon as the other side has had enough.
      assertThat(refused).isNotNull();
    }
  }

  @Test
  void what_a_busy_caller_sends_is_no_flood() {
    try (FrameClient frames = FrameClient.on(world.raw())) {
      int stream = frames.ask(true, "GET", "/open");
      frames.head(stream);
      Exchange exchange = world.open.getFirst();
      for (int i = 0; i < 3_000; i++) {
        ProtocolWorld.on(
            exchange,
            it -> {
              it.write(Unpooled.wrappedBuffer(new byte[1_000]));
              it.flush();
            });
        int length = frames.next(FrameClient.DATA).payload().length;
        frames.room(0, length).room(stream, length);
      }
      ProtocolWorld.on(exchange, Exchange::finish);
      assertThat(frames.next(FrameClient.DATA, FrameClient.GOAWAY).endsStream()).isTrue();
      assertThat(world.ended).isEqualTo(List.of(Exchange.Ended.FINISHED));
      byte[] ping = ByteBuffer.allocate(8).putLong(42).array();
      frames.send(FrameClient.PING, 0, 0, ping);
      assertThat(frames.next(FrameClient.PING).payload()).isEqualTo(ping);
    }
  }
}
