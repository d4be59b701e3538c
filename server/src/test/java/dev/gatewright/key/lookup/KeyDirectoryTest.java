package dev.gatewright.key.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.Keys;
import dev.gatewright.account.ClosedOrganizations;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyFormat;
import dev.gatewright.key.KeyPepper;
import dev.gatewright.key.KeyState;
import dev.gatewright.key.KeyStore;
import dev.gatewright.key.LocalAdmin;
import dev.gatewright.key.NewKey;
import dev.gatewright.key.StoredKey;
import dev.gatewright.key.TestKeys;
import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.policy.PolicyViews;
import dev.gatewright.policy.Rule;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

class KeyDirectoryTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  @EachDatabase
  void finds_a_key_with_its_policy(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      Rule rule = new Rule(Rule.Effect.ALLOW, Rule.Type.MODELS, List.of("fast"));
      KeyChanges.Made made = test.make(ApiKey.Kind.LIVE, rule);
      for (int i = 0; i < 2; i++) { // from the store, then from memory
        KeyLookup.Found found = (KeyLookup.Found) test.find(made.text());
        assertThat(found.key()).isEqualTo(made.key());
        assertThat(found.policy().model("slow", null)).isNotNull();
      }
      // The news of the key's making may still be on its way and drop it from memory once.
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (!isCurrent(test, made)) {
        assertThat(System.nanoTime()).isLessThan(end);
      }
    }
  }

  private static boolean isCurrent(TestKeys test, KeyChanges.Made made) {
    KeyLookup.Found found = (KeyLookup.Found) test.find(made.text());
    return test.keys.directory().isCurrent(found.key(), found.policyAge());
  }

  @EachDatabase
  void answers_at_once_from_memory(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      KeyChanges.Made made = test.make(ApiKey.Kind.LIVE);
      test.settle();
      test.find(made.text());
      AtomicBoolean answered = new AtomicBoolean();
      test.keys.directory().find(made.text().expose(), TestKeys.CLIENT, _ -> answered.set(true));
      assertThat(answered).isTrue();
    }
  }

  @EachDatabase
  void denies_each_state_with_its_reason(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      long now = test.time.millis();
      Secret expired = make(test, 0, now + 1_000).text();
      Secret early = make(test, now + 60_000, null).text();
      KeyChanges.Made disabled = test.make(ApiKey.Kind.LIVE);
      KeyChanges.Made revoked = test.make(ApiKey.Kind.LIVE);
      test.enable(disabled.key().id(), false);
      test.revoke(revoked);
      assertThat(test.find(expired)).isInstanceOf(KeyLookup.Found.class);
      assertThat(reason(test.find(early))).isEqualTo("not_yet_valid");
      assertThat(reason(test.find(disabled.text()))).isEqualTo("disabled");
      assertThat(reason(test.find(revoked.text()))).isEqualTo("revoked");
      test.pass(Duration.ofMinutes(2));
      assertThat(reason(test.find(expired))).isEqualTo("expired");
      assertThat(test.find(early)).isInstanceOf(KeyLookup.Found.class);
      test.enable(disabled.key().id(), true);
      assertThat(test.find(disabled.text())).isInstanceOf(KeyLookup.Found.class);
    }
  }

  @EachDatabase
  void both_secrets_work_until_the_grace_ends(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      KeyChanges.Made made = test.make(ApiKey.Kind.LIVE);
      String id = made.key().id();
      Secret second = test.rotate(id, Duration.ofHours(24)).text();
      assertThat(test.find(made.text())).isInstanceOf(KeyLookup.Found.class);
      assertThat(test.find(second)).isInstanceOf(KeyLookup.Found.class);
      StoredKey stored = test.stored(id);
      assertThat(stored.state(test.time.millis())).isEqualTo(KeyState.ROTATING);
      test.pass(Duration.ofHours(23).plusMinutes(59));
      assertThat(test.find(made.text())).isInstanceOf(KeyLookup.Found.class);
      test.pass(Duration.ofMinutes(1));
      assertThat(reason(test.find(made.text()))).isEqualTo("rotated_out");
      assertThat(test.find(second)).isInstanceOf(KeyLookup.Found.class);
      assertThat(stored.state(test.time.millis())).isEqualTo(KeyState.ACTIVE);
    }
  }

  @EachDatabase
  void never_more_than_two_secrets_live(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      KeyChanges.Made made = test.make(ApiKey.Kind.LIVE);
      Secret second = test.rotate(made.key().id(), Duration.ofHours(24)).text();
      Secret third = test.rotate(made.key().id(), Duration.ofHours(24)).text();
      assertThat(test.find(made.text())).isInstanceOf(KeyLookup.Rejected.class);
      assertThat(test.find(second)).isInstanceOf(KeyLookup.Found.class);
      assertThat(test.find(third)).isInstanceOf(KeyLookup.Found.class);
      Secret fourth = test.rotate(made.key().id(), Duration.ZERO).text();
      assertThat(test.find(third)).isInstanceOf(KeyLookup.Rejected.class);
      assertThat(test.find(fourth)).isInstanceOf(KeyLookup.Found.class);
    }
  }

  @EachDatabase
  void revoking_is_known_here_at_once_and_on_a_replica_within_a_second(TestStore store)
      throws InterruptedException {
    try (TestKeys test = new TestKeys(store.database())) {
      Database other =
          store.database().kind() == Database.Kind.POSTGRES ? store.open() : store.database();
      try (ChangeFeed otherFeed = ChangeFeed.start(other, Time.system());
          Keys replica = Keys.start(other, otherFeed, TestKeys.master(), Time.system())) {
        KeyChanges.Made made = test.make(ApiKey.Kind.LIVE);
        String text = made.text().expose();
        assertThat(test.find(made.text())).isInstanceOf(KeyLookup.Found.class);
        assertThat(TestKeys.find(replica.directory(), text, TestKeys.CLIENT))
            .isInstanceOf(KeyLookup.Found.class);
        test.revoke(made);
        assertThat(reason(test.find(made.text()))).isEqualTo("revoked");
        Await.until(
            "the replica knows",
            Duration.ofSeconds(1),
            () ->
                TestKeys.find(replica.directory(), text, TestKeys.CLIENT)
                    instanceof KeyLookup.Rejected);
      }
    }
  }

  @EachDatabase
  void a_key_made_after_it_was_asked_for_is_found(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      KeyPepper pepper = test.keys.pepper();
      String id = KeyFormat.newId(RANDOM);
      Secret text = KeyFormat.newText(ApiKey.Kind.LIVE, id, RANDOM);
      assertThat(reason(test.find(text))).isEqualTo("unknown");
      assertThat(test.keys.directory().unknownCount()).isEqualTo(1);
      ApiKey key =
          new ApiKey(
              id,
              test.owner(),
              ApiKey.Kind.LIVE,
              "late",
              true,
              "local",
              1,
              0,
              null,
              null,
              List.of());
      database.write(handle -> {
        KeyStore.insert(handle, key);
        KeyStore.insertSecret(
            handle,
            key.tenant(),
            id,
            new StoredKey.StoredSecret(1, pepper.id(), pepper.stored(text), null),
            1);
        return test.feed.append(handle, "key", key.tenant().organizationId(), id);
      });
      assertThat(test.find(text)).isInstanceOf(KeyLookup.Found.class);
    }
  }

  @EachDatabase
  void the_thirty_first_guess_of_an_address_is_told_to_wait(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      KeyChanges.Made warm = test.make(ApiKey.Kind.LIVE);
      KeyChanges.Made cold = test.make(ApiKey.Kind.LIVE);
      test.settle();
      test.find(warm.text());
      for (int i = 0; i < FailureLimiter.FAILURES_MAX; i++) {
        assertThat(reason(test.find(unknown()))).isEqualTo("unknown");
      }
      KeyLookup.Throttled throttled = (KeyLookup.Throttled) test.find(unknown());
      assertThat(throttled.retryAfterSeconds()).isBetween(1, 60);
      // An office shares an address: who is in memory goes on, and a trickle looks up who is not.
      assertThat(test.find(warm.text())).isInstanceOf(KeyLookup.Found.class);
      assertThat(test.find(cold.text())).isInstanceOf(KeyLookup.Found.class);
      assertThat(
              TestKeys.find(
                  test.keys.directory(), cold.text().expose(), TestKeys.address("192.0.2.2")))
          .isInstanceOf(KeyLookup.Found.class);
      test.pass(Duration.ofSeconds(61));
      assertThat(reason(test.find(unknown()))).isEqualTo("unknown");
    }
  }

  @EachDatabase
  void guesses_beyond_the_limit_are_looked_up_in_a_trickle(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      test.settle();
      for (int i = 0; i < FailureLimiter.FAILURES_MAX; i++) {
        test.find(unknown());
      }
      long before = test.keys.directory().unknownCount();
      long begun = System.nanoTime();
      for (int i = 0; i < 500; i++) {
        assertThat(test.find(unknown())).isInstanceOf(KeyLookup.Throttled.class);
      }
      long seconds = 1 + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
      assertThat(test.keys.directory().unknownCount() - before)
          .isBetween(1L, (seconds + 1) * FailureLimiter.TRICKLE_A_SECOND);
      // Good keys that were not in memory when it began: each gets in with one of its next tries.
      for (int i = 0; i < 4; i++) {
        Secret good = test.make(ApiKey.Kind.LIVE).text();
        Await.until(() -> test.find(good) instanceof KeyLookup.Found);
      }
    }
  }

  @EachDatabase
  void a_key_in_memory_is_read_anew_after_a_while_even_if_its_news_was_lost(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      KeyChanges.Made made = test.make(ApiKey.Kind.LIVE);
      test.settle();
      assertThat(test.find(made.text())).isInstanceOf(KeyLookup.Found.class);
      database.write(handle ->
          handle.execute("UPDATE api_key SET enabled = 0 WHERE id = '" + made.key().id() + "'"));
      test.pass(Duration.ofMinutes(4));
      assertThat(test.find(made.text())).isInstanceOf(KeyLookup.Found.class);
      test.pass(Duration.ofMinutes(2));
      // Now it is renewed, behind a call that need not wait.
      test.find(made.text());
      Await.until(() -> test.find(made.text()) instanceof KeyLookup.Rejected);
      database.write(handle ->
          handle.execute("UPDATE api_key SET enabled = 1 WHERE id = '" + made.key().id() + "'"));
      test.pass(Duration.ofMinutes(11));
      assertThat(test.find(made.text())).isInstanceOf(KeyLookup.Found.class);
    }
  }

  @EachDatabase
  void the_local_key_passes_and_no_other_process_has_it(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      KeyLookup.Found found = (KeyLookup.Found) test.find(test.keys.localAdmin().text());
      assertThat(found.key().kind()).isEqualTo(ApiKey.Kind.ADMIN);
      assertThat(LocalAdmin.is(found.key())).isTrue();
      Secret other = LocalAdmin.mint(test.owner(), test.time).text();
      assertThat(reason(test.find(other))).isEqualTo("unknown");
    }
  }

  @EachDatabase
  void nobody_is_let_in_on_old_news(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      KeyChanges.Made made = test.make(ApiKey.Kind.LIVE);
      assertThat(test.find(made.text())).isInstanceOf(KeyLookup.Found.class);
      KeyLimits impatient =
          new KeyLimits(
              10, 10, 10, 10, Duration.ofMillis(-1), Duration.ofMinutes(10), Duration.ofMinutes(1));
      KeyDirectory directory =
          new KeyDirectory(
              database,
              test.feed,
              test.keys.pepper(),
              test.time,
              test.keys.localAdmin(),
              test.keys.use(),
              test.keys.foreign(),
              new PolicyViews(database, test.feed, test.time),
              ClosedOrganizations.none(),
              impatient);
      assertThat(TestKeys.find(directory, made.text().expose(), TestKeys.CLIENT))
          .isInstanceOf(KeyLookup.Unavailable.class);
      assertThat(TestKeys.find(directory, test.keys.localAdmin().text().expose(), TestKeys.CLIENT))
          .isInstanceOf(KeyLookup.Found.class);
    }
  }

  @EachDatabase
  void the_same_miss_is_looked_up_once_and_memory_stays_bounded(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      KeyLimits tight =
          new KeyLimits(
              10_000,
              20,
              4,
              8,
              Duration.ofSeconds(60),
              Duration.ofMinutes(10),
              Duration.ofMinutes(1));
      KeyDirectory directory =
          new KeyDirectory(
              database,
              test.feed,
              test.keys.pepper(),
              test.time,
              null,
              test.keys.use(),
              test.keys.foreign(),
              new PolicyViews(database, test.feed, test.time),
              ClosedOrganizations.none(),
              tight);
      List<KeyChanges.Made> made = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        made.add(test.make(ApiKey.Kind.LIVE));
      }
      for (KeyChanges.Made key : made) {
        assertThat(TestKeys.find(directory, key.text().expose(), TestKeys.CLIENT))
            .isInstanceOf(KeyLookup.Found.class);
      }
      assertThat(directory.knownCount()).isBetween(5L, 12L);
      // More calls at once than may wait: those beyond are told so, none is lost.
      List<CompletableFuture<KeyLookup>> answers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        CompletableFuture<KeyLookup> answer = new CompletableFuture<>();
        directory.find(
            unknown().expose(), TestKeys.address("192.0.2." + (i % 200)), answer::complete);
        answers.add(answer);
      }
      for (CompletableFuture<KeyLookup> answer : answers) {
        assertThat(answer.join())
            .isInstanceOfAny(KeyLookup.Rejected.class, KeyLookup.Unavailable.class);
      }
      assertThat(directory.unknownCount()).isLessThanOrEqualTo(20);
    }
  }

  @EachDatabase
  void the_time_of_last_use_is_written_in_batches(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      KeyChanges.Made made = test.make(ApiKey.Kind.LIVE);
      test.find(made.text());
      test.keys.use().flush();
      Long first = test.stored(made.key().id()).lastUsedMillis();
      assertThat(first).isNotNull();
      test.pass(Duration.ofSeconds(5));
      test.find(made.text());
      test.keys.use().flush();
      assertThat(test.stored(made.key().id()).lastUsedMillis()).isGreaterThan(first);
    }
  }

  private static KeyChanges.Made make(TestKeys test, long notBefore, @Nullable Long expires) {
    return test.make(
        new NewKey(test.owner(), ApiKey.Kind.LIVE, "t", notBefore, expires, List.of()));
  }

  private static Secret unknown() {
    return KeyFormat.newText(ApiKey.Kind.LIVE, KeyFormat.newId(RANDOM), RANDOM);
  }

  private static String reason(KeyLookup lookup) {
    return ((KeyLookup.Rejected) lookup).reason();
  }
}
