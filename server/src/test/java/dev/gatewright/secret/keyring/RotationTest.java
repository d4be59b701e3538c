package dev.gatewright.secret.keyring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.Keys;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.TestKeys;
import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.key.lookup.KeyLookup;
import dev.gatewright.secret.Context;
import dev.gatewright.secret.MasterKey;
import dev.gatewright.secret.MasterKeyFile;
import dev.gatewright.secret.MasterKeySources;
import dev.gatewright.secret.MasterKeyWrapper;
import dev.gatewright.secret.SealedKeyring;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

class RotationTest {
  private static final Time TIME = Time.system();
  private static final byte[] PLACE = Context.of("place");
  private static final Secret VALUE = Secret.of("sealed before");
  private static final Secret NEW = Secret.of(TestKeys.MASTER.expose().replace('X', 'Y'));

  /// Remembers what it is told; throws on demand, as a process that is killed there would end.
  private static final class Entries implements Rotation.Journal {
    final List<String> told = new ArrayList<>();

    @Override
    public void lock(Handle handle) {}

    @Override
    public void begun(Handle handle, String from, String to) {
      told.add("begun " + from + " " + to);
    }

    @Override
    public void ended(Handle handle, String retired) {
      told.add("ended " + retired);
    }
  }

  private static String id(Secret master) {
    return new MasterKeyWrapper(MasterKey.of(master, "test")).id();
  }

  private static Keyring open(TestStore store, MasterKeySources sources) {
    return KeyringStart.open(store.database(), sources, TIME);
  }

  private static MasterKeySources before(TestStore store) {
    return KeyringStartTest.sources(store, TestKeys.MASTER);
  }

  private static MasterKeySources both(TestStore store) {
    return KeyringStartTest.sources(store, NEW, TestKeys.MASTER);
  }

