package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.PostgresAddress;
import dev.gatewright.testbed.UsageRows.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two replicas on one PostgreSQL: what one is told the other knows within a second, and what one
/// leaves open when it dies the other closes, once its lease has run out and not before.
class ReplicasTest {
  @TempDir Path folder;
  private FakeProvider provider;
  private PostgresAddress database;
  private String masterKey;

  @BeforeEach
  void start() throws IOException {
    provider = FakeProvider.start();
    database = TestPostgres.freshDatabase();
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    masterKey = Base64.getUrlEncoder().withoutPadding().encodeToString(key);
  }

  @AfterEach
  void stop() throws IOException {
    provider.close();
  }

  @Test
  void revoking_on_one_replica_ends_streams_on_the_other() throws Exception {
    try (ChildGate one = replica("one");
        ChildGate two = replica("two");
        RawClient running = two.caller()) {
      AdminClient.Key key = one.admin().liveKey("shared");
      Await.until("the new key", Duration.ofSeconds(10), () -> chat(two, key.key()) == 200);
      provider.reset();
      running.post(
          "/v1/chat/completions",
          key.key(),
          "{\"model\":\"endless\",\"stream\":true,\"messages\":[]}");
      running.head();
      SeenRequest upstream = provider.take();

      one.admin().revoke(key.id());
      long revoked = System.nanoTime();
      long closed = upstream.closed().get(20, TimeUnit.SECONDS);
      assertThat(Duration.ofNanos(closed - revoked)).isLessThan(Duration.ofSeconds(1));
      assertThat(chat(two, key.key())).isEqualTo(401);
    }
  }

  /// Whichever layer it stands on: a rule of a member's is felt by the member's keys.
  @Test
  void a_rule_on_one_replica_ends_the_streams_it_forbids_on_the_other() throws Exception {
    try (ChildGate one = replica("one");
        ChildGate two = replica("two")) {
      TestPerson owner = TestPerson.owner(one);
      String body = "{\"name\":\"k\",\"owner\":\"%s\"}".formatted(owner.id());
      JsonNode made = owner.call("POST", "/api/keys", body, 201);
      String key = made.path("key").asText();
      String project = made.path("project_id").asText();
      Await.until("the new key", Duration.ofSeconds(10), () -> chat(two, key) == 200);
      for (String[] layer :
          new String[][] {
            {"member", owner.id()},
            {"key", made.path("id").asText()},
            {"project", project},
            {"organization", owner.organizationId()},
          }) {
        try (RawClient running = two.caller()) {
          provider.reset();
          running.post(
              "/v1/chat/completions",
              key,
              "{\"model\":\"endless\",\"stream\":true,\"messages\":[]}");
          running.head();
          SeenRequest upstream = provider.take();
          String rule =
              owner
                  .call(
                      "POST",
                      "/api/policy/rules",
                      "{\"on\":\"%s\",\"id\":\"%s\",\"effect\":\"deny\",\"type\":\"models\",\"values\":[\"endless\"]}"
                          .formatted(layer[0], layer[1]),
                      201)
                  .path("id")
                  .asText();
          long added = System.nanoTime();
          long closed = upstream.closed().get(20, TimeUnit.SECONDS);
          assertThat(Duration.ofNanos(closed - added))
              .as(layer[0])
              .isLessThan(Duration.ofSeconds(1));
          // What it does not forbid goes on.
          assertThat(chat(two, key)).isEqualTo(200);
          assertThat(owner.send("DELETE", "/api/policy/rules/" + rule, "").statusCode())
              .isEqualTo(204);
          Await.until("it is gone there", Duration.ofSeconds(2), () -> opens(two, key));
        }
      }
    }
  }

