package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.testbed.UsageRows.Row;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A service's stream or socket that a kill cuts is recorded by what was delivered, as a model's
/// stream is.
class ServiceCrashTest {
  @TempDir Path folder;

  @Test
  void a_kill_in_the_middle_leaves_what_was_delivered() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    try (FakeProvider backend = FakeProvider.start();
        EchoBackend echo = EchoBackend.start()) {
      backend.answer((request, wire) -> {
        if (!request.path().equals("/api/chat")) {
          wire.json(200, "{\"models\":[]}");
          return;
        }
        wire.head(200, "content-type: application/x-ndjson", "transfer-encoding: chunked");
        while (true) {
          wire.chunk("{\"model\":\"a\",\"message\":{\"content\":\"word\"},\"done\":false}\n");
          sent.incrementAndGet();
          wire.pause(Duration.ofMillis(20));
        }
      });
      GateSetup setup =
          GateSetup.in(folder)
              .settings(
                  """
                  services:
                    - { id: chat, preset: ollama, instances: ["http://127.0.0.1:%d"] }
                    - { id: echo, preset: http, instances: ["%s"], allow: [GET /ws] }
                  prices:
                    entries:
                      - { model: chat/*, meters: { input: 1/1k, output: 1/1k } }
                      - { model: echo/*, meters: { bytes: 1/1M } }
                  """
                      .formatted(backend.port(), echo.url()));
      ChildGate gate = ChildGate.start(setup);
      String id;
      String budget;
      try (RawClient caller = gate.caller()) {
        AdminClient.Key made =
            gate.admin().createKey("{\"name\":\"x\",\"services\":[\"chat\",\"echo\"]}");
        String key = made.key();
        budget = budget(gate, made);
        SocketCaller socket = SocketCaller.open(gate, "/echo/ws", key).say("x".repeat(1000));
        assertThat(socket.next()).hasSize("text:".length() + 1000);
        caller.post(
            "/chat/api/chat",
            key,
            "{\"model\":\"a\",\"messages\":[{\"content\":\"%s\"}]}".formatted("what ".repeat(200)));
        id = String.valueOf(caller.head().headers().get("x-request-id"));
        Await.until("a good part", Duration.ofSeconds(60), () -> sent.get() > 150);
        assertThat(new BigDecimal(standing(gate, budget).path("reserved").asText()))
            .isGreaterThan(BigDecimal.valueOf(32 + 16));
        gate.kill();
      } finally {
        gate.kill();
      }
      try (ChildGate last = ChildGate.start(setup)) {
        last.admin().usage("by=model");
        Row row =
            UsageRows.sqlite(setup.data()).stream()
                .filter(each -> each.requestId().equals(id))
                .findFirst()
                .orElseThrow();
        assertThat(row.outcome()).isEqualTo("interrupted");
        assertThat(row.inputTokens()).isEqualTo(250);
        assertThat(row.outputTokens()).isBetween(40L, (long) sent.get() + 1);
        assertThat(socketRow(setup.data())).isEqualTo("interrupted bytes 1004");
        // Nothing is kept aside any more, and what was delivered is paid for to the nano.
        JsonNode standing = standing(last, budget);
        assertThat(standing.path("reserved").asText()).isEqualTo("0");
        assertThat(new BigDecimal(standing.path("spent").asText()))
            .isEqualByComparingTo(
                BigDecimal.valueOf(250 + row.outputTokens(), 3).add(new BigDecimal("0.001004")));
      }
    }
  }

  private static String budget(Gate gate, AdminClient.Key key) throws Exception {
    return gate.admin()
        .call(
            "POST",
            "/api/budgets",
            "{\"on\":\"%s\",\"usd\":\"100\",\"per\":\"day\"}".formatted(key.id()),
            201)
        .path("id")
        .asText();
  }

  private static JsonNode standing(Gate gate, String budget) throws Exception {
    return gate.admin().call("GET", "/api/budgets/" + budget, "", 200);
  }

  private static String socketRow(Path data) throws SQLException {
    String url = "jdbc:sqlite:" + data.resolve("gatewright.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT outcome || ' ' || unit || ' ' || quantity FROM usage_attempt WHERE provider = 'echo'")) {
      return row.next() ? row.getString(1) : "no row";
    }
  }
}
