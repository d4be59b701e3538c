package dev.gatewright.ledger;

import static dev.gatewright.ledger.TestPurses.TOKEN;
import static dev.gatewright.ledger.TestPurses.WALLET;
import static dev.gatewright.ledger.TestPurses.budget;
import static dev.gatewright.ledger.TestPurses.check;
import static dev.gatewright.ledger.TestPurses.give;
import static dev.gatewright.ledger.TestPurses.open;
import static dev.gatewright.ledger.TestPurses.purse;
import static dev.gatewright.ledger.TestPurses.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.ledger.TestPurses.Pending;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Reservations and settlements through the attempt log, held against books computed anew.
class PurseLedgerTest {
  @EachDatabase
  void a_call_holds_what_it_reserves_and_pays_what_it_cost(Database database) {
    give(database, 1_000 * TOKEN);
    try (Ledger ledger = start(database)) {
      Pending call = open(ledger, new Hold(WALLET, 100 * TOKEN));
      assertThat(call.passes()).isTrue();
      assertThat(purse(database, WALLET).room()).isEqualTo(900 * TOKEN);
      assertThat(purse(database, WALLET).held()).isEqualTo(100 * TOKEN);
      check(database);

      ledger.attempts().close(call.attempt(), TestAttempts.outcome(30));
      Await.until(() -> purse(database, WALLET).held() == 0);
      assertThat(purse(database, WALLET).room()).isEqualTo(970 * TOKEN);
      ledger.projector().projectAll();
      check(database);
    }
    assertThat(purse(database, WALLET).posted()).isEqualTo(30 * TOKEN);
    assertThat(purse(database, WALLET).unposted()).isZero();
    assertThat(costs(database)).containsExactly("30000 30000 v1 test output=30");
    check(database);
  }

  @EachDatabase
  void callers_1000_on_one_wallet_get_what_there_is_and_not_a_nano_more(Database database)
      throws InterruptedException {
    give(database, 137 * TOKEN + 999);
    try (Ledger ledger = start(database)) {
      ConcurrentLinkedQueue<Pending> calls = new ConcurrentLinkedQueue<>();
      CountDownLatch go = new CountDownLatch(1);
      List<Thread> threads =
          IntStream.range(0, 1_000)
              .mapToObj(_ ->
                  Thread.ofVirtual()
                      .start(() -> {
                        try {
                          go.await();
                        } catch (InterruptedException e) {
                          Thread.currentThread().interrupt();
                        }
                        calls.add(open(ledger, new Hold(WALLET, TOKEN)));
                      }))
              .toList();
      go.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      List<Pending> passed = calls.stream().filter(Pending::passes).toList();
      assertThat(passed).hasSize(137);
      assertThat(purse(database, WALLET).room()).isEqualTo(999);
      check(database);
      passed.forEach(call -> ledger.attempts().close(call.attempt(), TestAttempts.outcome(1)));
    }
    assertThat(purse(database, WALLET).held()).isZero();
    assertThat(purse(database, WALLET).room()).isEqualTo(999);
    check(database);
  }