  @Test
  void deleting_an_organization_on_one_replica_ends_its_streams_on_the_other() throws Exception {
    try (ChildGate one = replica("one");
        ChildGate two = replica("two");
        RawClient running = two.caller()) {
      String organization =
          one.admin()
              .call("POST", "/api/organizations", "{\"name\":\"Acme\"}", 201)
              .path("id")
              .asText();
      String platform = "/api/platform/organizations/" + organization;
      one.admin().call("PATCH", platform, "{\"platform_credentials\":true}", 200);
      String key = one.admin().in(organization).liveKey("theirs").key();
      Await.until("the new key", Duration.ofSeconds(10), () -> chat(two, key) == 200);
      provider.reset();
      running.post(
          "/v1/chat/completions", key, "{\"model\":\"endless\",\"stream\":true,\"messages\":[]}");
      running.head();
      SeenRequest upstream = provider.take();

      one.admin().call("DELETE", "/api/organizations/" + organization, "", 202);
      long deleted = System.nanoTime();
      long closed = upstream.closed().get(20, TimeUnit.SECONDS);
      assertThat(Duration.ofNanos(closed - deleted)).isLessThan(Duration.ofSeconds(1));
      assertThat(chat(two, key)).isEqualTo(401);
      assertThat(chat(one, key)).isEqualTo(401);
      one.admin().call("POST", "/api/organizations/" + organization + "/restore", "", 200);
      Await.until("the key again", Duration.ofSeconds(1), () -> chat(two, key) == 200);
    }
  }

  /// Waits for the product's own lease; the same with a short one is
  /// `LedgerTest.a_dead_process_leaves_its_open_attempts_interrupted`.
  @Test
  @Tag("long")
  void a_dead_replicas_calls_become_interrupted_and_a_live_ones_stay_open() throws Exception {
    ChildGate dying = replica("dying");
    try (ChildGate living = replica("living");
        RawClient cut = dying.caller();
        RawClient running = living.caller()) {
      String key = dying.admin().liveKey("shared").key();
      Await.until("the new key", Duration.ofSeconds(10), () -> chat(living, key) == 200);
      String body = "{\"model\":\"endless\",\"stream\":true,\"messages\":[]}";
      String cutId =
          cut.post("/v1/chat/completions", key, body).head().headers().get("x-request-id");
      String runningId =
          running.post("/v1/chat/completions", key, body).head().headers().get("x-request-id");
      assertThat(cut.text(100)).isNotEmpty();
      dying.kill();
      Await.until(
          "the takeover of the dead replica's calls",
          Duration.ofSeconds(60),
          () -> {
            living.admin().usage("by=model");
            return rows().stream().anyMatch(row -> row.requestId().equals(cutId));
          });
      assertThat(rows())
          .filteredOn(row -> row.requestId().equals(cutId))
          .singleElement()
          .extracting(Row::outcome)
          .isEqualTo("interrupted");
      assertThat(rows()).noneMatch(row -> row.requestId().equals(runningId));
      assertThat(running.text(100)).isNotEmpty();

      running.leave(false);
      Await.until(
          "the row of the call whose caller left",
          Duration.ofSeconds(20),
          () -> {
            living.admin().usage("by=model");
            return rows().stream()
                .anyMatch(
                    row -> row.requestId().equals(runningId) && row.outcome().equals("cancelled"));
          });
    } finally {
      dying.kill();
    }
  }

  private ChildGate replica(String name) throws IOException, InterruptedException {
    Path own = Files.createDirectories(folder.resolve(name));
    return ChildGate.start(
        GateSetup.usual(own, provider)
            .environment(
                "DATABASE_URL",
                "postgresql://postgres:%s@%s/%s"
                    .formatted(password(), database.hosts(), database.database()))
            .environment("GATEWRIGHT_MASTER_KEY", masterKey));
  }

  private List<Row> rows() throws SQLException {
    return UsageRows.read(
        "jdbc:postgresql://%s/%s?user=postgres&password=%s"
            .formatted(database.hosts(), database.database(), password()));
  }

  private String password() {
    Secret password = database.password();
    return password == null ? "" : password.expose();
  }

  /// Whether the endless model may be called.
  private static boolean opens(ChildGate gate, String key) throws IOException {
    try (RawClient caller = gate.caller()) {
      String body = "{\"model\":\"endless\",\"stream\":true,\"messages\":[]}";
      return caller.post("/v1/chat/completions", key, body).head().status() == 200;
    }
  }

  private static int chat(ChildGate gate, String key) throws IOException {
    try (RawClient caller = gate.caller()) {
      return caller
          .post("/v1/chat/completions", key, "{\"model\":\"fast\",\"messages\":[]}")
          .answer()
          .status();
    }
  }
}
