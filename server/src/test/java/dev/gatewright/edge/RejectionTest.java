package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.head.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Everything the edge turns away, each with a request behind it that must never be answered.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RejectionTest {
  private static final String PROBE = "GET /probe HTTP/1.1\r\nHost: gate\r\n\r\n";

  private final List<String> seen = new ArrayList<>();
  private Edge edge;

  @BeforeAll
  void start() {
    edge =
        Edge.start(
            RouteTable.builder()
                .any("/probe", this::seen)
                .get("/v1/models/{id*}", TestHandlers::echo)
                .any("/*", TestHandlers::echo)
                .build());
  }

  private void seen(Exchange exchange) {
    synchronized (seen) {
      seen.add(exchange.request().path());
    }
    TestHandlers.echo(exchange);
  }

  @AfterAll
  void stop() {
    edge.close();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource({"framing", "heads", "targets", "chunks"})
  void refuses_and_closes(Rejection rejection, String request) {
    try (RawClient client = edge.connect()) {
      Answer answer = client.send(request + PROBE).answer();

      assertThat(answer.body()).contains(rejection.refusal().message());
      assertThat(answer.status()).isEqualTo(rejection.status());
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(answer.body()).contains("\"request_id\":\"" + answer.header("x-request-id"));
      assertThat(client.ended()).isTrue();
    }
    synchronized (seen) {
      assertThat(seen).isEmpty();
    }
  }

  private static Arguments of(Rejection rejection, String request) {
    return Arguments.of(rejection, request);
  }

  private static Arguments post(Rejection rejection, String... lines) {
    String head = "POST /a HTTP/1.1\r\nHost: gate\r\n" + String.join("\r\n", lines);
    return Arguments.of(rejection, head + "\r\n\r\n");
  }

  static Stream<Arguments> framing() {
    return Stream.of(
        post(Rejection.LENGTH_AND_ENCODING, "Content-Length: 5", "Transfer-Encoding: chunked"),
        post(Rejection.LENGTH_AND_ENCODING, "Transfer-Encoding: chunked", "Content-Length: 0"),
        post(Rejection.SEVERAL_LENGTHS, "Content-Length: 5", "Content-Length: 5"),
        post(Rejection.SEVERAL_LENGTHS, "Content-Length: 5", "content-length: 6"),
        post(Rejection.SEVERAL_LENGTHS, "Content-Length: 5, 5"),
        post(Rejection.SEVERAL_LENGTHS, "Content-Length: 5,6"),
        post(Rejection.BAD_LENGTH, "Content-Length: +5"),
        post(Rejection.BAD_LENGTH, "Content-Length: -1"),
        post(Rejection.BAD_LENGTH, "Content-Length: "),
        post(Rejection.BAD_LENGTH, "Content-Length: 0x5"),
        post(Rejection.BAD_LENGTH, "Content-Length: 5 5"),
        post(Rejection.BAD_LENGTH, "Content-Length: 5.0"),
        post(Rejection.BAD_LENGTH, "Content-Length: \u00b2"),
        post(Rejection.BAD_LENGTH, "Content-Length: 1234567890123456789"),
        post(Rejection.TRANSFER_ENCODING, "Transfer-Encoding: gzip, chunked"),
        post(Rejection.TRANSFER_ENCODING, "Transfer-Encoding: chunked, chunked"),
        post(
            Rejection.TRANSFER_ENCODING,
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: chunked"),
        post(Rejection.TRANSFER_ENCODING, "Transfer-Encoding: identity"),
        post(Rejection.TRANSFER_ENCODING, "Transfer-Encoding: xchunked"),
        post(Rejection.TRANSFER_ENCODING, "Transfer-Encoding: \"chunked\""),
        post(Rejection.TRANSFER_ENCODING, "Transfer-Encoding:"),
        post(Rejection.TRANSFER_ENCODING, "Transfer-Encoding: chunked\u00a0"),
        post(Rejection.HEADER_VALUE, "Transfer-Encoding: \u000bchunked"),
        of(
            Rejection.ENCODING_IN_1_0,
            "POST /a HTTP/1.0\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\n"),
        of(
            Rejection.UPGRADE_IN_1_0,
            "GET /a HTTP/1.0\r\nHost: gate\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"),
        post(Rejection.EXPECTATION, "Content-Length: 5", "Expect: 200-ok"),
        post(Rejection.EXPECTATION, "Expect:"));
  }

  static Stream<Arguments> heads() {
    return Stream.of(
        of(Rejection.BARE_LF, "GET /a HTTP/1.1\nHost: gate\r\n\r\n"),
        of(Rejection.BARE_LF, "GET /a HTTP/1.1\r\nHost: gate\n\r\n"),
        of(Rejection.BARE_LF, "GET /a HTTP/1.1\r\nHost: gate\r\n\n"),
        of(Rejection.BARE_LF, "GET /a HTTP/1.1\r\nHost: gate\r\nA: b\nC: d\r\n\r\n"),
        post(Rejection.OBS_FOLD, "A: b", " c"),
        post(Rejection.OBS_FOLD, "X-Encoding:", "\tchunked"),
        of(Rejection.OBS_FOLD, "GET /a HTTP/1.1\r\n Host: gate\r\n\r\n"),
        post(Rejection.SPACE_BEFORE_COLON, "Content-Length : 5"),
        post(Rejection.SPACE_BEFORE_COLON, "A\t: 5"),
        post(Rejection.SPACE_BEFORE_COLON, "no colon"),
        post(Rejection.HEADER_NAME, ": empty"),
        post(Rejection.HEADER_NAME, "a(b): c"),
        post(Rejection.HEADER_NAME, "a\u00e4: c"),
        post(Rejection.HEADER_NAME, "a\u0000: c"),
        post(Rejection.HEADER_NAME, "lonely"),
        post(Rejection.HEADER_VALUE, "a: b\u0000c"),
        post(Rejection.HEADER_VALUE, "a: b\u007fc"),
        post(Rejection.HEADER_VALUE, "a: b\rc"),
        post(Rejection.HEADER_VALUE, "a: \u001b[0m"),
        post(Rejection.HEADER_UNDERSCORE, "Content_Length: 5"),
        post(Rejection.HEADER_UNDERSCORE, "transfer_encoding: chunked"),
        post(Rejection.HEADER_UNDERSCORE, "x_api_key: k"),
        post(Rejection.HEADER_UNDERSCORE, "X-Forwarded_For: 1.2.3.4"),
        post(Rejection.HEADER_UNDERSCORE, "x_gatewright_client: 1.2.3.4"),
        post(Rejection.HEADER_UNDERSCORE, "X_Gatewright-Edge: s"),
        post(Rejection.HEADER_UNDERSCORE, "x-gatewright_anything: s"),
        of(Rejection.NO_HOST, "GET /a HTTP/1.1\r\nA: b\r\n\r\n"),
        of(Rejection.NO_HOST, "GET /a HTTP/1.1\r\n\r\n"),
        of(Rejection.NO_HOST, "GET /a HTTP/1.0\r\n\r\n"),
        post(Rejection.SEVERAL_HOSTS, "Host: gate"),
        post(Rejection.SEVERAL_HOSTS, "host: other"),
        of(
            Rejection.TOO_MANY_HEADERS,
            Wire.head("GET /a HTTP/1.1", "a: b\r\n".repeat(129).strip())),
        of(Rejection.HEAD_TOO_LARGE, Wire.head("GET /a HTTP/1.1", "a: " + "b".repeat(8192))),
        of(Rejection.HEAD_TOO_LARGE, "GET /" + "a".repeat(9000) + " HTTP/1.1\r\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "a b", "a/b", "a\\b", "a?b", "a#b", "a@b", "user@gate", "gate:", "gate:x",
            "gate:123456",
        "gate:-1", "[::1", "[::g]", "[::1]x", "::1", "a,b", "a;b", "ä", "gate:80:80", "[::1]:",
            "%41"
      })
  void refuses_a_host_that_could_end_an_authority(String host) {
    refuses_and_closes(Rejection.BAD_HOST, "GET /a HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
  }

  static Stream<Arguments> targets() {
    Stream<Arguments> lines =
        Stream.of(
            of(Rejection.BAD_METHOD, "\r\nGET /a HTTP/1.1\r\nHost: gate\r\n\r\n"),
            of(Rejection.BAD_METHOD, "\u0000GET /a HTTP/1.1\r\nHost: gate\r\n\r\n"),
            of(Rejection.TLS, "\u0016\u0003\u0001\u0002\u0000"),
            of(Rejection.CONNECT, "CONNECT gate:443 HTTP/1.1\r\nHost: gate\r\n\r\n"),
            of(Rejection.CONNECT, "CONNECT /api/keys HTTP/1.1\r\nHost: gate\r\n\r\n"),
            of(Rejection.BAD_METHOD, "G(T /a HTTP/1.1\r\nHost: gate\r\n\r\n"),
            of(Rejection.BAD_METHOD, "G".repeat(33) + " /a HTTP/1.1\r\nHost: gate\r\n\r\n"),
            of(Rejection.BAD_METHOD, " GET /a HTTP/1.1\r\nHost: gate\r\n\r\n"),
            of(Rejection.BAD_METHOD, "GET\t/a HTTP/1.1\r\nHost: gate\r\n\r\n"),
            of(Rejection.BAD_REQUEST_LINE, "GET /a\r\nHost: gate\r\n\r\n"),
            of(Rejection.BAD_REQUEST_LINE, "GET /a HTTP/1.1 \r\nHost: gate\r\n\r\n"),
            of(Rejection.BAD_REQUEST_LINE, "GET /a http/1.1\r\nHost: gate\r\n\r\n"),
            of(Rejection.BAD_REQUEST_LINE, "GET /a HTTP/1.x\r\nHost: gate\r\n\r\n"),
            of(Rejection.BAD_REQUEST_LINE, "GET /a HTTP/1.11\r\nHost: gate\r\n\r\n"),
            of(Rejection.BAD_REQUEST_LINE, "GET  HTTP/1.1\r\nHost: gate\r\n\r\n"),
            of(Rejection.BAD_REQUEST_LINE, "GET /a HTTP/1.1\rX\r\nHost: gate\r\n\r\n"),
            of(Rejection.VERSION, "GET /a HTTP/1.2\r\nHost: gate\r\n\r\n"),
            of(Rejection.VERSION, "GET /a HTTP/2.0\r\nHost: gate\r\n\r\n"),
            of(Rejection.HTTP_2, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
            of(Rejection.VERSION, "GET /a HTTP/0.9\r\nHost: gate\r\n\r\n"));
    return Stream.concat(lines, TargetCheckTest.refused().map(RejectionTest::target));
  }

  private static Arguments target(Arguments refused) {
    Object[] pair = refused.get();
    return of((Rejection) pair[0], Wire.head("GET " + pair[1] + " HTTP/1.1", "Host: gate"));
  }

  static Stream<Arguments> chunks() {
    return Stream.of(
            of(Rejection.CHUNK_SIZE, "+5\r\nhello\r\n0\r\n\r\n"),
            of(Rejection.CHUNK_SIZE, "-5\r\nhello\r\n0\r\n\r\n"),
            of(Rejection.CHUNK_SIZE, "\r\nhello\r\n0\r\n\r\n"),
            of(Rejection.CHUNK_SIZE, " 5\r\nhello\r\n0\r\n\r\n"),
            of(Rejection.CHUNK_SIZE, "5 \r\nhello\r\n0\r\n\r\n"),
            of(Rejection.CHUNK_SIZE, "0x5\r\nhello\r\n0\r\n\r\n"),
            of(Rejection.CHUNK_SIZE, "5 ;a\r5\r\nhello\r\n0\r\n\r\n"),
            of(Rejection.BARE_LF, "5;a\nhello\r\n0\r\n\r\n"),
            of(Rejection.CHUNK_EXTENSION, "5;\u0000\r\nhello\r\n0\r\n\r\n"),
            of(Rejection.CHUNK_EXTENSION, "5;" + "b".repeat(4097) + "\r\nhello\r\n0\r\n\r\n"),
            of(Rejection.CHUNK_EXTENSION, ("1;" + "b".repeat(1000) + "\r\nx\r\n").repeat(6)),
            of(Rejection.CHUNK_SIZE, "0000000000000005\r\nhello\r\n0\r\n\r\n"),
            of(Rejection.CHUNK_SIZE, "5\rhello\r\n0\r\n\r\n"),
            of(Rejection.CHUNK_SIZE, "g\r\nhello\r\n0\r\n\r\n"),
            of(Rejection.BARE_LF, "5\nhello\r\n0\r\n\r\n"),
            of(Rejection.CHUNK_END, "5\r\nhelloX\r\n0\r\n\r\n"),
            of(Rejection.CHUNK_END, "5\r\nhello\n0\r\n\r\n"),
            of(Rejection.CHUNK_END, "5\r\nhello\r0\r\n\r\n"),
            of(Rejection.TRAILER, "0\r\nno colon\r\n\r\n"),
            of(Rejection.TRAILER, "0\r\n fold: x\r\n\r\n"),
            of(Rejection.TRAILER, "0\r\na : x\r\n\r\n"),
            of(Rejection.TRAILER, "0\r\na: \u0000\r\n\r\n"),
            of(Rejection.BARE_LF, "0\r\na: b\n\r\n"),
            of(Rejection.BARE_LF, "0\r\n\n"),
            of(Rejection.TRAILERS_TOO_LARGE, "0\r\na: " + "b".repeat(8200) + "\r\n\r\n"))
        .map(RejectionTest::chunked);
  }

  private static Arguments chunked(Arguments body) {
    Object[] pair = body.get();
    String head = Wire.head("POST /a HTTP/1.1", "Host: gate", "Transfer-Encoding: chunked");
    return of((Rejection) pair[0], head + pair[1]);
  }
}
