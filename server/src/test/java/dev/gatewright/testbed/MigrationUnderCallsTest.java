package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.secret.Secret;
import dev.gatewright.store.PostgresAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A migration that indexes the rows of usage, on PostgreSQL, under calls: none fails, and each is
/// counted once when the table is free again.
class MigrationUnderCallsTest {
  private static final int CALLERS = 4;

  /// What the index may take, and what was put off may take to be counted.
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  @TempDir Path folder;

  @Test
  void calls_go_on_while_rows_are_indexed() throws Exception {
    goesOn(100_000);
  }

  @Test
  @Tag("long")
  void calls_go_on_while_ten_million_rows_are_indexed() throws Exception {
    goesOn(10_000_000);
  }

  private void goesOn(int rows) throws Exception {
    PostgresAddress database = TestPostgres.freshDatabase();
    fill(database, rows);
    Queue<String> answered = new ConcurrentLinkedQueue<>();
    Map<Integer, AtomicInteger> others = new ConcurrentHashMap<>();
    AtomicBoolean over = new AtomicBoolean();
    try (FakeProvider provider = FakeProvider.start();
        ChildGate gate =
            ChildGate.start(
                GateSetup.usual(folder, provider)
                    .environment("DATABASE_URL", url(database))
                    .environment("GATEWRIGHT_MASTER_KEY", masterKey()));
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      String key = gate.admin().liveKey("k").key();
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        callers.add(
            Thread.ofVirtual()
                .start(() -> {
                  while (!over.get()) {
                    call(client, gate.url(), key, answered, others);
                  }
                }));
      }
      Await.until("calls", PATIENCE, () -> answered.size() >= 100);
      int before = answered.size();
      try (Connection migration = database.unhurried().getConnection();
          Statement script = migration.createStatement()) {
        migration.setAutoCommit(false);
        script.execute(
            "CREATE INDEX usage_by_time ON usage_attempt (project_id, started_millis, model)");
        // On a small table it is done at once: its lock is held until calls have come.
        Await.until("calls meanwhile", PATIENCE, () -> answered.size() >= before + 200);
        migration.commit();
      }
      over.set(true);
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(others).as("answers that were not 200").isEmpty();
      Set<String> seen = new TreeSet<>(answered);
      Await.until("all are counted", PATIENCE, () -> counted(database) >= seen.size());
      assertThat(counted(database)).isEqualTo(seen.size()).isEqualTo(answered.size());
    }
  }

  private static void call(
      HttpClient client,
      URI gate,
      String key,
      Queue<String> answered,
      Map<Integer, AtomicInteger> others) {
    HttpResponse<String> answer = ChatCall.send(client, gate, key);
    if (answer != null && answer.statusCode() == 200) {
      answered.add(answer.headers().firstValue("x-request-id").orElseThrow());
    } else {
      others
          .computeIfAbsent(answer == null ? 0 : answer.statusCode(), _ -> new AtomicInteger())
          .incrementAndGet();
    }
    try {
      Thread.sleep(20);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static void fill(PostgresAddress database, int rows) throws Exception {
    try (Connection connection = database.unhurried().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO usage_attempt (organization_id, id, project_id, key_id, request_id, ordinal,
            first_on_target, first_on_provider, model, target, provider, endpoint, stream, test,
            started_millis, first_byte_millis, duration_millis, status, outcome, input_tokens,
            output_tokens, cached_tokens, cache_write_tokens, reasoning_tokens, source,
            request_bytes, response_bytes)
          SELECT 'org_filled', 'att_' || lpad(i::text, 20, '0'), 'prj_' || i %% 50, 'key_' || i %% 500,
            'req_' || i, 0, 1, 1, 'model-' || i %% 20, 'p/model-' || i %% 20, 'p',
            '/v1/chat/completions', 0, 0, 1700000000000 + i, 100, 200, 200, 'completed', 10, 10, 0, 0,
            0, 'provider', 100, 100
          FROM generate_series(1, %d) AS i\
          """
              .formatted(rows));
    }
  }

  private static long counted(PostgresAddress database) throws Exception {
    try (Connection connection = database.unhurried().getConnection();
        Statement statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT count(*) FROM usage_attempt WHERE organization_id <> 'org_filled'")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static String masterKey() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String url(PostgresAddress database) {
    Secret password = Objects.requireNonNull(database.password());
    return "postgresql://postgres:%s@%s/%s"
        .formatted(password.expose(), database.hosts(), database.database());
  }
}