  private static List<String> sealed(Keyring keyring, int organizations) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < organizations; i++) {
      texts.add(keyring.seal("org_" + i, "credential", PLACE, VALUE));
    }
    return texts;
  }

  private static void assertOpens(Keyring keyring, List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      assertThat(keyring.open("org_" + i, "credential", PLACE, texts.get(i)))
          .isEqualTo(new Opened.Value(VALUE));
    }
  }

  /// 45
  @EachDatabase
  void rotate_master_keeps_api_keys_valid(TestStore store) {
    Database database = store.database();
    Keyring old = open(store, before(store));
    List<String> texts = sealed(old, 5);
    KeyChanges.Made made;
    try (TestKeys keys = new TestKeys(database)) {
      made = keys.make(ApiKey.Kind.LIVE);
    }
    Entries entries = new Entries();
    Keyring keyring = open(store, both(store));
    Rotation rotation = new Rotation(keyring, both(store), TIME);
    assertThat(rotation.step(1_000, entries))
        .isEqualTo(new Rotation.Outcome.Moved(id(NEW), null, 12, 0, 0));
    assertThat(entries.told)
        .containsExactly(
            "begun " + id(TestKeys.MASTER) + " " + id(NEW), "ended " + id(TestKeys.MASTER));
    assertOpens(keyring, texts);
    assertThat(keyring.seal("org_later", "credential", PLACE, VALUE)).startsWith("gws1.1.");

    Keyring after = open(store, KeyringStartTest.sources(store, NEW));
    assertOpens(after, texts);
    try (ChangeFeed feed = ChangeFeed.start(database, TIME);
        Keys keys = Keys.start(database, feed, after, TIME)) {
      assertThat(TestKeys.find(keys.directory(), made.text().expose(), TestKeys.CLIENT))
          .isInstanceOf(KeyLookup.Found.class);
    }
    assertThatThrownBy(() -> open(store, before(store))).isInstanceOf(SealedKeyring.class);
    assertThat(rotation.status())
        .extracting(use ->
            use.kek().state()
                + " %d %s %s"
                    .formatted(use.dataKeys(), use.held(), use.kek().retiredMillis() != null))
        .containsExactlyInAnyOrder("RETIRED 0 true true", "ACTIVE 13 true false");
  }

  /// 46: a step of one page stands for a process that was killed behind it; each begins anew.
  @EachDatabase
  void rewrap_killed_anywhere_resumes(TestStore store) {
    Database database = store.database();
    List<String> texts = sealed(open(store, before(store)), 5);
    for (int killedAt = 0; killedAt <= 12; killedAt++) {
      int left = 12 - killedAt;
      reset(database);
      Keyring first = open(store, both(store));
      new Rotation(first, both(store), TIME).step(0, new Entries());
      moveFirst(database, first, killedAt);

      Keyring resumed = open(store, both(store));
      assertOpens(resumed, texts);
      assertThat(new Rotation(resumed, both(store), TIME).step(1_000, new Entries()))
          .isEqualTo(new Rotation.Outcome.Moved(id(NEW), null, left, 0, 0));
      assertOpens(open(store, KeyringStartTest.sources(store, NEW)), texts);
      // Back again, so that the next round finds it as the first did.
      MasterKeySources back = KeyringStartTest.sources(store, TestKeys.MASTER, NEW);
      assertThat(new Rotation(open(store, back), back, TIME).step(1_000, new Entries()))
          .isEqualTo(new Rotation.Outcome.Moved(id(TestKeys.MASTER), null, 12, 0, 0));
    }
  }

  private static void reset(Database database) {
    assertThat(database.read(KeyringStore::snapshot).active().map(Kek::id))
        .contains(id(TestKeys.MASTER));
  }

  /// Wraps so many keys anew and no more, each in a transaction of its own.
  private static void moveFirst(Database database, Keyring keyring, int count) {
    List<DataKey> keys =
        database.read(handle ->
            KeyringStore.wrappedWith(
                handle, id(TestKeys.MASTER), new DataKey.Id("", "", 0), 1_000));
    for (DataKey key : keys.subList(0, count)) {
      byte[] bytes =
          ((dev.gatewright.secret.KeyWrapper.Unwrapping.Done) keyring.wrappers().unwrap(key)).key();
      var wrapped = KeyMaking.wrapped(keyring.wrappers().active(), bytes, key.id());
      database.write(handle -> {
        KeyringStore.rewrap(handle, key, id(NEW), wrapped);
        return 0;
      });
    }
  }

  @EachDatabase
  void the_former_key_is_needed_until_nothing_is_wrapped_with_it(TestStore store) {
    List<String> texts = sealed(open(store, before(store)), 3);
    Keyring keyring = open(store, both(store));
    new Rotation(keyring, both(store), TIME).step(0, new Entries());
    assertThatThrownBy(() -> open(store, KeyringStartTest.sources(store, NEW)))
        .isInstanceOf(SealedKeyring.class)
        .hasMessageContaining("GATEWRIGHT_MASTER_KEY_OLD");
    assertThat(
            store
                .database()
                .<Boolean>write(handle -> KeyringStore.retire(handle, id(TestKeys.MASTER), 1)))
        .isFalse();
    assertOpens(open(store, both(store)), texts);
  }

  @EachDatabase
  void a_key_that_was_changed_is_left_and_keeps_the_former_one(TestStore store) {
    List<String> texts = sealed(open(store, before(store)), 3);
    store
        .database()
        .write(handle ->
            handle.execute("UPDATE data_key SET wrapped = 'AAAA' WHERE organization_id = 'org_1'"));
    Rotation rotation = new Rotation(open(store, both(store)), both(store), TIME);
    Rotation.Outcome left = new Rotation.Outcome.Moved(id(NEW), id(TestKeys.MASTER), 9, 1, 1);
    assertThat(rotation.step(1_000, new Entries())).isEqualTo(left);
    assertThat(((Rotation.Outcome.Moved) rotation.step(1_000, new Entries())).remaining())
        .isEqualTo(1);
    assertThat(open(store, both(store)).open("org_2", "credential", PLACE, texts.get(2)))
        .isEqualTo(new Opened.Value(VALUE));
  }

  @Test
  void two_replicas_at_once_change_it_once_while_others_seal()
      throws InterruptedException, ExecutionException {
    try (TestStore store = TestStore.fresh(Database.Kind.POSTGRES);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<String> texts = sealed(open(store, before(store)), 300);
      Entries entries = new Entries();
      List<Keyring> replicas = new ArrayList<>();
      List<Future<Rotation.Outcome>> rotating = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        replicas.add(open(store, both(store)));
      }
      for (Keyring replica : replicas) {
        Rotation rotation = new Rotation(replica, both(store), TIME);
        rotating.add(threads.submit(() -> rotation.step(1_000, entries)));
        threads.submit(() -> sealed(replica, 320));
      }
      List<Rotation.Outcome> outcomes = new ArrayList<>();
      for (Future<Rotation.Outcome> each : rotating) {
        outcomes.add(each.get());
      }
      assertThat(outcomes).hasAtLeastOneElementOfType(Rotation.Outcome.Moved.class);
      // Who comes when the others are done finds nothing to change.
      assertThat(outcomes)
          .filteredOn(outcome -> !(outcome instanceof Rotation.Outcome.Moved))
          .allSatisfy(outcome ->
              assertThat(outcome)
                  .isInstanceOfSatisfying(
                      Rotation.Outcome.Refused.class,
                      refused ->
                          assertThat(refused.message()).contains("holds the active master key")));
      threads.shutdown();
      assertThat(entries.told).filteredOn(told -> told.startsWith("begun")).hasSize(1);
      assertThat(entries.told).filteredOn(told -> told.startsWith("ended")).hasSize(1);
      assertOpens(open(store, KeyringStartTest.sources(store, NEW)), texts);
    }
  }

  @Test
  void in_the_data_folder_a_new_key_is_made_and_the_former_kept_beside_it() {
    try (TestStore store = TestStore.fresh(Database.Kind.SQLITE)) {
      MasterKeySources files = KeyringStartTest.sources(store, null);
      Keyring keyring = open(store, files);
      List<String> texts = sealed(keyring, 3);
      MasterKey first = Objects.requireNonNull(files.current());
      // Killed between the two files, and between the files and the first transaction.
      MasterKeyFile.former(files.dataFolder()).write(first);
      assertOpens(open(store, files), texts);
      MasterKey second = MasterKey.random();
      files.file().write(second);
      Keyring half = open(store, files);
      assertOpens(half, texts);

      assertThat(new Rotation(half, files, TIME).step(1_000, new Entries()))
          .isEqualTo(new Rotation.Outcome.Moved(new MasterKeyWrapper(second).id(), null, 10, 0, 0));
      Keyring after = open(store, files);
      assertOpens(after, texts);
      Rotation.Outcome.Moved next =
          (Rotation.Outcome.Moved) new Rotation(after, files, TIME).step(1_000, new Entries());
      assertThat(next.rewrapped()).isEqualTo(10);
      assertThat(next.active()).isNotEqualTo(new MasterKeyWrapper(second).id());
      assertOpens(open(store, files), texts);
    }
  }

  @EachDatabase
  void without_a_new_key_it_says_what_to_do(TestStore store) {
    Keyring keyring = open(store, before(store));
    assertThat(new Rotation(keyring, before(store), TIME).step(1_000, new Entries()))
        .isInstanceOfSatisfying(
            Rotation.Outcome.Refused.class,
            refused -> assertThat(refused.message()).contains("GATEWRIGHT_MASTER_KEY_OLD"));
  }
}
