package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.secret.Secret;
import dev.gatewright.store.PostgresAddress;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sums that take long (here: a table nobody may read for a while) starve nobody else.
class LanesTest {
  private static final Duration HELD = Duration.ofSeconds(9);

  @TempDir Path folder;

  @Test
  void calls_go_on_and_keys_die_while_sums_wait() throws Exception {
    PostgresAddress database = TestPostgres.freshDatabase();
    try (FakeProvider provider = FakeProvider.start();
        Gate gate = LocalGate.start(onPostgres(GateSetup.usual(folder, provider), database));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      AdminClient admin = gate.admin();
      String key = admin.liveKey("steady").key();
      AdminClient.Key doomed = admin.liveKey("doomed");
      assertThat(chat(gate, key)).isEqualTo(200);
      admin.usage("by=model");

      List<CompletableFuture<HttpResponse<String>>> sums = new ArrayList<>();
      int calls = 1;
      try (Connection holder = connect(database);
          var statement = holder.createStatement()) {
        holder.setAutoCommit(false);
        statement.execute("LOCK TABLE usage_rollup IN ACCESS EXCLUSIVE MODE");
        long held = System.nanoTime();
        for (int i = 0; i < 12; i++) {
          sums.add(CompletableFuture.supplyAsync(() -> get(admin, "/api/usage"), threads));
        }
        while (System.nanoTime() - held < HELD.toNanos()) {
          assertThat(chat(gate, key)).isEqualTo(200);
          calls++;
          if (calls == 20) {
            long before = System.nanoTime();
            admin.revoke(doomed.id());
            assertThat(chat(gate, doomed.key())).isEqualTo(401);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(secondsOf(2));
          }
          if (calls == 40) {
            // A key's first call is looked up.
            long before = System.nanoTime();
            assertThat(chat(gate, admin.liveKey("new").key())).isEqualTo(200);
            calls++;
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(secondsOf(2));
          }
        }
        assertThat(sums.stream().filter(sum -> busy(sum.getNow(null)))).hasSizeGreaterThan(8);
      }
      sums.forEach(CompletableFuture::join);
      assertThat(admin.usage("by=model").path(0).path("requests").asInt()).isEqualTo(calls);
    }
  }

  private static Duration secondsOf(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static boolean busy(HttpResponse<String> answer) {
    return answer != null
        && answer.statusCode() == 503
        && answer.headers().firstValue("retry-after").isPresent();
  }

  private static GateSetup onPostgres(GateSetup setup, PostgresAddress database) {
    byte[] masterKey = new byte[32];
    new SecureRandom().nextBytes(masterKey);
    return setup
        .settings(
            "master-key: " + Base64.getUrlEncoder().withoutPadding().encodeToString(masterKey))
        .settings(
            "database-url: postgresql://postgres:%s@%s/%s"
                .formatted(password(database), database.hosts(), database.database()));
  }

  private static Connection connect(PostgresAddress database) throws java.sql.SQLException {
    String url = "jdbc:postgresql://%s/%s".formatted(database.hosts(), database.database());
    return DriverManager.getConnection(url, "postgres", password(database));
  }

  private static String password(PostgresAddress database) {
    Secret password = Objects.requireNonNull(database.password());
    return password.expose();
  }

  private static HttpResponse<String> get(AdminClient admin, String path) {
    try {
      return admin.send("GET", path, "");
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int chat(Gate gate, String key) throws IOException {
    try (RawClient caller = gate.caller()) {
      return caller
          .post("/v1/chat/completions", key, "{\"model\":\"fast\",\"messages\":[]}")
          .answer()
          .status();
    }
  }
}
