package dev.gatewright.secret.keyring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.key.TestKeys;
import dev.gatewright.secret.Context;
import dev.gatewright.secret.KeyWrapper;
import dev.gatewright.secret.KeysUnavailable;
import dev.gatewright.secret.MasterKey;
import dev.gatewright.secret.MasterKeyWrapper;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class KeyringTest {
  private static final Time TIME = Time.system();
  private static final String ONE = "org_one";
  private static final String TWO = "org_two";
  private static final Secret VALUE = Secret.of("sk-canary-5f2b7c9e-ä");

  private static byte[] place(String credential) {
    return Context.of("https", "api.openai.com", "443", ONE, "prj_1", credential);
  }

  private static Keyring open(TestStore store) {
    return KeyringStart.open(
        store.database(), KeyringStartTest.sources(store, TestKeys.MASTER), TIME);
  }

  /// A keyring like another process's on the same store.
  private static Keyring open(Database database, KeyringLimits limits, KeyWrapper... wrappers) {
    return KeyringStart.open(
        database, database.read(KeyringStore::snapshot), List.of(wrappers), "test", limits, TIME);
  }

  private static Secret value(Opened opened) {
    return ((Opened.Value) opened).secret();
  }

  @EachDatabase
  void opens_what_it_sealed_in_its_place_and_on_every_replica(TestStore store) {
    Keyring keyring = open(store);
    String text = keyring.seal(ONE, "credential", place("cred_1"), VALUE);
    assertThat(text).startsWith("gws1.1.").doesNotContain("canary");
    assertThat(value(keyring.open(ONE, "credential", place("cred_1"), text))).isEqualTo(VALUE);
    Keyring other = open(store);
    assertThat(other.openHeld(ONE, "credential", place("cred_1"), text)).isNull();
    assertThat(value(other.open(ONE, "credential", place("cred_1"), text))).isEqualTo(VALUE);
    assertThat(other.openHeld(ONE, "credential", place("cred_1"), text))
        .isEqualTo(new Opened.Value(VALUE));
  }

  /// 47
  @EachDatabase
  void sealed_blob_swap_flip_truncate_wrong_kek(TestStore store) {
    Keyring keyring = open(store);
    String text = keyring.seal(ONE, "credential", place("cred_1"), VALUE);
    String moved = keyring.seal(ONE, "credential", place("cred_2"), VALUE);
    String foreign = keyring.seal(TWO, "credential", place("cred_1"), VALUE);
    String otherPurpose = keyring.seal(ONE, "mail-password", place("cred_1"), VALUE);
    for (String wrong : List.of(moved, foreign, otherPurpose, "", "gws1.1.", "gws1.1.AAAA", "x")) {
      assertTampered(keyring, wrong);
    }
    assertTampered(keyring, text.replace("gws1.1.", "gws1.2."));
    assertTampered(keyring, text.replace("gws1.1.", "gws1.01."));
    assertTampered(keyring, text.replace("gws1.", "gws2."));
    for (int i = 0; i < text.length(); i++) {
      assertTampered(keyring, text.substring(0, i));
      for (int bit = 0; bit < 7; bit++) {
        char changed = (char) (text.charAt(i) ^ (1 << bit));
        assertTampered(keyring, text.substring(0, i) + changed + text.substring(i + 1));
      }
    }
    assertThat(keyring.problem()).contains("credential of org_one").doesNotContain("canary");
    store
        .database()
        .write(handle ->
            handle.execute(
                "UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key WHERE"
                    + " organization_id = 'org_two') WHERE organization_id = 'org_one' AND purpose"
                    + " = 'credential'"));
    assertTampered(open(store), text);
    assertThat(value(keyring.open(ONE, "credential", place("cred_1"), text))).isEqualTo(VALUE);
  }

  private static void assertTampered(Keyring keyring, String text) {
    assertThat(keyring.open(ONE, "credential", place("cred_1"), text))
        .as(text)
        .isEqualTo(new Opened.Tampered());
  }

  @EachDatabase
  void one_value_sealed_twice_is_two_texts(TestStore store) {
    Keyring keyring = open(store);
    Set<String> texts = new HashSet<>();
    for (int i = 0; i < 2_000; i++) {
      texts.add(keyring.seal(ONE, "credential", place("cred_1"), VALUE));
    }
    assertThat(texts).hasSize(2_000);
    assertThat(uses(store.database())).isEqualTo(2_000);
  }

  @EachDatabase
  void a_key_that_is_used_up_is_followed_by_the_next_version(TestStore store)
      throws InterruptedException, ExecutionException {
    open(store);
    KeyringLimits few = new KeyringLimits(20, 10, 100);
    MasterKeyWrapper wrapper = new MasterKeyWrapper(TestKeys.master());
    List<Keyring> replicas = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      replicas.add(open(store.database(), few, wrapper));
    }
    List<Future<List<String>>> sealing = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Keyring replica : replicas) {
        sealing.add(
            threads.submit(() -> {
              List<String> texts = new ArrayList<>();
              for (int i = 0; i < 25; i++) {
                texts.add(replica.seal(ONE, "credential", place("cred_1"), VALUE));
              }
              return texts;
            }));
      }
    }
    List<String> texts = new ArrayList<>();
    for (Future<List<String>> each : sealing) {
      texts.addAll(each.get());
    }
    Keyring reader = open(store);
    for (String text : texts) {
      assertThat(value(reader.open(ONE, "credential", place("cred_1"), text))).isEqualTo(VALUE);
    }
    for (int version = 1; version <= 9; version++) {
      String start = "gws1." + version + ".";
      assertThat(texts.stream().filter(text -> text.startsWith(start)).count())
          .as(start)
          .isLessThanOrEqualTo(20);
    }
    assertThat(texts).hasSize(100).anyMatch(text -> text.startsWith("gws1.5."));
  }

  /// 48
  @EachDatabase
  void kms_down_only_uncached_tenants_503(TestStore store) {
    Kms kms = new Kms();
    open(store);
    store
        .database()
        .write(handle -> {
          String proof = Proof.of(kms);
          KeyringStore.beginToRetire(handle, new MasterKeyWrapper(TestKeys.master()).id());
          KeyringStore.activate(handle, kms.id(), proof, 1);
          return 0;
        });
    MasterKeyWrapper former = new MasterKeyWrapper(TestKeys.master());
    Keyring running = open(store.database(), KeyringLimits.DEFAULT, former, kms);
    String one = running.seal(ONE, "credential", place("cred_1"), VALUE);
    Keyring other = open(store.database(), KeyringLimits.DEFAULT, former, kms);
    String two = other.seal(TWO, "credential", place("cred_1"), VALUE);

    kms.away = true;
    assertThat(value(running.open(ONE, "credential", place("cred_1"), one))).isEqualTo(VALUE);
    assertThat(running.seal(ONE, "credential", place("cred_1"), VALUE)).startsWith("gws1.1.");
    assertThat(running.open(TWO, "credential", place("cred_1"), two))
        .isEqualTo(new Opened.Unavailable("the KMS is away"));
    assertThatThrownBy(() -> running.seal("org_new", "credential", place("cred_1"), VALUE))
        .isInstanceOf(KeysUnavailable.class);
    kms.away = false;
    assertThat(value(running.open(TWO, "credential", place("cred_1"), two))).isEqualTo(VALUE);
  }

  @EachDatabase
  void shredding_an_organization_ends_its_values_on_every_replica(TestStore store) {
    Database database = store.database();
    try (ChangeFeed feed = ChangeFeed.start(database, TIME)) {
      Keyring keyring = open(store);
      keyring.listen(feed);
      String text = keyring.seal(ONE, "credential", place("cred_1"), VALUE);
      String kept = keyring.seal(TWO, "credential", place("cred_1"), VALUE);
      database.write(handle -> {
        keyring.shred(handle, feed, ONE);
        return 0;
      });
      assertThat(keyring.openHeld(ONE, "credential", place("cred_1"), text)).isNull();
      assertTampered(keyring, text);
      assertThat(value(keyring.open(TWO, "credential", place("cred_1"), kept))).isEqualTo(VALUE);
    }
  }

  @EachDatabase
  void no_clear_key_or_value_is_in_the_database_or_its_files(TestStore store) throws IOException {
    Database database = store.database();
    Keyring keyring = open(store);
    keyring.seal(ONE, "credential", place("cred_1"), VALUE);
    List<byte[]> secrets = new ArrayList<>();
    secrets.add(VALUE.expose().getBytes(StandardCharsets.UTF_8));
    secrets.add(Base64.getUrlDecoder().decode(TestKeys.MASTER.expose()));
    secrets.add(TestKeys.MASTER.expose().getBytes(StandardCharsets.US_ASCII));
    for (DataKey key : database.read(handle -> KeyringStore.snapshot(handle).platform())) {
      secrets.add(keyring.purpose(key.id().purpose()).getEncoded());
    }
    List<String> canaries = new ArrayList<>();
    for (byte[] secret : secrets) {
      canaries.add(new String(secret, StandardCharsets.ISO_8859_1));
      canaries.add(Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }
    String rows =
        database.read(handle ->
            handle.createQuery("SELECT * FROM data_key").mapToMap().list().toString()
                + handle.createQuery("SELECT * FROM kek").mapToMap().list());
    assertThat(rows).contains("credential").doesNotContain(canaries);
    try (var files = Files.walk(store.config().dataFolder())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(canaries);
      }
    }
    assertThat(new MasterKeyWrapper(MasterKey.random()).toString()).isEqualTo("***");
  }

  private static long uses(Database database) {
    return database.read(handle ->
        handle
            .createQuery("SELECT uses FROM data_key WHERE organization_id = 'org_one'")
            .mapTo(Long.class)
            .one());
  }

  /// Stands for a KMS: another kind of wrapping key, which can be away.
  private static final class Kms implements KeyWrapper {
    private final MasterKeyWrapper inner = new MasterKeyWrapper(MasterKey.random());
    volatile boolean away;

    @Override
    public String id() {
      return "kms_test";
    }

    @Override
    public Wrapping wrap(byte[] key, byte[] context) {
      return away ? new Wrapping.Unavailable("the KMS is away") : inner.wrap(key, context);
    }

    @Override
    public Unwrapping unwrap(Wrapped wrapped, byte[] context) {
      return away ? new Unwrapping.Unavailable("the KMS is away") : inner.unwrap(wrapped, context);
    }
  }
}
