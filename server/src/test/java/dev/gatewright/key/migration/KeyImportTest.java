package dev.gatewright.key.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.gatewright.Keys;
import dev.gatewright.account.AccountStore;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditEntry;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.ForeignFormat;
import dev.gatewright.key.KeyFilter;
import dev.gatewright.key.StoredKey;
import dev.gatewright.key.TestKeys;
import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.key.change.KeyGuard;
import dev.gatewright.key.lookup.FailureLimiter;
import dev.gatewright.key.lookup.KeyLookup;
import dev.gatewright.key.migration.file.ImportRow;
import dev.gatewright.secret.MasterKey;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Other gates' keys, from the import to the look-up.
class KeyImportTest {
  private static final String STRONG = "Zq8vT2mX4cLw9RkJ7sYbN3pGfHd6VaEu";
  private static final Secret OTHER_MASTER =
      Secret.of("q7Hs2LdN9xVbT4mZcW0yRkEu6PfJaG1oiX8tQvSn5Mw");
  private static final String UUID = "3f2b8c1e-5d47-4a9b-8e6f-0123456789ab";

  private static ImportRow clear(int line, String key) {
    return new ImportRow(
        line, key, null, "n", "ada", List.of("chat"), null, null, null, null, null);
  }

  private static ImportRow hashed(int line, String key) {
    String sha256 = HexFormat.of().formatHex(ForeignFormat.sha256(ForeignFormat.bytes(key)));
    return new ImportRow(line, null, sha256, "n", null, null, null, null, null, null, null);
  }

  private static List<KeyImports.RowOutcome> take(TestKeys test, boolean dry, ImportRow... rows) {
    return test.keys.imports().run(test.local(), dry, List.of(rows), List.of());
  }

  private static KeyLookup find(TestKeys test, String text) {
    return test.find(Secret.of(text));
  }

  private static @Nullable String reason(KeyLookup lookup) {
    return lookup instanceof KeyLookup.Rejected rejected ? rejected.reason() : null;
  }

