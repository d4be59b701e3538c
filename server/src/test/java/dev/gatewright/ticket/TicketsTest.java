package dev.gatewright.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.key.ApiKey;
import dev.gatewright.key.TestKeys;
import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.key.lookup.FailureLimiter;
import dev.gatewright.key.lookup.KeyLookup;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

class TicketsTest {
  private static final Duration LIFE = Duration.ofSeconds(30);

  @EachDatabase
  void opens_once_for_the_key_it_was_made_with(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      KeyChanges.Made made = test.make(ApiKey.Kind.LIVE);
      String ticket = issue(test, made, null);
      assertThat(redeem(test, ticket, "chat"))
          .isInstanceOfSatisfying(
              KeyLookup.Found.class, found -> assertThat(found.key()).isEqualTo(made.key()));
      assertThat(reason(redeem(test, ticket, "chat"))).isEqualTo("ticket_unknown");
    }
  }

  @EachDatabase
  void of_many_who_try_one_replica_gets_it(Database database) {
    try (TestKeys one = new TestKeys(database);
        TestKeys two = new TestKeys(database)) {
      KeyChanges.Made made = one.make(ApiKey.Kind.LIVE);
      for (int round = 0; round < 5; round++) {
        String ticket = issue(one, made, "chat");
        List<CompletableFuture<KeyLookup>> tries = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          tries.add(start(i % 2 == 0 ? one : two, ticket, "chat", "192.0.2." + (10 + i)));
        }
        long found =
            tries.stream()
                .map(CompletableFuture::join)
                .filter(KeyLookup.Found.class::isInstance)
                .count();
        assertThat(found).isEqualTo(1);
      }
    }
  }

  @EachDatabase
  void is_good_for_its_time_and_service_only(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      KeyChanges.Made made = test.make(ApiKey.Kind.LIVE);
      String other = issue(test, made, "tts");
      assertThat(reason(redeem(test, other, "chat"))).isEqualTo("ticket_service");
      assertThat(reason(redeem(test, other, "tts"))).isEqualTo("ticket_unknown");
      String late = issue(test, made, null);
      test.pass(LIFE);
      assertThat(reason(redeem(test, late, "chat"))).isEqualTo("ticket_expired");
    }
  }

  @EachDatabase
  void a_replica_whose_clock_is_apart_takes_it_all_the_same(Database database) {
    try (TestKeys one = new TestKeys(database);
        TestKeys ahead = new TestKeys(database)) {
      ahead.pass(Duration.ofSeconds(30).plus(LIFE));
      KeyChanges.Made made = one.make(ApiKey.Kind.LIVE);
      assertThat(redeem(ahead, issue(one, made, "chat"), "chat"))
          .isInstanceOf(KeyLookup.Found.class);
      assertThat(redeem(one, issue(ahead, made, "chat"), "chat"))
          .isInstanceOf(KeyLookup.Found.class);
      // What one makes is not cleared away by the other's idea of the time.
      String kept = issue(one, made, "chat");
      issue(ahead, made, "chat");
      assertThat(redeem(one, kept, "chat")).isInstanceOf(KeyLookup.Found.class);
      String old = issue(one, made, "chat");
      ahead.pass(Duration.ofSeconds(61));
      assertThat(reason(redeem(ahead, old, "chat"))).isEqualTo("ticket_expired");
    }
  }

  @EachDatabase
  void dies_with_its_key(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      KeyChanges.Made made = test.make(ApiKey.Kind.LIVE);
      String ticket = issue(test, made, null);
      test.revoke(made);
      assertThat(reason(redeem(test, ticket, "chat"))).isEqualTo("revoked");
    }
  }

  @EachDatabase
  void guesses_are_bounded_by_address(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      assertThat(reason(redeem(test, "gwt_short", "chat"))).isEqualTo("ticket_malformed");
      String guess = "gwt_" + "x".repeat(40);
      for (int i = 0; i < FailureLimiter.FAILURES_MAX; i++) {
        assertThat(reason(redeem(test, guess, "chat"))).isEqualTo("ticket_unknown");
      }
      assertThat(redeem(test, guess, "chat")).isInstanceOf(KeyLookup.Throttled.class);
    }
  }

  @EachDatabase
  void a_key_has_a_bounded_number_of_them(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      KeyChanges.Made made = test.make(ApiKey.Kind.LIVE);
      for (int i = 0; i < Tickets.OPEN_MAX; i++) {
        issue(test, made, null);
      }
      assertThat(test.keys.tickets().issue(made.key(), null, LIFE)).isEmpty();
      test.pass(LIFE.plusMinutes(2));
      assertThat(test.keys.tickets().issue(made.key(), null, LIFE)).isPresent();
      long rows =
          database.read(handle ->
              handle.createQuery("SELECT COUNT(*) FROM key_ticket").mapTo(Long.class).one());
      assertThat(rows).isEqualTo(1);
    }
  }

  @EachDatabase
  void its_text_is_not_kept(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      String ticket = issue(test, test.make(ApiKey.Kind.LIVE), null);
      String mac =
          database.read(
              handle -> handle.createQuery("SELECT mac FROM key_ticket").mapTo(String.class).one());
      assertThat(mac).isNotEqualTo(ticket).hasSize(43);
    }
  }

  private static String issue(TestKeys test, KeyChanges.Made made, @Nullable String service) {
    return test.keys.tickets().issue(made.key(), service, LIFE).orElseThrow().text().expose();
  }

  private static KeyLookup redeem(TestKeys test, String ticket, String service) {
    return start(test, ticket, service, "192.0.2.1").join();
  }

  private static CompletableFuture<KeyLookup> start(
      TestKeys test, String ticket, String service, String client) {
    CompletableFuture<KeyLookup> found = new CompletableFuture<>();
    test.keys.tickets().redeem(ticket, service, InetAddress.ofLiteral(client), found::complete);
    return found.orTimeout(20, TimeUnit.SECONDS);
  }

  private static String reason(KeyLookup lookup) {
    return lookup instanceof KeyLookup.Rejected rejected ? rejected.reason() : lookup.toString();
  }
}
