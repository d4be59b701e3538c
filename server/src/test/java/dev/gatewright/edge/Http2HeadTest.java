package dev.gatewright.edge;

import static dev.gatewright.edge.FrameClient.latin1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.FrameClient.Frame;
import dev.gatewright.edge.ProtocolWorld.Spoken;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What HTTP/2 adds to the ways in which two readers could see two requests.
class Http2HeadTest {
  @TempDir Path folder;
  private ProtocolWorld world;
  private FrameClient frames;

  @BeforeEach
  void start() {
    world = new ProtocolWorld(Spoken.H2C, folder);
    frames = FrameClient.on(world.raw());
  }

  @AfterEach
  void stop() {
    frames.close();
    world.close();
  }

  private static Http2Headers usual() {
    return new DefaultHttp2Headers(false)
        .method("POST")
        .scheme("http")
        .authority("localhost")
        .path("/headers");
  }

  /// The status, or the error the stream ends with.
  private String outcome(int stream) {
    Frame frame = frames.next(FrameClient.HEADERS, FrameClient.RST_STREAM, FrameClient.GOAWAY);
    while (frame.stream() != stream && frame.stream() != 0) {
      frame = frames.next(FrameClient.HEADERS, FrameClient.RST_STREAM, FrameClient.GOAWAY);
    }
    if (frame.type() == FrameClient.HEADERS) {
      // An indexed status of the static table, or a literal one: enough to tell 200 from the rest.
      return (frame.payload()[0] & 0xff) == 0x88 ? "200" : "refused";
    }
    assertThat(frame.stream()).isIn(stream, 0);
    return Http2Error.valueOf(frame.error()).name();
  }

  @ParameterizedTest
  @CsvSource({
    "connection, close",
    "connection, x-forwarded-for",
    "transfer-encoding, chunked",
    "keep-alive, 5",
    "proxy-connection, close",
    "upgrade, websocket",
    "te, gzip",
    "Upper, 1",
    "'na me', 1",
    "'na:me', 1",
    "':odd', 1",
    "x, 'a\r\nGET /admin HTTP/1.1'",
    "x, 'a\nb'",
    "x, 'a\u0000b'",
    "x, ' led'",
    "host, elsewhere",
    "content-length, 5",
    "content-length, -1",
    "content-length, '0, 1'",
    "x_api_key, 1"
  })
  void a_field_that_could_be_read_in_two_ways_is_refused(String name, String value) {
    Http2Headers headers = usual().add(latin1(name), latin1(value));
    assertThat(outcome(frames.ask(true, headers))).isNotEqualTo("200");
    // And only that stream.
    int good = frames.ask(true, usual());
    assertThat(outcome(good)).isEqualTo("200");
  }

  @ParameterizedTest
  @CsvSource({
    "'GET /x HTTP/1.1', /headers, localhost",
    "'', /headers, localhost",
    "GET, '', localhost",
    "GET, 'headers', localhost",
    "GET, 'http://localhost/headers', localhost",
    "GET, '/headers HTTP/1.1', localhost",
    "GET, '/headers\r\nx: y', localhost",
    "GET, '*', localhost",
    "GET, /headers, 'user@localhost'",
    "GET, /headers, 'local host'",
    "GET, /headers, 'localhost/x'",
    "GET, /headers, 'localhost:99999999'",
    "GET, /headers, ''"
  })
  void so_is_a_line_that_is_none(String method, String path, String authority) {
    Http2Headers headers =
        new DefaultHttp2Headers(false)
            .method(latin1(method))
            .scheme("http")
            .authority(latin1(authority))
            .path(latin1(path));
    assertThat(outcome(frames.ask(true, headers))).isNotEqualTo("200");
    assertThat(outcome(frames.ask(true, usual()))).isEqualTo("200");
  }

  @Test
  void a_head_without_a_host_or_with_two_is_refused() {
    Http2Headers without = usual();
    without.remove(":authority");
    assertThat(outcome(frames.ask(true, without))).isEqualTo("refused");
    assertThat(outcome(frames.ask(true, without.add("host", "localhost")))).isEqualTo("200");
    assertThat(outcome(frames.ask(true, without.add("host", "localhost")))).isEqualTo("refused");
    assertThat(outcome(frames.ask(true, usual().add("host", "localhost")))).isEqualTo("200");
  }

  @Test
  void pieces_of_a_cookie_are_one_and_the_host_is_there() {
    int stream = frames.ask(true, usual().add("cookie", "a=1").add("cookie", "b=2"));
    String seen = frames.answer(stream).body().toLowerCase(Locale.ROOT);
    assertThat(seen).isEqualTo("host=localhost\ncookie=a=1; b=2\n");
  }

  @Test
  void a_body_that_is_not_as_long_as_announced_is_refused() {
    int less = frames.ask(false, "POST", "/upload", "content-length", "5");
    frames.data(less, true, new byte[4]);
    assertThat(outcome(less)).isEqualTo("PROTOCOL_ERROR");
    int more = frames.ask(false, "POST", "/upload", "content-length", "5");
    frames.data(more, false, new byte[6]);
    assertThat(outcome(more)).isEqualTo("PROTOCOL_ERROR");
    Await.until(() -> world.edge().server().drain().running() == 0);
  }

  @Test
  void a_head_too_large_is_refused_in_words() {
    int stream = frames.ask(true, usual().add("x", "y".repeat(9 << 10)));
    assertThat(outcome(stream)).isEqualTo("refused");
    assertThat(outcome(frames.ask(true, usual()))).isEqualTo("200");
  }

  @Test
  void whoever_waits_for_100_is_told() {
    int stream = frames.ask(false, "POST", "/echo", "expect", "100-continue");
    assertThat(frames.head(stream).status()).isEqualTo(100);
    frames.data(stream, true, new byte[] {'a'});
    assertThat(frames.answer(stream).body()).isEqualTo("POST /echo a");
  }

  @Test
  void an_early_refusal_is_whole_and_the_body_is_called_off() {
    int stream = frames.ask(false, "POST", "/nowhere", "content-length", "1000000");
    frames.data(stream, false, new byte[1000]);
    assertThat(frames.answer(stream).status()).isEqualTo(404);
    Frame reset = frames.next(FrameClient.RST_STREAM);
    assertThat(Http2Error.valueOf(reset.error())).isEqualTo(Http2Error.NO_ERROR);
    assertThat(outcome(frames.ask(true, usual()))).isEqualTo("200");
  }

  @Test
  void silence_ends_an_idle_connection_with_a_word() {
    assertThat(outcome(frames.ask(true, usual()))).isEqualTo("200");
    Frame last = Objects.requireNonNull(frames.goAwayAtTheEnd());
    assertThat(Http2Error.valueOf(last.error())).isEqualTo(Http2Error.NO_ERROR);
    try (RawClient silent = world.edge().connect();
        RawClient half = world.edge().connect().send("PRI * HT")) {
      assertThat(silent.ended()).isTrue();
      assertThat(half.ended()).isTrue();
    }
  }

  @Test
  void without_h2c_the_preface_hears_what_is_spoken() {
    try (ProtocolWorld other = new ProtocolWorld(Spoken.H1, folder);
        RawClient client = other.edge().connect()) {
      client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(505);
    }
    // And where it is spoken, HTTP/1.1 still is.
    try (RawClient client = world.edge().connect()) {
      client.send("P").send("OST /headers HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(200);
    }
  }
}