  @EachDatabase
  void without_foreign_keys_junk_is_refused_without_a_look_up(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      assertThat(reason(find(test, STRONG))).isEqualTo("malformed");
      assertThat(test.keys.directory().unknownCount()).isZero();
    }
  }

  @EachDatabase
  void clear_and_hashed_keys_work_once_imported_and_importing_again_changes_nothing(
      Database database) {
    try (TestKeys test = new TestKeys(database)) {
      assertThat(take(test, true, clear(1, STRONG), hashed(2, UUID)))
          .extracting(KeyImports.RowOutcome::outcome)
          .containsExactly("imported", "imported");
      assertThat(reason(find(test, STRONG))).isEqualTo("malformed");
      List<KeyImports.RowOutcome> first = take(test, false, clear(1, STRONG), hashed(2, UUID));
      assertThat(first).extracting(KeyImports.RowOutcome::outcome).containsOnly("imported");
      assertThat(first.get(0).weak()).isEmpty();
      assertThat(first.get(1).weak()).containsExactly("hashed");
      ApiKey key = ((KeyLookup.Found) find(test, STRONG)).key();
      assertThat(key.user()).isEqualTo("ada");
      assertThat(key.scopes()).containsExactly("chat:use");
      assertThat(key.origin()).isEqualTo(ApiKey.Origin.IMPORTED);
      assertThat(find(test, UUID)).isInstanceOf(KeyLookup.Found.class);
      assertThat(find(test, STRONG)).isInstanceOf(KeyLookup.Found.class);
      // Now clear and hashed the other way round: they are the same keys.
      assertThat(take(test, false, hashed(1, STRONG), clear(2, UUID)))
          .extracting(KeyImports.RowOutcome::outcome)
          .containsOnly("present");
      List<AuditEntry> entries =
          test.audit().stream().filter(entry -> entry.action().equals("key.import")).toList();
      assertThat(entries).hasSize(1);
      assertThat(entries.getFirst().detail()).contains(key.id()).doesNotContain(STRONG);
      assertThat(test.keys.audit().verify(database, test.owner().organizationId()))
          .isInstanceOf(AuditLog.Walk.Intact.class);
    }
  }

  @EachDatabase
  void a_key_tried_before_its_import_works_after_it(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      take(test, false, clear(1, "another-Foreign-Key-0987654321"));
      assertThat(reason(find(test, STRONG))).isEqualTo("unknown");
      take(test, false, clear(1, STRONG));
      assertThat(find(test, STRONG)).isInstanceOf(KeyLookup.Found.class);
      assertThat(reason(find(test, STRONG + "x"))).isEqualTo("unknown");
    }
  }

  @EachDatabase
  void a_replica_hears_of_an_import(TestStore store) {
    try (TestKeys test = new TestKeys(store.database())) {
      Database other =
          store.database().kind() == Database.Kind.POSTGRES ? store.open() : store.database();
      try (ChangeFeed otherFeed = ChangeFeed.start(other, Time.system());
          Keys replica = Keys.start(other, otherFeed, TestKeys.master(), Time.system())) {
        take(test, false, clear(1, STRONG));
        Await.until(() ->
            TestKeys.find(replica.directory(), STRONG, TestKeys.CLIENT) instanceof KeyLookup.Found);
      }
      try (Keys later = Keys.start(other, test.feed, TestKeys.master(), Time.system())) {
        assertThat(TestKeys.find(later.directory(), STRONG, TestKeys.CLIENT))
            .isInstanceOf(KeyLookup.Found.class);
      }
    }
  }

  @EachDatabase
  void imported_keys_are_disabled_rotated_and_revoked_like_our_own(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      String id = String.valueOf(take(test, false, clear(1, UUID)).getFirst().id());
      assertThat(test.stored(id).weak(test.time.millis())).isTrue();
      test.enable(id, false);
      assertThat(reason(find(test, UUID))).isEqualTo("disabled");
      test.enable(id, true);
      KeyChanges.Outcome.Rotated rotated = test.rotate(id, Duration.ofHours(1));
      // The new secret has our own form and the same id; the former one works until the grace ends.
      assertThat(rotated.text().expose()).startsWith("gw_live_" + id.substring(4));
      assertThat(test.find(rotated.text())).isInstanceOf(KeyLookup.Found.class);
      assertThat(find(test, UUID)).isInstanceOf(KeyLookup.Found.class);
      test.pass(Duration.ofHours(2));
      assertThat(reason(find(test, UUID))).isEqualTo("rotated_out");
      assertThat(test.find(rotated.text())).isInstanceOf(KeyLookup.Found.class);
      assertThat(test.stored(id).weak(test.time.millis())).isFalse();
      test.keys.changes().revoke(test.local(), id, KeyGuard.NONE);
      assertThat(reason(test.find(rotated.text()))).isEqualTo("revoked");
      assertThat(take(test, false, clear(1, UUID)).getFirst().outcome()).isEqualTo("present");
      assertThat(reason(find(test, UUID))).isEqualTo("revoked");
    }
  }

  @EachDatabase
  void rows_that_cannot_be_kept_are_refused_and_the_rest_is_taken(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      KeyChanges.Made own = test.make(ApiKey.Kind.LIVE);
      List<KeyImports.RowOutcome> outcomes =
          take(
              test,
              false,
              clear(1, "short"),
              clear(2, "has a space in it"),
              clear(3, own.text().expose()),
              clear(4, "llmgtwy_abcdef***************"),
              new ImportRow(
                  5, STRONG, null, "n", null, List.of("*x"), null, null, null, null, null),
              new ImportRow(6, null, "12", "n", null, null, null, null, null, null, null),
              new ImportRow(7, null, null, "n", null, null, null, null, null, null, null),
              new ImportRow(
                  8,
                  STRONG,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  "2020-01-01T00:00:00Z",
                  null),
              new ImportRow(9, UUID, null, "n", null, null, null, null, null, null, false));
      assertThat(outcomes)
          .extracting(KeyImports.RowOutcome::outcome)
          .containsExactly(
              "refused",
              "refused",
              "refused",
              "refused",
              "refused",
              "refused",
              "refused",
              "imported",
              "imported");
      assertThat(outcomes.toString()).doesNotContain(own.text().expose(), STRONG, UUID);
      assertThat(reason(find(test, STRONG))).isEqualTo("expired");
      assertThat(reason(find(test, UUID))).isEqualTo("disabled");
      assertThat(outcomes.getLast().weak()).containsExactly("uuid");
    }
  }

  @EachDatabase
  void another_organizations_key_is_refused_and_stays_theirs(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      Tenant other = new Tenant("org_other", "prj_other");
      database.write(handle -> {
        AccountStore.insertOrganization(handle, other.organizationId(), "Other", false, 1);
        AccountStore.insertProject(handle, other, "Other", 1);
        return 0;
      });
      take(test, false, clear(1, STRONG));
      for (boolean dry : List.of(true, false)) {
        assertThat(
                test.keys
                    .imports()
                    .run(TestKeys.caller(other, "local"), dry, List.of(clear(1, STRONG)), List.of())
                    .getFirst()
                    .outcome())
            .isEqualTo("refused");
      }
      assertThat(((KeyLookup.Found) find(test, STRONG)).key().tenant()).isEqualTo(test.owner());
    }
  }

  @EachDatabase
  void guesses_of_foreign_keys_are_bounded_like_all_others(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      take(test, false, clear(1, STRONG), clear(2, UUID));
      test.settle();
      assertThat(find(test, STRONG)).isInstanceOf(KeyLookup.Found.class);
      for (int i = 0; i < FailureLimiter.FAILURES_MAX; i++) {
        assertThat(reason(find(test, "guess-number-%04d-of-many".formatted(i))))
            .isEqualTo("unknown");
      }
      assertThat(find(test, "guess-number-9999-of-many")).isInstanceOf(KeyLookup.Throttled.class);
      assertThat(find(test, STRONG)).isInstanceOf(KeyLookup.Found.class);
      assertThat(find(test, UUID)).isInstanceOf(KeyLookup.Found.class);
    }
  }

  @EachDatabase
  void an_export_goes_into_another_database_with_the_same_master_key_only(TestStore store)
      throws Exception {
    ObjectMapper json =
        new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
    List<ExportedKey> exported = new ArrayList<>();
    KeyChanges.Made own;
    try (TestKeys test = new TestKeys(store.database())) {
      own = test.make(ApiKey.Kind.LIVE);
      take(test, false, clear(1, STRONG), hashed(2, UUID));
      for (StoredKey key :
          test.keys
              .lists()
              .listStored(test.owner().organizationId(), new KeyFilter(null, null, null, 200))) {
        exported.add(
            json.readValue(json.writeValueAsString(ExportedKey.of(key)), ExportedKey.class));
      }
    }
    try (TestStore fresh = TestStore.fresh(store.database().kind());
        TestKeys there = new TestKeys(fresh.database())) {
      assertThat(there.keys.imports().run(there.local(), false, List.of(), exported))
          .extracting(KeyImports.RowOutcome::outcome)
          .containsOnly("imported");
      assertThat(there.find(own.text())).isInstanceOf(KeyLookup.Found.class);
      assertThat(find(there, STRONG)).isInstanceOf(KeyLookup.Found.class);
      assertThat(find(there, UUID)).isInstanceOf(KeyLookup.Found.class);
    }
    try (TestStore fresh = TestStore.fresh(store.database().kind());
        ChangeFeed feed = ChangeFeed.start(fresh.database(), Time.system());
        Keys elsewhere =
            Keys.start(fresh.database(), feed, MasterKey.of(OTHER_MASTER, "test"), Time.system())) {
      assertThat(
              elsewhere
                  .imports()
                  .run(
                      TestKeys.caller(elsewhere.first().owner(), "local"),
                      false,
                      List.of(),
                      exported))
          .allSatisfy(row -> {
            assertThat(row.outcome()).isEqualTo("refused");
            assertThat(row.reason()).contains("another master key");
          });
    }
  }
}
