package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` while organizations are made, filled and deleted: each is there whole or not at all,
/// and what was answered with 201 is there.
class TenantCrashTest {
  private static final int KILLS = 2;
  private static final int MAKERS = 4;

  /// What would be half of one.
  private static final Map<String, String> HALVES =
      new TreeMap<>(
          Map.of(
              "without a project",
              "SELECT id FROM organization o WHERE NOT EXISTS (SELECT 1 FROM project p WHERE p.organization_id = o.id)",
              "without an owner, though a person made it",
              "SELECT id FROM organization o WHERE name LIKE 'made %' AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.organization_id = o.id AND m.role = 'owner')",
              "without the entry of its making",
              "SELECT id FROM organization o WHERE NOT EXISTS (SELECT 1 FROM audit_entry a WHERE a.organization_id = o.id AND a.action = 'organization.create')",
              "a chain whose head is not its last link",
              "SELECT organization_id FROM audit_head h WHERE seq <> (SELECT COUNT(*) FROM audit_entry a WHERE a.organization_id = h.organization_id)",
              "what belongs to none",
              "SELECT p.id FROM project p WHERE NOT EXISTS (SELECT 1 FROM organization o WHERE o.id = p.organization_id)",
              "a key without its secret",
              "SELECT id FROM api_key k WHERE NOT EXISTS (SELECT 1 FROM key_secret s WHERE s.key_id = k.id)"));

  @TempDir Path folder;

  @Test
  void no_kill_leaves_half_a_tenant() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int kill = 0; kill < KILLS; kill++) {
      // A gate that starts again has another port, and so other cookies: each kill has its own.
      kill(folder.resolve("kill-" + kill), 8 + random.nextInt(10));
    }
  }

  /// @param enough so many organizations are made before
  private static void kill(Path own, int enough) throws Exception {
    ConcurrentLinkedQueue<String> made = new ConcurrentLinkedQueue<>();
    GateSetup setup = GateSetup.in(own);
    ChildGate gate = ChildGate.start(setup);
    try {
      TestPerson owner = TestPerson.owner(gate);
      AtomicBoolean going = new AtomicBoolean(true);
      List<Thread> makers = new ArrayList<>();
      for (int n = 0; n < MAKERS; n++) {
        makers.add(Thread.startVirtualThread(() -> make(owner, made, going)));
      }
      while (made.size() < enough && makers.stream().anyMatch(Thread::isAlive)) {
        Thread.onSpinWait();
      }
      gate.kill();
      going.set(false);
      for (Thread maker : makers) {
        maker.join();
      }
      assertThat(made).hasSizeGreaterThanOrEqualTo(enough);
      assertWhole(own.resolve("data/gatewright.db"), made);
      gate = ChildGate.start(setup);
      for (String id : made) {
        HttpResponse<String> answer = gate.admin().in(id).send("POST", "/api/audit/verify", "{}");
        // One that was being deleted when the gate was killed is not asked any more.
        assertThat(answer.statusCode() == 404 || answer.body().contains("\"intact\":true"))
            .as("%s %s", id, answer.body())
            .isTrue();
      }
    } finally {
      gate.kill();
    }
  }

  /// As it comes: some are filled, some deleted again.
  private static void make(
      TestPerson owner, ConcurrentLinkedQueue<String> made, AtomicBoolean going) {
    try {
      for (int i = 0; going.get(); i++) {
        HttpResponse<String> answer =
            owner.send("POST", "/api/organizations", "{\"name\":\"made %d\"}".formatted(i));
        if (answer.statusCode() != 201) {
          continue;
        }
        String id = TestPerson.JSON.readTree(answer.body()).path("id").asText();
        made.add(id);
        String[] there = {"x-gatewright-as-organization", id};
        owner.send("POST", "/api/keys", "{\"name\":\"k\"}", there);
        owner.send("POST", "/api/projects", "{\"name\":\"p\"}", there);
        if (i % 3 == 0) {
          owner.send("DELETE", "/api/organizations/" + id, "");
        }
      }
    } catch (IOException killed) {
      // As it was meant to be.
    } catch (Exception ended) {
      throw new IllegalStateException(ended);
    }
  }

  private static void assertWhole(Path file, ConcurrentLinkedQueue<String> made)
      throws SQLException {
    try (Connection store = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = store.createStatement()) {
      for (Map.Entry<String, String> half : HALVES.entrySet()) {
        assertThat(ids(statement, half.getValue())).as(half.getKey()).isEmpty();
      }
      assertThat(ids(statement, "SELECT id FROM organization")).containsAll(made);
    }
  }

  private static List<String> ids(Statement statement, String sql) throws SQLException {
    List<String> ids = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        ids.add(rows.getString(1));
      }
    }
    return ids;
  }
}
