package dev.gatewright.key.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.TestKeys;
import dev.gatewright.key.lookup.KeyLookup;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class FirstStartTest {
  @EachDatabase
  void makes_a_tenant_and_one_test_key_and_shows_it_once(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      Secret text = Objects.requireNonNull(test.keys.first().takeTestKey());
      KeyLookup.Found found = (KeyLookup.Found) test.find(text);
      assertThat(found.key().kind()).isEqualTo(ApiKey.Kind.TEST);
      assertThat(found.key().tenant()).isEqualTo(test.owner());
      try (TestKeys again = new TestKeys(database)) {
        assertThat(again.keys.first().takeTestKey()).isNull();
        assertThat(again.owner()).isEqualTo(test.owner());
      }
      assertThat(test.keys.audit().verify(database, test.owner().organizationId()))
          .isEqualTo(new AuditLog.Walk.Intact(2));
    }
  }

  @EachDatabase
  void a_start_that_fails_before_it_can_show_the_test_key_leaves_it_to_the_next(Database database) {
    try (TestKeys failed = new TestKeys(database);
        TestKeys next = new TestKeys(database)) {
      assertThat(count(database, "api_key")).isZero();
      assertThat(next.keys.first().takeTestKey()).isNotNull();
      assertThat(failed.keys.first().takeTestKey()).isNull();
    }
  }

  @EachDatabase
  void many_starts_at_once_make_exactly_one(Database database)
      throws InterruptedException, ExecutionException {
    try (TestKeys test = new TestKeys(database);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      database.write(handle -> {
        for (String table :
            List.of(
                "key_secret",
                "api_key",
                "project",
                "organization",
                "first_start",
                "audit_entry",
                "audit_head")) {
          handle.execute("DELETE FROM " + table);
        }
        return 0;
      });
      record Start(Tenant owner, boolean madeKey) {}
      List<Future<Start>> starts = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        starts.add(
            threads.submit(() -> {
              FirstStart start =
                  FirstStart.run(database, test.keys.changes(), test.keys.audit(), test.time);
              return new Start(start.owner(), start.takeTestKey() != null);
            }));
      }
      int made = 0;
      for (Future<Start> start : starts) {
        assertThat(start.get().owner()).isEqualTo(starts.getFirst().get().owner());
        made += start.get().madeKey() ? 1 : 0;
      }
      assertThat(made).isEqualTo(1);
      for (String table : List.of("organization", "project", "api_key", "key_secret")) {
        assertThat(count(database, table)).as(table).isEqualTo(1);
      }
    }
  }

  @EachDatabase
  void no_clear_secret_is_in_the_database(TestStore store) throws IOException {
    List<String> canaries = new ArrayList<>();
    try (TestKeys test = new TestKeys(store.database())) {
      canaries.add(Objects.requireNonNull(test.keys.first().takeTestKey()).expose());
      canaries.add(test.keys.localAdmin().text().expose());
      KeyChanges.Made made = test.make(ApiKey.Kind.LIVE);
      canaries.add(made.text().expose());
      canaries.add(test.rotate(made.key().id(), java.time.Duration.ofHours(1)).text().expose());
      test.find(made.text());
      assertThat(store.database().read(FirstStartTest::everything))
          .doesNotContain(secrets(canaries));
    }
    byte[] master = Base64.getUrlDecoder().decode(TestKeys.MASTER.expose());
    canaries.add(new String(master, java.nio.charset.StandardCharsets.ISO_8859_1));
    try (var files = Files.walk(store.config().dataFolder())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String pages =
            new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(pages).as(file.toString()).doesNotContain(secrets(canaries));
      }
    }
  }

  /// The parts of the keys that are secret; their ids are not.
  private static String[] secrets(List<String> texts) {
    return texts.stream()
        .map(text -> text.startsWith("gw_") ? text.split("_")[3] : text)
        .toArray(String[]::new);
  }

  private static String everything(org.jdbi.v3.core.Handle handle) {
    StringBuilder all = new StringBuilder();
    for (String table :
        List.of(
            "api_key",
            "key_secret",
            "audit_entry",
            "audit_head",
            "organization",
            "project",
            "first_start",
            "master_key_check",
            "change")) {
      all.append(handle.createQuery("SELECT * FROM " + table).mapToMap().list());
    }
    return all.toString();
  }

  private static long count(Database database, String table) {
    return database.read(
        handle -> handle.createQuery("SELECT COUNT(*) FROM " + table).mapTo(Long.class).one());
  }
}
