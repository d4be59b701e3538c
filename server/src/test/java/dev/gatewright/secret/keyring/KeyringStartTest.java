package dev.gatewright.secret.keyring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.Keys;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.TestKeys;
import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.key.lookup.KeyLookup;
import dev.gatewright.secret.MasterKey;
import dev.gatewright.secret.MasterKeyFile;
import dev.gatewright.secret.MasterKeySources;
import dev.gatewright.secret.SealedKeyring;
import dev.gatewright.secret.Secret;
import dev.gatewright.secret.UnusableMasterKey;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyringStartTest {
  private static final Time TIME = Time.system();
  private static final Secret OTHER = Secret.of(TestKeys.MASTER.expose().replace('X', 'Y'));
  private static final List<String> DERIVED =
      List.of(
          "key-pepper",
          "audit-chain",
          "audit-anchor",
          "ticket",
          "room-fingerprint",
          "room-secret",
          "cursor");

  /// As a store from before there was a keyring proves its master key.
  static void keepFormerProof(Database database, MasterKey master) {
    byte[] proof = master.derive("gatewright/master-key-proof/v1", "HmacSHA256").getEncoded();
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(proof);
    database.write(handle -> KeyringStore.keepFormerProof(handle, text, 0));
  }

  static MasterKeySources sources(TestStore store, @Nullable Secret given) {
    return sources(store, given, null);
  }

  static MasterKeySources sources(
      TestStore store, @Nullable Secret given, @Nullable Secret former) {
    boolean files = store.database().kind() == Database.Kind.SQLITE;
    return new MasterKeySources(store.config().dataFolder(), given, former, files);
  }

  private static Keyring open(TestStore store, @Nullable Secret given) {
    return KeyringStart.open(store.database(), sources(store, given), TIME);
  }

  @EachDatabase
  void what_was_made_with_derived_keys_stays_good(TestStore store) {
    Database database = store.database();
    keepFormerProof(database, TestKeys.master());
    KeyChanges.Made made;
    Tenant owner;
    try (TestKeys before = new TestKeys(database)) {
      made = before.make(ApiKey.Kind.LIVE);
      owner = before.owner();
    }
    Keyring keyring = open(store, TestKeys.MASTER);
    for (String purpose : DERIVED) {
      assertThat(keyring.purpose(purpose).getEncoded())
          .as(purpose)
          .isEqualTo(
              TestKeys.master().derive("gatewright/" + purpose + "/v1", "HmacSHA256").getEncoded());
    }
    try (ChangeFeed feed = ChangeFeed.start(database, TIME);
        Keys after = Keys.start(database, feed, keyring, TIME)) {
      assertThat(TestKeys.find(after.directory(), made.text().expose(), TestKeys.CLIENT))
          .isInstanceOfSatisfying(
              KeyLookup.Found.class,
              found -> assertThat(found.key().id()).isEqualTo(made.key().id()));
      assertThat(after.audit().verify(database, owner.organizationId()))
          .isEqualTo(new AuditLog.Walk.Intact(2));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void many_starts_at_once_make_exactly_one_set(boolean dataFromBefore)
      throws InterruptedException, ExecutionException {
    try (TestStore store = TestStore.fresh(Database.Kind.POSTGRES);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Database database = store.database();
      if (dataFromBefore) {
        keepFormerProof(database, TestKeys.master());
      }
      List<Future<Keyring>> starts = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        starts.add(threads.submit(() -> open(store, TestKeys.MASTER)));
      }
      byte[] made = starts.getFirst().get().purpose("later").getEncoded();
      for (Future<Keyring> start : starts) {
        assertThat(start.get().purpose("later").getEncoded()).isEqualTo(made);
        assertThat(start.get().purpose("ticket").getEncoded())
            .isEqualTo(TestKeys.master().purpose("ticket").getEncoded());
      }
      KeyringStore.Snapshot snapshot = database.read(KeyringStore::snapshot);
      assertThat(snapshot.keks()).hasSize(1);
      assertThat(snapshot.platform()).hasSize(DERIVED.size() + 1);
    }
  }

  @EachDatabase
  void a_new_store_started_with_two_master_keys_takes_one(TestStore store)
      throws InterruptedException {
    int opened = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Keyring> one = threads.submit(() -> open(store, TestKeys.MASTER));
      Future<Keyring> two = threads.submit(() -> open(store, OTHER));
      for (Future<Keyring> each : List.of(one, two)) {
        try {
          each.get();
          opened++;
        } catch (ExecutionException refused) {
          assertThat(refused).hasCauseInstanceOf(SealedKeyring.class);
        }
      }
    }
    assertThat(opened).isEqualTo(1);
  }

  @EachDatabase
  void a_wrong_missing_or_malformed_master_key_seals_and_makes_none(TestStore store)
      throws IOException {
    Path data = store.config().dataFolder();
    open(store, TestKeys.MASTER);
    open(store, TestKeys.MASTER);
    assertThatThrownBy(() -> open(store, OTHER))
        .isInstanceOf(SealedKeyring.class)
        .hasMessageContaining("GATEWRIGHT_MASTER_KEY (kek_")
        .hasMessageContaining("is not the master key")
        .hasMessageNotContaining(OTHER.expose());
    assertThatThrownBy(() -> open(store, Secret.of("typed"))).isInstanceOf(SealedKeyring.class);
    assertThatThrownBy(() -> open(store, null))
        .isInstanceOf(SealedKeyring.class)
        .hasMessageContaining("is missing");
    try (Stream<Path> files = Files.list(data)) {
      assertThat(files.filter(file -> file.toString().contains("master"))).isEmpty();
    }
  }

  @EachDatabase
  void data_from_before_with_another_master_key_seals(TestStore store) {
    keepFormerProof(store.database(), TestKeys.master());
    assertThatThrownBy(() -> open(store, OTHER))
        .isInstanceOf(SealedKeyring.class)
        .hasMessageContaining("was made with");
    assertThatThrownBy(() -> open(store, null)).isInstanceOf(SealedKeyring.class);
    assertThat(store.database().read(KeyringStore::snapshot).keks()).isEmpty();
    open(store, TestKeys.MASTER);
  }

  @EachDatabase
  void the_file_is_made_on_sqlite_alone_and_never_twice(TestStore store) throws IOException {
    if (store.database().kind() == Database.Kind.POSTGRES) {
      assertThatThrownBy(() -> open(store, null))
          .isInstanceOf(UnusableMasterKey.class)
          .hasMessageContaining("GATEWRIGHT_MASTER_KEY is not set");
      return;
    }
    Keyring made = open(store, null);
    Keyring again = open(store, null);
    assertThat(again.purpose("ticket")).isEqualTo(made.purpose("ticket"));
    Path file = new MasterKeyFile(store.config().dataFolder()).path();
    Files.delete(file);
    assertThatThrownBy(() -> open(store, null))
        .isInstanceOf(SealedKeyring.class)
        .hasMessageContaining("is missing");
    assertThat(file).doesNotExist();
  }

  @Test
  void a_wrong_key_that_was_given_is_not_passed_over_for_the_file() {
    try (TestStore store = TestStore.fresh(Database.Kind.SQLITE)) {
      open(store, null);
      assertThatThrownBy(() -> open(store, OTHER)).isInstanceOf(SealedKeyring.class);
    }
  }

  @EachDatabase
  void a_changed_proof_or_purpose_key_seals(TestStore store) {
    Database database = store.database();
    open(store, TestKeys.MASTER);
    for (String change :
        List.of(
            "UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key WHERE purpose = 'cursor')"
                + " WHERE purpose = 'ticket'",
            "UPDATE kek SET proof = '1:AAAA'")) {
      database.write(handle -> handle.execute(change));
      assertThatThrownBy(() -> open(store, TestKeys.MASTER))
          .isInstanceOf(SealedKeyring.class)
          .hasMessageContaining("is not as it was");
    }
  }
}
