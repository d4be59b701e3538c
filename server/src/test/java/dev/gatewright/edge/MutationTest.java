package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.log.AccessLog;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Thousands of damaged requests, each with a probe behind it on the same connection: what the
/// handler sees must be exactly what a plain reading of the bytes gives, never a request that was
/// hidden in another one's body, and the probe must get its own answer or none.
class MutationTest {
  private static final int ROUNDS = 5100;
  private static final String PROBE =
      "GET /probe HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\r\n";
  private static final String HEAD = "POST /a HTTP/1.1\r\nHost: gate\r\n";
  private static final String CHUNKS = "0a\r\nGET /smugg\r\n3\r\nled\r\n0\r\nTrailer: t\r\n\r\n";
  private static final List<String> SEEDS =
      List.of(
          HEAD
              + "Content-Length: 43\r\n\r\n"
              + "GET /smuggled HTTP/1.1\r\nHost: gate\r\nX: y\r\n\r\n",
          HEAD + "Transfer-Encoding: chunked\r\nX-Y: z\r\n\r\n" + CHUNKS,
          "GET /b/c?d=e%20f HTTP/1.1\r\nHost: gate:80\r\nConnection: keep-alive\r\n\r\n",
          "POST /a HTTP/1.0\r\nHost: [::1]\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nhi",
          "PUT /v HTTP/1.1\r\nhost:gate\r\ncontent-length:0\r\nx-api_key: 1\r\n\r\n",
          "POST /two HTTP/1.1\r\nHost: gate\r\nContent-Length: 3\r\n\r\nabc"
              + "GET /three HTTP/1.1\r\nHost: gate\r\n\r\n");
  private static final List<String> SCRAPS =
      List.of(
          "\r\n",
          "\n",
          "\r",
          " ",
          "\t",
          ":",
          "\0",
          "0",
          "00",
          "5",
          "chunked",
          "Content-Length: 5\r\n",
          "Transfer-Encoding: chunked\r\n",
          "Transfer-Encoding : chunked\r\n",
          "Host: x\r\n",
          "%2f",
          "..",
          "//",
          ";",
          "_",
          "\u000b",
          "\u0085",
          "HTTP/1.0",
          ",",
          "+",
          "-",
          "0\r\n\r\n",
          "\r\n\r\n",
          "X:y");

  @ParameterizedTest
  @EnumSource
  void never_a_crash_and_never_out_of_step(Transport transport) {
    long seed = new SecureRandom().nextLong();
    Random random = new Random(seed);
    RouteTable routes = RouteTable.builder().any("/*", TestHandlers::echo).build();
    try (Edge edge = Edge.start(routes, transport, config -> config, AccessLog.none())) {
      for (int round = 0; round < ROUNDS; round++) {
        String sent = mutate(random) + PROBE;
        List<String> expected = ReferenceReader.requests(sent);
        List<String> answered = exchange(edge, sent, random);
        assertThat(answered)
            .as("seed %d, round %d: %s", seed, round, visible(sent))
            .isEqualTo(expected);
      }
      Await.until(() -> edge.server().drain().running() == 0);
      try (RawClient client = edge.connect()) {
        assertThat(client.send(PROBE).answer().status()).isEqualTo(200);
      }
    }
  }

  private static String mutate(Random random) {
    StringBuilder text = new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())));
    for (int count = random.nextInt(4); count > 0; count--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(5)) {
        case 0 -> text.setCharAt(at, (char) random.nextInt(256));
        case 1 -> text.deleteCharAt(at);
        case 2 -> text.insert(at, SCRAPS.get(random.nextInt(SCRAPS.size())));
        case 3 -> {
          int end = Math.min(text.length(), at + 1 + random.nextInt(20));
          text.insert(random.nextInt(text.length()), text.substring(at, end));
        }
        default -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(8)));
      }
    }
    return text.toString();
  }

  /// Bodies of the 200 answers, after which at most one refusal may follow.
  private static List<String> exchange(Edge edge, String sent, Random random) {
    List<String> answered = new ArrayList<>();
    try (RawClient client = edge.connect()) {
      byte[] bytes = sent.getBytes(StandardCharsets.ISO_8859_1);
      int cut = random.nextInt(4) == 0 ? 1 + random.nextInt(bytes.length - 1) : bytes.length;
      client.send(bytes, 0, cut).send(bytes, cut, bytes.length);
      client.shutdownOutput();
      String answers = new String(client.readToEnd(), StandardCharsets.ISO_8859_1);
      while (!answers.isEmpty()) {
        int head = answers.indexOf("\r\n\r\n") + 4;
        Answer answer = Answer.of(answers.substring(0, head));
        answers = answers.substring(head);
        if (answer.status() == 100) {
          continue;
        }
        int length = Integer.parseInt(String.valueOf(answer.header("content-length")));
        if (answer.status() != 200) {
          assertThat(answer.status()).as(visible(sent)).isBetween(400, 505);
          assertThat(answers).as(visible(sent)).hasSize(length);
          return answered;
        }
        answered.add(utf8(answers.substring(0, length)));
        answers = answers.substring(length);
      }
    } catch (java.io.UncheckedIOException e) {
      // The edge had refused and closed before the second part was sent.
    }
    return answered;
  }

  private static String utf8(String latin1) {
    return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static String visible(String text) {
    StringBuilder visible = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      visible.append(c >= ' ' && c < 127 ? Character.toString(c) : "\\x%02x".formatted((int) c));
    }
    return visible.toString();
  }
}