  @Test
  void three_replicas_on_one_wallet_take_what_there_is_and_not_a_nano_more() {
    try (TestStore store = TestStore.fresh(Database.Kind.POSTGRES)) {
      Database ours = store.database();
      give(ours, 137 * TOKEN + 999);
      for (int i = 0; i < 40; i++) {
        give(ours, "org_more" + i, 3 * TOKEN);
      }
      try (Ledger one = start(ours);
          Ledger two = start(store.open());
          Ledger three = start(store.open())) {
        List<Ledger> replicas = List.of(one, two, three);
        List<Pending> calls = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
          // Two purses each, in either order of ids: the commits of replicas cross.
          calls.add(
              open(
                  replicas.get(i % 3),
                  new Hold(WALLET, TOKEN),
                  new Hold("wal_more" + i % 40, i % 7)));
        }
        assertThat(calls.stream().filter(Pending::passes)).hasSize(137);
        assertThat(purse(ours, WALLET).room()).isEqualTo(999);
        for (int i = 0; i < calls.size(); i++) {
          replicas.get(i % 3).attempts().close(calls.get(i).attempt(), TestAttempts.outcome(0));
        }
        Await.until(() -> purse(ours, WALLET).held() == 0);
        assertThat(purse(ours, WALLET).room()).isEqualTo(137 * TOKEN + 999);
        check(ours);
      }
      check(ours);
    }
  }

  @EachDatabase
  void one_empty_wallet_refuses_nobody_else_in_its_commit(Database database) {
    give(database, "org_2", TOKEN);
    give(database, 1_000 * TOKEN);
    try (Ledger ledger = start(database, unhurried())) {
      List<Pending> calls = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        calls.add(open(ledger, new Hold(WALLET, TOKEN)));
        calls.add(open(ledger, new Hold("wal_2", 2 * TOKEN)));
      }
      for (int i = 0; i < calls.size(); i++) {
        assertThat(calls.get(i).passes()).as("call %d", i).isEqualTo(i % 2 == 0);
      }
      check(database);
    }
    assertThat(purse(database, "wal_2").room()).isEqualTo(TOKEN);
    check(database);
  }

  @EachDatabase
  void two_purses_who_is_refused_by_one_leaves_nothing_with_the_other(Database database) {
    give(database, 1_000 * TOKEN);
    String budget = budget(database, "bud_1@0", 5 * TOKEN);
    try (Ledger ledger = start(database, unhurried())) {
      List<Pending> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        calls.add(open(ledger, new Hold(WALLET, 10 * TOKEN), new Hold(budget, TOKEN)));
      }
      assertThat(calls.stream().filter(Pending::passes)).hasSize(5);
      assertThat(purse(database, WALLET).held()).isEqualTo(50 * TOKEN);
      assertThat(purse(database, budget).held()).isEqualTo(5 * TOKEN);
      check(database);
    }
  }

  @EachDatabase
  void close_and_open_what_a_close_gives_back_an_opening_of_its_commit_may_take(Database database) {
    give(database, 10 * TOKEN);
    try (Ledger ledger = start(database, unhurried())) {
      Pending first = open(ledger, new Hold(WALLET, 10 * TOKEN));
      assertThat(first.passes()).isTrue();
      for (int i = 0; i < 5; i++) {
        ledger.attempts().close(first.attempt(), TestAttempts.outcome(1));
        Pending next = open(ledger, new Hold(WALLET, (9 - i) * TOKEN));
        assertThat(next.passes()).as("round %d", i).isTrue();
        first = next;
      }
    }
    check(database);
  }

  @EachDatabase
  void a_call_closed_before_its_opening_is_written_holds_nothing(Database database) {
    give(database, 10 * TOKEN);
    try (Ledger ledger = start(database, unhurried())) {
      for (int i = 0; i < 30; i++) {
        Pending call = open(ledger, new Hold(WALLET, 10 * TOKEN));
        ledger.attempts().close(call.attempt(), TestAttempts.outcome(0));
        call.passes();
      }
      Await.until(() -> purse(database, WALLET).held() == 0);
    }
    assertThat(purse(database, WALLET).room()).isEqualTo(10 * TOKEN);
    check(database);
  }

  @EachDatabase
  void commit_answer_lost_its_openings_are_refused_and_hold_nothing(TestStore store) {
    give(store.database(), 10 * TOKEN);
    FaultyDatabase faulty = new FaultyDatabase(store.database());
    try (Ledger ledger = start(faulty)) {
      Pending closing = open(ledger, new Hold(WALLET, TOKEN));
      assertThat(closing.passes()).isTrue();
      faulty.failAfterNextCommit();
      Pending call = open(ledger, new Hold(WALLET, TOKEN));
      assertThat(TestAttempts.get(call.durable())).isNotNull();
      ledger.attempts().close(closing.attempt(), TestAttempts.outcome(1));
      Await.until(() -> ledger.attempts().accepting());
      Await.until(() -> purse(store.database(), WALLET).held() == 0);
      check(store.database());
    }
    assertThat(purse(store.database(), WALLET).room()).isEqualTo(9 * TOKEN);
    check(store.database());
  }

  @EachDatabase
  void kill_between_purse_and_log_a_commit_that_fails_moves_neither(TestStore store) {
    give(store.database(), 10 * TOKEN);
    FaultyDatabase faulty = new FaultyDatabase(store.database());
    try (Ledger ledger = start(faulty)) {
      Pending open = open(ledger, new Hold(WALLET, TOKEN));
      assertThat(open.passes()).isTrue();
      faulty.failWrites(true);
      assertThat(TestAttempts.get(open(ledger, new Hold(WALLET, TOKEN)).durable())).isNotNull();
      ledger.attempts().close(open.attempt(), TestAttempts.outcome(1));
      faulty.failWrites(false);
      Await.until(() -> ledger.attempts().accepting());
      assertThat(purse(store.database(), WALLET).held()).isZero();
      check(store.database());
    }
    assertThat(purse(store.database(), WALLET).room()).isEqualTo(9 * TOKEN);
    check(store.database());
  }

  @EachDatabase
  void cost_above_the_reservation_is_written_off(Database database) {
    give(database, 10 * TOKEN);
    String budget = budget(database, "bud_1@0", 3 * TOKEN);
    try (Ledger ledger = start(database)) {
      Pending call = open(ledger, new Hold(WALLET, 2 * TOKEN), new Hold(budget, 2 * TOKEN));
      assertThat(call.passes()).isTrue();
      ledger.attempts().close(call.attempt(), TestAttempts.outcome(7));
      ledger.projector().projectAll();
      assertThat(ledger.figures().writtenOffNano()).isEqualTo(5 * TOKEN);
    }
    assertThat(purse(database, WALLET).room()).isEqualTo(8 * TOKEN);
    // What it counts is what it cost: nothing more passes until the limit is raised.
    assertThat(purse(database, budget).room()).isEqualTo(-4 * TOKEN);
    assertThat(costs(database)).containsExactly("7000 2000 v1 test output=7");
    check(database);
  }

  @EachDatabase
  void hint_never_admits_and_is_forgotten(Database database) {
    give(database, TOKEN);
    try (Ledger ledger = start(database)) {
      assertThat(open(ledger, new Hold(WALLET, 2 * TOKEN)).passes()).isFalse();
      long rows = ledger.rowsWritten();
      assertThat(open(ledger, new Hold(WALLET, 3 * TOKEN)).passes()).isFalse();
      assertThat(ledger.rowsWritten()).as("refused from memory").isEqualTo(rows);
      // Within the room that is remembered: the store decides.
      assertThat(open(ledger, new Hold(WALLET, TOKEN)).passes()).isTrue();
      give(database, 5 * TOKEN);
      Await.until(() -> open(ledger, new Hold(WALLET, 2 * TOKEN)).passes());
    }
    check(database);
  }

  @EachDatabase
  void a_dead_process_leaves_nothing_held_and_pays_by_its_checkpoint(TestStore store) {
    give(store.database(), 100 * TOKEN);
    FaultyDatabase dying = new FaultyDatabase(store.database());
    Ledger dead = start(dying);
    Pending call = open(dead, new Hold(WALLET, 50 * TOKEN));
    assertThat(call.passes()).isTrue();
    call.attempt().counted(17);
    long rows = dead.rowsWritten();
    Await.until(() -> dead.rowsWritten() > rows);
    dying.pause();
    try (Ledger next = start(store.database())) {
      Await.until(() -> LedgerTest.project(next, store.database()).size() == 1);
    }
    assertThat(purse(store.database(), WALLET).room()).isEqualTo(83 * TOKEN);
    assertThat(purse(store.database(), WALLET).held()).isZero();
    check(store.database());
    // Zombie: the first comes back and closes what is settled.
    dead.attempts().close(call.attempt(), TestAttempts.outcome(40));
    dying.resume();
    dead.close();
    assertThat(purse(store.database(), WALLET).room()).isEqualTo(83 * TOKEN);
    check(store.database());
  }

  @Test
  void two_takeovers_free_once() {
    try (TestStore store = TestStore.fresh(Database.Kind.POSTGRES)) {
      Database ours = store.database();
      give(ours, 100 * TOKEN);
      FaultyDatabase dying = new FaultyDatabase(ours);
      Ledger dead = start(dying);
      for (int i = 0; i < 30; i++) {
        assertThat(open(dead, new Hold(WALLET, TOKEN)).passes()).isTrue();
      }
      dying.pause();
      try (Ledger first = start(ours);
          Ledger second = start(store.open())) {
        Await.until(() -> TestAttempts.rows(ours).size() >= 30);
        first.projector().projectAll();
        second.projector().projectAll();
      }
      dying.resume();
      dead.close();
      assertThat(purse(ours, WALLET).room()).isEqualTo(100 * TOKEN);
      check(ours);
    }
  }

  @EachDatabase
  void a_transfer_is_never_changed_or_deleted(Database database) {
    give(database, TOKEN);
    assertThatThrownBy(() ->
            database.write(handle -> handle.execute("UPDATE transfer SET amount = amount + 1")))
        .hasStackTraceContaining("a transfer is never");
    assertThatThrownBy(() -> database.write(handle -> handle.execute("DELETE FROM transfer")))
        .hasStackTraceContaining("a transfer is never");
    check(database);
  }

  @EachDatabase
  void the_check_finds_what_was_tampered_with(Database database) {
    give(database, TOKEN);
    give(database, TOKEN);
    database.write(handle -> handle.execute("UPDATE account SET balance = 7 WHERE id = ?", WALLET));
    database.write(
        handle -> handle.execute("UPDATE purse SET room = room + 1, held = 3, posted = 5"));
    assertThat(dev.gatewright.ledger.projection.Replay.differences(database))
        .contains(
            "wal_1: balance: 7 (expected: 2000)",
            "wal_1: held: 3 (expected: 0)",
            "wal_1: posted: 5 (expected: 0)",
            "wal_1: room, held and unposted: 2004 (expected: 7)");
  }

  /// Commits far apart, so that what comes together goes together.
  private static LedgerConfig unhurried() {
    LedgerConfig fast = TestAttempts.FAST;
    return new LedgerConfig(
        Duration.ofMillis(20),
        Duration.ofMillis(20),
        Duration.ofMillis(5),
        fast.renewEvery(),
        fast.expireAfter(),
        fast.checkpointAfter(),
        fast.rewriteAfter(),
        fast.projectEvery(),
        fast.projectWithin());
  }

  private static List<String> costs(Database database) {
    return database.read(handle ->
        handle
            .createQuery(
                """
                SELECT cost_nano, billed_nano, price_version, cost_source, meters
                FROM usage_attempt ORDER BY id\
                """)
            .map((row, _) ->
                "%d %d %s %s %s"
                    .formatted(
                        row.getLong(1),
                        row.getLong(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5)))
            .list());
  }
}
