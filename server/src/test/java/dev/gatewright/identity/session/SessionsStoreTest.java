package dev.gatewright.identity.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.account.SessionWatch;
import dev.gatewright.account.SignedIn;
import dev.gatewright.identity.person.Person;
import dev.gatewright.identity.person.PersonStore;
import dev.gatewright.key.TestKeys;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.tenant.Organizations;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;

/// Sessions of one process and of two on one store.
class SessionsStoreTest {
  private static final Place PLACE = new Place("192.0.2.1", "test", "req_1", "gate.test");

  private static final class Stack implements AutoCloseable {
    final TestKeys test;
    final Sessions sessions;

    Stack(Database database) {
      test = new TestKeys(database);
      sessions =
          new Sessions(
              database,
              test.feed,
              test.keys.audit(),
              test.owner(),
              new Macs(
                  new SecretKeySpec("k".repeat(32).getBytes(StandardCharsets.UTF_8), "HmacSHA256")),
              test.time);
    }

    String person(String email) {
      EmailAddress address = Objects.requireNonNull(EmailAddress.parse(email));
      return test.database.write(handle -> PersonStore.findOrInsert(handle, address, 1).id());
    }

    Opened begin(String personId) {
      return test.database.write(handle -> sessions.begin(handle, personId, PLACE));
    }

    boolean good(Opened opened) {
      return sessions.find(opened.token()) != null;
    }

    @Override
    public void close() {
      sessions.close();
      test.close();
    }
  }

  @EachDatabase
  void revoked_session_ends_what_runs_within_1s_on_both_replicas(Database database)
      throws Exception {
    try (Stack one = new Stack(database);
        Stack other = new Stack(database)) {
      String ana = one.person("ana@example.com");
      Opened ended = one.begin(ana);
      Opened stays = one.begin(ana);
      assertThat(other.good(ended)).isTrue();
      CountDownLatch here = new CountDownLatch(1);
      CountDownLatch there = new CountDownLatch(1);
      CountDownLatch never = new CountDownLatch(1);
      one.sessions.watch().watch(ended.sessionId(), here::countDown);
      other.sessions.watch().watch(ended.sessionId(), there::countDown);
      other.sessions.watch().watch(stays.sessionId(), never::countDown);
      SessionWatch.Watch closed = other.sessions.watch().watch(ended.sessionId(), never::countDown);
      closed.close();
      assertThat(one.sessions.end(ana, ended.sessionId(), PLACE)).isTrue();
      assertThat(here.await(1, TimeUnit.SECONDS)).isTrue();
      assertThat(there.await(1, TimeUnit.SECONDS)).isTrue();
      // The watch may have looked at the store just before the change was heard.
      Await.until(() -> !other.good(ended));
      assertThat(other.good(stays)).isTrue();
      assertThat(never.getCount()).isEqualTo(1);
      assertThat(one.sessions.end(ana, ended.sessionId(), PLACE)).isFalse();
      assertThat(one.sessions.end("per_other", stays.sessionId(), PLACE)).isFalse();
    }
  }

  @EachDatabase
  void a_person_who_may_not_sign_in_any_more_loses_all(Database database) throws Exception {
    try (Stack stack = new Stack(database)) {
      String ana = stack.person("ana@example.com");
      Opened opened = stack.begin(ana);
      CountDownLatch ended = new CountDownLatch(1);
      stack.sessions.watch().watch(opened.sessionId(), ended::countDown);
      assertThat(stack.good(opened)).isTrue();
      database.write(handle -> {
        handle.execute("UPDATE person SET state = 'disabled' WHERE id = ?", ana);
        return stack.test.feed.append(handle, Person.CHANGE_KIND, null, ana);
      });
      assertThat(ended.await(1, TimeUnit.SECONDS)).isTrue();
      assertThat(stack.good(opened)).isFalse();
    }
  }

  @EachDatabase
  void what_watches_hears_of_a_time_that_is_over(Database database) throws Exception {
    try (Stack stack = new Stack(database)) {
      Opened opened = stack.begin(stack.person("ana@example.com"));
      CountDownLatch ended = new CountDownLatch(1);
      stack.sessions.watch().watch(opened.sessionId(), ended::countDown);
      assertThat(ended.await(700, TimeUnit.MILLISECONDS)).isFalse();
      stack.test.pass(Duration.ofDays(7));
      assertThat(ended.await(2, TimeUnit.SECONDS)).isTrue();
    }
  }

