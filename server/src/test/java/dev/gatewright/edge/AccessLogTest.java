package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.edge.log.AccessLog;
import dev.gatewright.edge.log.RotatingFile;
import dev.gatewright.json.JsonBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  private record Known(String id, String organizationId, String projectId)
      implements AccessEntry.Caller {}

  private static RouteTable routes() {
    return RouteTable.builder()
        .get("/v1/models/{id*}", AccessLogTest::known)
        .any("/silent", exchange -> {})
        .build();
  }

  private static void known(Exchange exchange) {
    exchange.access().caller(new Known("key_0123456789", "org_1", "prj_1"));
    exchange.access().event("auth_denied");
    TestHandlers.echo(exchange);
  }

  /// Runs `requests`, each on its own connection, and returns the log's lines in order.
  private List<JsonNode> log(String... requests) throws IOException {
    try (AccessLog log = AccessLog.open(directory);
        Edge edge = Edge.start(routes(), Transport.best(), config -> config, log)) {
      for (String request : requests) {
        try (RawClient client = edge.connect()) {
          var _ = client.send(request).answer(request.startsWith("HEAD"));
        }
      }
    }
    return lines(Files.readString(directory.resolve("access.log")));
  }

  private static List<JsonNode> lines(String text) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : text.lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    lines.sort(Comparator.comparing(line -> line.get("request_id").asText()));
    return lines;
  }

  @Test
  void is_readable_by_its_owner_alone_and_follows_no_link() throws Exception {
    Path file = directory.resolve("access.log");
    Files.createFile(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    AccessLog.open(directory).close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    Path elsewhere = Files.move(file, directory.resolve("elsewhere"));
    Files.createSymbolicLink(file, elsewhere);
    assertThatThrownBy(() -> AccessLog.open(directory)).isInstanceOf(IOException.class);
  }

  @Test
  void one_line_says_who_asked_what_and_what_came_of_it() throws Exception {
    String request =
        Wire.head(
            "GET /v1/models/canary-path?canary=query HTTP/1.1",
            "Host: Gate.example:8080",
            "Authorization: Bearer canary-key",
            "Content-Length: 11");

    JsonNode line = log(request + "canary-body").getFirst();

    assertThat(Instant.parse(line.get("time").asText()))
        .isBetween(Instant.now().minusSeconds(60), Instant.now());
    assertThat(line.get("time").asText()).matches(".*\\.\\d{3}Z");
    assertThat(line.get("site").asText()).isEqualTo("Gate.example:8080");
    assertThat(line.get("client").asText()).isEqualTo("127.0.0.1");
    assertThat(line.get("key_id").asText()).isEqualTo("key_0123456789");
    assertThat(line.get("method").asText()).isEqualTo("GET");
    assertThat(line.get("route").asText()).isEqualTo("/v1/models/{id}");
    assertThat(line.get("status").asInt()).isEqualTo(200);
    assertThat(line.get("reason").isNull()).isTrue();
    assertThat(line.get("event").asText()).isEqualTo("auth_denied");
    assertThat(line.get("bytes_in").asLong()).isEqualTo(11);
    assertThat(line.get("bytes_out").asLong()).isGreaterThan(20);
    assertThat(line.get("ms").asDouble()).isBetween(0.0, 60_000.0);
    assertThat(line.get("request_id").asText()).startsWith("req_");
    assertThat(line.toString()).doesNotContain("canary");
  }

  @Test
  void refused_requests_are_there_with_their_reason() throws Exception {
    List<JsonNode> lines =
        log(
            "GET /a HTTP/1.1\nHost: gate\r\n\r\n",
            "GET /a%2fcanary HTTP/1.1\r\nHost: gate\r\n\r\n",
            "G\"T /a HTTP/1.1\r\nHost: gate\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: ga\"te\r\n\r\n",
            "GET /nowhere HTTP/1.1\r\nHost: gate\r\n\r\n",
            "PUT /v1/models/a HTTP/1.1\r\nHost: gate\r\n\r\n");

    assertThat(lines.stream().map(line -> line.get("reason").asText()))
        .containsExactly(
            "bare_lf", "path_encoded", "bad_method", "bad_host", "not_found", "method_not_allowed");
    assertThat(lines.stream().map(line -> line.get("status").asInt()))
        .containsExactly(400, 400, 400, 400, 404, 405);
    assertThat(lines.toString()).doesNotContain("canary");
  }

  @Test
  void a_caller_who_left_is_499() throws Exception {
    try (AccessLog log = AccessLog.open(directory);
        Edge edge = Edge.start(routes(), Transport.best(), config -> config, log)) {
      try (RawClient client = edge.connect()) {
        client.send("GET /silent HTTP/1.1\r\nHost: gate\r\n\r\n");
        Await.until(() -> edge.server().drain().running() == 1);
      }
      Await.until(() -> edge.server().drain().running() == 0);
    }
    JsonNode line = lines(Files.readString(directory.resolve("access.log"))).getFirst();
    assertThat(line.get("status").asInt()).isEqualTo(499);
    assertThat(line.get("reason").asText()).isEqualTo("caller_left");
  }

  @Test
  void lines_are_written_while_the_server_runs() throws Exception {
    try (AccessLog log = AccessLog.open(directory);
        Edge edge = Edge.start(routes(), Transport.best(), config -> config, log);
        RawClient client = edge.connect()) {
      var _ = client.send("GET /nowhere HTTP/1.1\r\nHost: gate\r\n\r\n").answer();
      Path file = directory.resolve("access.log");
      Await.until(() -> file.toFile().length() > 100);
    }
  }

  @Test
  void files_are_rotated_and_bounded() throws Exception {
    byte[] line = ("x".repeat(99) + "\n").getBytes(StandardCharsets.US_ASCII);
    try (RotatingFile file = RotatingFile.open(directory.resolve("access.log"), 1000, 3)) {
      for (int i = 0; i < 95; i++) {
        line[0] = (byte) ('A' + i / 10);
        file.append(line);
      }
    }

    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("access.log", "access.log.1", "access.log.2");
    }
    assertThat(Files.readString(directory.resolve("access.log"))).hasSize(500).startsWith("J");
    assertThat(Files.readString(directory.resolve("access.log.1"))).hasSize(1000).startsWith("I");
    assertThat(Files.readString(directory.resolve("access.log.2"))).hasSize(1000).startsWith("H");
  }

  @Test
  void an_existing_file_is_continued() throws Exception {
    Path file = directory.resolve("access.log");
    Files.writeString(file, "old\n");
    try (RotatingFile log = RotatingFile.open(file, 1000, 3)) {
      log.append(new byte[] {'n', 'e', 'w', '\n'});
    }
    assertThat(Files.readString(file)).isEqualTo("old\nnew\n");
  }

  @Test
  void what_a_slow_disk_cannot_take_is_dropped_and_counted() throws Exception {
    int batches = 2000;
    byte[] batch = new byte[64 << 10];
    AccessLog log = AccessLog.open(directory, 32 << 20, 2);
    try (log) {
      for (int i = 0; i < batches; i++) {
        log.offer(batch, 10);
      }
    }
    long writtenBytes = (batches - log.droppedLines() / 10) * batch.length;
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.mapToLong(path -> path.toFile().length()).sum())
          .isPositive()
          .isLessThanOrEqualTo(Math.min(writtenBytes, 64L << 20));
    }
  }

  @Test
  void escapes_whatever_could_end_a_line_or_a_string() throws Exception {
    String nasty = "a\"b\\c\nd\u0000e\u007ff\u00e4\u2028\ud83d\ude00";
    byte[] json = new JsonBytes(4).raw("{\"s\":").string(nasty).raw("}").toArray();
    assertThat(JSON.readTree(json).get("s").asText()).isEqualTo(nasty);
    assertThat(new String(json, StandardCharsets.UTF_8)).matches("[ -~]+");
    assertThat(
            new String(
                new JsonBytes(1).number(0).raw(",").number(1234567890123L).toArray(),
                StandardCharsets.US_ASCII))
        .isEqualTo("0,1234567890123");
  }
}
