package dev.gatewright.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.account.Actor;
import dev.gatewright.account.Tenant;
import dev.gatewright.key.TestKeys;
import dev.gatewright.store.DataFolder;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.EachDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
  private static final Tenant ONE = new Tenant("org_1", "prj_1");
  private static final Tenant TWO = new Tenant("org_2", "prj_2");

  private static final Actor WHO = Actor.of("key_1", "192.0.2.1", "req_1");

  /// The hash of such an entry, as the former program made it; computed apart.
  private static final String FORMER = "Qwoqxe4rcihmUZsJzfJrRaCXbdUQ_M-wCqMeI7ALzr0";

  @TempDir Path folder;

  private final AuditLog audit = new AuditLog(TestKeys.master(), Time.system());

  @EachDatabase
  void each_organization_has_its_own_unbroken_chain(Database database) {
    for (int i = 0; i < 5; i++) {
      append(database, ONE, "key_" + i);
    }
    append(database, TWO, "key_x");
    assertThat(audit.verify(database, "org_1")).isEqualTo(new AuditLog.Walk.Intact(5));
    assertThat(audit.verify(database, "org_2")).isEqualTo(new AuditLog.Walk.Intact(1));
    assertThat(audit.verify(database, "org_3")).isEqualTo(new AuditLog.Walk.Intact(0));
    assertThat(audit.list(database, "org_1", AuditFilter.all()))
        .extracting(AuditEntry::subject)
        .containsExactly("key_4", "key_3", "key_2", "key_1", "key_0");
  }

  @EachDatabase
  void every_kind_of_tampering_shows(Database database) {
    for (String tampering :
        List.of(
            "UPDATE audit_entry SET actor = 'key_innocent' WHERE seq = 3",
            "UPDATE audit_entry SET subject = 'other' WHERE seq = 3",
            "UPDATE audit_entry SET detail = '{\"a\":2}' WHERE seq = 3",
            "UPDATE audit_entry SET at_millis = at_millis + 1 WHERE seq = 3",
            "UPDATE audit_entry SET project_id = 'prj_9' WHERE seq = 3",
            "UPDATE audit_entry SET address = '192.0.2.9' WHERE seq = 3",
            "UPDATE audit_entry SET request_id = 'req_2' WHERE seq = 3",
            "UPDATE audit_entry SET via = 'ses_2' WHERE seq = 3",
            "UPDATE audit_entry SET agent = 'x' WHERE seq = 3",
            "UPDATE audit_entry SET outcome = 'denied' WHERE seq = 3",
            "UPDATE audit_entry SET actor_kind = 'local' WHERE seq = 3",
            "UPDATE audit_entry SET actor_kind = 'x' WHERE seq = 3",
            "UPDATE audit_entry SET form = 1 WHERE seq = 3",
            "UPDATE audit_entry SET form = 2 WHERE seq = 3",
            "UPDATE audit_entry SET form = 3 WHERE seq = 3",
            "UPDATE audit_entry SET form = 5 WHERE seq = 3",
            "UPDATE audit_entry SET seal = '' WHERE seq = 3",
            "UPDATE audit_entry SET seal = (SELECT seal FROM audit_entry WHERE seq = 2)"
                + " WHERE seq = 3",
            "UPDATE audit_entry SET hash = 'x' WHERE seq = 3",
            "DELETE FROM audit_entry WHERE seq = 3",
            "UPDATE audit_entry SET seq = 9 WHERE seq = 3")) {
      database.write(handle -> {
        handle.execute("DELETE FROM audit_entry");
        return handle.execute("DELETE FROM audit_head");
      });
      for (int i = 0; i < 5; i++) {
        append(database, ONE, "key_" + i);
      }
      database.write(handle -> handle.execute(tampering));
      assertThat(audit.verify(database, "org_1"))
          .as(tampering)
          .isInstanceOfSatisfying(
              AuditLog.Walk.Broken.class, broken -> assertThat(broken.seq()).isEqualTo(3));
    }
  }

  @EachDatabase
  void a_cut_end_shows_by_the_head(Database database) {
    for (int i = 0; i < 5; i++) {
      append(database, ONE, "key_" + i);
    }
    database.write(handle -> handle.execute("DELETE FROM audit_entry WHERE seq = 5"));
    assertThat(audit.verify(database, "org_1"))
        .isEqualTo(new AuditLog.Walk.Broken(5, "link 5 is missing"));
  }

  @EachDatabase
  void an_entry_does_not_exist_without_its_change(Database database) {
    assertThatThrownBy(() ->
            database.write(handle -> {
              audit.append(handle, ONE, WHO, "test", "key_1", AuditLog.detail());
              throw new IllegalStateException("the change failed");
            }))
        .hasStackTraceContaining("the change failed");
    assertThat(audit.verify(database, "org_1")).isEqualTo(new AuditLog.Walk.Intact(0));
  }

  @EachDatabase
  void writers_at_the_same_time_line_up(Database database) {
    List<CompletableFuture<Integer>> writes = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String subject = "key_" + i;
      writes.add(
          database.writeLater(handle -> {
            audit.append(handle, ONE, WHO, "test", subject, AuditLog.detail());
            return 1;
          }));
    }
    writes.forEach(CompletableFuture::join);
    assertThat(audit.verify(database, "org_1")).isEqualTo(new AuditLog.Walk.Intact(40));
  }

  @EachDatabase
  void a_walk_while_the_chain_grows_finds_nothing(Database database) {
    for (int i = 0; i < 600; i++) {
      append(database, ONE, "key_" + i);
    }
    CompletableFuture<Void> growing =
        CompletableFuture.runAsync(() -> {
          for (int i = 0; i < 200; i++) {
            append(database, ONE, "key_more");
          }
        });
    do {
      assertThat(audit.verify(database, "org_1")).isInstanceOf(AuditLog.Walk.Intact.class);
    } while (!growing.isDone());
    growing.join();
    assertThat(audit.verify(database, "org_1")).isEqualTo(new AuditLog.Walk.Intact(800));
  }

  @EachDatabase
  void entries_of_the_former_form_verify_by_the_former_rule(Database database) {
    database.write(handle -> {
      handle.execute(
          "INSERT INTO audit_head (organization_id, seq, hash) VALUES ('org_1', 1, ?)", FORMER);
      return handle.execute(
          """
          INSERT INTO audit_entry
            (organization_id, seq, project_id, at_millis, actor, action, subject, detail, hash)
          VALUES ('org_1', 1, 'prj_1', 1700000000000, 'local', 'key.create', 'key_1', '{}', ?)\
          """,
          FORMER);
    });
    append(database, ONE, "key_2");
    assertThat(audit.verify(database, "org_1")).isEqualTo(new AuditLog.Walk.Intact(2));
    database.write(handle -> handle.execute("UPDATE audit_entry SET form = 2 WHERE seq = 1"));
    assertThat(audit.verify(database, "org_1")).isInstanceOf(AuditLog.Walk.Broken.class);
  }

  @EachDatabase
  void the_watch_tells_of_a_broken_chain_and_anchors_what_has_grown(Database database)
      throws IOException {
    DataFolder data = DataFolder.of(folder);
    List<AuditAnchor> anchored = new ArrayList<>();
    AuditWatch watch = new AuditWatch(audit, database, data, anchored::add);
    append(database, ONE, "key_1");
    append(database, ONE, "key_2");
    append(database, TWO, "key_1");
    watch.verifyAll();
    watch.anchorAll();
    watch.anchorAll();
    Path file = data.file("audit-anchors.jsonl");
    assertThat(Files.readAllLines(file)).hasSize(2);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    append(database, ONE, "key_3");
    watch.anchorAll();
    assertThat(Files.readAllLines(file)).hasSize(3);
    assertThat(anchored).hasSize(3).allMatch(AuditAnchor::signedByItsKey);
    assertThat(watch.problem()).isNull();
    // The end and its head are gone: only the anchor knows.
    database.write(handle -> {
      handle.execute("DELETE FROM audit_entry WHERE organization_id = 'org_1' AND seq = 3");
      return handle.execute(
          """
          UPDATE audit_head SET seq = 2, hash = (SELECT hash FROM audit_entry
            WHERE organization_id = 'org_1' AND seq = 2) WHERE organization_id = 'org_1'\
          """);
    });
    AuditWatch next = new AuditWatch(audit, database, data, anchored::add);
    next.verifyAll();
    assertThat(next.problem()).contains("org_1", "link 3 was anchored");
    watch.anchorAll();
    assertThat(watch.problem()).contains("org_1");
  }

  private void append(Database database, Tenant tenant, String subject) {
    database.write(handle -> {
      audit.append(handle, tenant, WHO, "test", subject, AuditLog.detail().put("a", 1));
      return 1;
    });
  }
}