  @EachDatabase
  void another_role_gives_another_token_and_so_does_a_day(Database database) {
    try (Stack stack = new Stack(database)) {
      String ana = stack.person("ana@example.com");
      Opened opened = stack.begin(ana);
      Sessions.Found found = Objects.requireNonNull(stack.sessions.find(opened.token()));
      assertThat(stack.sessions.renew(found)).isNull();
      database.write(handle -> {
        handle.execute(
            """
            INSERT INTO membership (organization_id, person_id, role, source, version, created_millis)
            VALUES (?, ?, 'viewer', 'console', 1, 1)\
            """,
            stack.test.owner().organizationId(),
            ana);
        return stack.test.feed.append(
            handle, Organizations.MEMBER_KIND, stack.test.owner().organizationId(), ana);
      });
      found = Objects.requireNonNull(stack.sessions.find(opened.token()));
      Opened second = Objects.requireNonNull(stack.sessions.renew(found));
      // Whoever came at the same time with the same token gets none: one is enough.
      assertThat(stack.sessions.renew(found)).isNull();
      Sessions.Found old = Objects.requireNonNull(stack.sessions.find(opened.token()));
      assertThat(old.current()).isFalse();
      assertThat(old.session().signedIn(true).provedLately(stack.test.time.millis())).isFalse();
      found = Objects.requireNonNull(stack.sessions.find(second.token()));
      assertThat(found.session().signedIn(false).provedLately(stack.test.time.millis())).isTrue();
      assertThat(stack.sessions.renew(found)).isNull();
      stack.test.pass(Session.OVERLAP);
      assertThat(stack.good(opened)).isFalse();
      stack.test.pass(Session.TOKEN_LIFE_MAX);
      found = Objects.requireNonNull(stack.sessions.find(second.token()));
      assertThat(stack.sessions.renew(found)).isNotNull();
    }
  }

  @EachDatabase
  void a_session_used_on_one_replica_lives_on_on_the_other(Database database) {
    try (Stack one = new Stack(database);
        Stack other = new Stack(database)) {
      Opened opened = one.begin(one.person("ana@example.com"));
      assertThat(other.good(opened)).isTrue();
      one.test.pass(Duration.ofDays(6));
      other.test.pass(Duration.ofDays(6));
      assertThat(one.good(opened)).isTrue();
      Await.until(() ->
          database.read(handle ->
              handle
                  .createQuery("SELECT seen_millis - created_millis FROM session")
                  .mapTo(Long.class)
                  .one())
              > 0);
      one.test.pass(Duration.ofDays(2));
      other.test.pass(Duration.ofDays(2));
      assertThat(other.good(opened)).isTrue();
    }
  }

  @EachDatabase
  void step_up_renews_the_proof_of_the_new_token_alone(Database database) {
    try (Stack stack = new Stack(database)) {
      Opened opened = stack.begin(stack.person("ana@example.com"));
      SignedIn who = stack.sessions.signedIn(opened);
      stack.test.pass(Duration.ofMinutes(10));
      assertThat(stack.sessions.signedIn(opened).provedLately(stack.test.time.millis())).isFalse();
      Opened proved =
          Objects.requireNonNull(
              database.writeOrNull(handle -> stack.sessions.proved(handle, who, PLACE)));
      assertThat(proved.sessionId()).isEqualTo(opened.sessionId());
      assertThat(stack.sessions.signedIn(proved).provedLately(stack.test.time.millis())).isTrue();
      Sessions.Found old = Objects.requireNonNull(stack.sessions.find(opened.token()));
      assertThat(old.session().signedIn(!old.current()).provedLately(stack.test.time.millis()))
          .isFalse();
    }
  }

  @EachDatabase
  void of_one_person_there_are_fifty_at_most(Database database) {
    try (Stack stack = new Stack(database)) {
      String ana = stack.person("ana@example.com");
      Opened first = stack.begin(ana);
      Opened second = stack.begin(ana);
      Set<String> ids = new HashSet<>();
      for (int i = 0; i < Sessions.OF_PERSON_MAX - 1; i++) {
        stack.test.pass(Duration.ofMillis(1));
        assertThat(ids.add(stack.begin(ana).sessionId())).isTrue();
      }
      assertThat(stack.good(first)).isFalse();
      assertThat(stack.good(second)).isTrue();
      List<Session> there = stack.sessions.of(ana);
      assertThat(there).hasSize(Sessions.OF_PERSON_MAX);
      assertThat(there).extracting(Session::id).containsAll(ids);
      stack.sessions.endOthers(ana, second.sessionId(), PLACE);
      assertThat(stack.sessions.of(ana))
          .extracting(Session::id)
          .containsExactly(second.sessionId());
    }
  }

  @EachDatabase
  void no_row_holds_a_token(Database database) {
    try (Stack stack = new Stack(database)) {
      Opened opened = stack.begin(stack.person("ana@example.com"));
      String rows =
          database.read(
              handle -> handle.createQuery("SELECT * FROM session").mapToMap().list().toString());
      assertThat(rows).doesNotContain(opened.token().expose());
      assertThat(stack.sessions.find(Secret.of("x"))).isNull();
    }
  }
}
