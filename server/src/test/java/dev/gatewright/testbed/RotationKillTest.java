package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.secret.Context;
import dev.gatewright.secret.MasterKeySources;
import dev.gatewright.secret.SealedKeyring;
import dev.gatewright.secret.Secret;
import dev.gatewright.secret.keyring.Keyring;
import dev.gatewright.secret.keyring.KeyringStart;
import dev.gatewright.secret.keyring.Opened;
import dev.gatewright.store.Database;
import dev.gatewright.store.PostgresAddress;
import dev.gatewright.store.StoreConfig;
import dev.gatewright.store.Stores;
import dev.gatewright.telemetry.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` while the master key is changed: whoever is left, or comes back, goes on; nothing that
/// was sealed is lost, and no API key.
class RotationKillTest {
  private static final int DATA_KEYS = 3_000;
  private static final byte[] PLACE = Context.of("place");
  private static final Secret VALUE = Secret.of("sealed before");

  @TempDir Path folder;
  private FakeProvider provider;
  private Random random;
  private boolean halfway;

  @BeforeEach
  void start() throws IOException {
    provider = FakeProvider.start();
    long seed = System.nanoTime();
    random = new Random(seed);
    System.out.println("seed " + seed);
  }

  @AfterEach
  void stop() throws IOException {
    provider.close();
  }

  @Test
  void on_two_replicas_who_is_left_goes_on() throws Exception {
    PostgresAddress database = TestPostgres.freshDatabase();
    String jdbc =
        "jdbc:postgresql://%s/%s?user=postgres&password=%s"
            .formatted(database.hosts(), database.database(), password(database));
    String former = masterKey();
    String next = masterKey();
    String key;
    try (ChildGate gate = replica("one", database, former, null)) {
      key = gate.admin().liveKey("shared").key();
    }
    StoreConfig config = new StoreConfig(folder.resolve("one/data"), database, 4);
    List<String> sealed =
        seal(config, new MasterKeySources(folder, Secret.of(former), null, false));

    try (ChildGate two = replica("two", database, next, former)) {
      killWhileItRotates(replica("one", database, next, former), jdbc);
      assertThat(chat(two, key)).isEqualTo(200);
      killWhileItRotates(two, jdbc);
    }
    assertThat(halfway).as("a kill halfway").isTrue();
    try (ChildGate one = replica("one", database, next, former)) {
      finish(one.admin());
      assertThat(chat(one, key)).isEqualTo(200);
    }
    try (ChildGate two = replica("two", database, next, null)) {
      assertThat(chat(two, key)).isEqualTo(200);
    }
    assertOpens(config, new MasterKeySources(folder, Secret.of(next), null, false), sealed);
    try (Database store = Stores.open(config, Time.system())) {
      MasterKeySources old = new MasterKeySources(folder, Secret.of(former), null, false);
      assertThatThrownBy(() -> KeyringStart.open(store, old, Time.system()))
          .isInstanceOf(SealedKeyring.class);
    }
  }

  /// There the new key is made by the gate itself, in the data folder.
  @Test
  void on_sqlite_the_next_start_goes_on() throws Exception {
    GateSetup setup = GateSetup.usual(folder, provider);
    String key;
    try (ChildGate gate = ChildGate.start(setup)) {
      key = gate.admin().liveKey("shared").key();
    }
    Path data = folder.resolve("data");
    MasterKeySources files = new MasterKeySources(data, null, null, true);
    List<String> sealed = seal(StoreConfig.sqlite(data), files);
    for (int round = 0; round < 2; round++) {
      killWhileItRotates(ChildGate.start(setup), "jdbc:sqlite:" + data.resolve("gatewright.db"));
    }
    assertThat(halfway).as("a kill halfway").isTrue();
    try (ChildGate gate = ChildGate.start(setup)) {
      assertThat(chat(gate, key)).isEqualTo(200);
      finish(gate.admin());
      assertThat(chat(gate, key)).isEqualTo(200);
    }
    assertOpens(StoreConfig.sqlite(data), files, sealed);
  }

  /// Kills it once some more keys have been wrapped anew; some rounds come too late for that.
  private void killWhileItRotates(ChildGate gate, String jdbc) throws Exception {
    AdminClient admin = gate.admin();
    try (Connection store = DriverManager.getConnection(jdbc)) {
      long before = wrapped(store);
      long some = 1L + random.nextInt(DATA_KEYS / 3);
      Thread rotating =
          Thread.startVirtualThread(() -> {
            try {
              for (int i = 0; i < 5; i++) {
                admin.send("POST", "/api/secrets/rotate", "");
              }
            } catch (IOException killed) {
              // As it was meant to be.
            } catch (InterruptedException ended) {
              Thread.currentThread().interrupt();
            }
          });
      while (rotating.isAlive() && wrapped(store) < before + some) {
        Thread.onSpinWait();
      }
      gate.kill();
      rotating.join();
      long after = wrapped(store);
      System.out.println("killed with %d of some %d wrapped anew".formatted(after, DATA_KEYS));
      halfway |= after > before && after < DATA_KEYS;
    }
  }

  /// Keys that are wrapped with the active master key, where another one is being retired.
  private static long wrapped(Connection store) throws SQLException {
    try (PreparedStatement count =
            store.prepareStatement(
                """
                SELECT COUNT(*) FROM data_key WHERE kek_id IN (SELECT id FROM kek WHERE state = 'active')
                  AND EXISTS (SELECT 1 FROM kek WHERE state = 'retiring')
                """);
        ResultSet rows = count.executeQuery()) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /// Goes on until nothing is wrapped with a former key.
  private static void finish(AdminClient admin) throws Exception {
    Await.until(
        "the end of the change",
        Duration.ofSeconds(30),
        () -> {
          JsonNode status = admin.call("GET", "/api/secrets", "", 200);
          if (wraps(status, "active") >= DATA_KEYS && wraps(status, "retiring") < 0) {
            return true;
          }
          JsonNode moved = admin.call("POST", "/api/secrets/rotate", "", 200);
          assertThat(moved.path("stuck").asLong()).isZero();
          return false;
        });
  }

  /// How many keys those in this state wrap; -1 = there is none.
  private static long wraps(JsonNode status, String state) {
    long wraps = -1;
    for (JsonNode each : status.path("master_keys")) {
      if (each.path("state").asText().equals(state)) {
        wraps = Math.max(wraps, 0) + each.path("wraps").asLong();
      }
    }
    return wraps;
  }

  private static List<String> seal(StoreConfig config, MasterKeySources sources) {
    List<String> texts = new ArrayList<>();
    try (Database store = Stores.open(config, Time.system())) {
      Keyring keyring = KeyringStart.open(store, sources, Time.system());
      for (int i = 0; i < DATA_KEYS; i++) {
        texts.add(keyring.seal("org_" + i, "credential", PLACE, VALUE));
      }
    }
    return texts;
  }

  private static void assertOpens(
      StoreConfig config, MasterKeySources sources, List<String> texts) {
    try (Database store = Stores.open(config, Time.system())) {
      Keyring keyring = KeyringStart.open(store, sources, Time.system());
      for (int i = 0; i < texts.size(); i++) {
        assertThat(keyring.open("org_" + i, "credential", PLACE, texts.get(i)))
            .isEqualTo(new Opened.Value(VALUE));
      }
    }
  }

  private ChildGate replica(
      String name, PostgresAddress database, String master, @Nullable String former)
      throws IOException, InterruptedException {
    GateSetup setup =
        GateSetup.usual(Files.createDirectories(folder.resolve(name)), provider)
            .environment(
                "DATABASE_URL",
                "postgresql://postgres:%s@%s/%s"
                    .formatted(password(database), database.hosts(), database.database()))
            .environment("GATEWRIGHT_MASTER_KEY", master);
    return ChildGate.start(
        former == null ? setup : setup.environment("GATEWRIGHT_MASTER_KEY_OLD", former));
  }

  private static String password(PostgresAddress database) {
    Secret password = database.password();
    return password == null ? "" : password.expose();
  }

  private static String masterKey() {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
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
