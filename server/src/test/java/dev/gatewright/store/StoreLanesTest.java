package dev.gatewright.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestPostgres;
import dev.gatewright.testbed.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class StoreLanesTest {
  @EachDatabase
  void a_busy_portal_holds_up_neither_look_ups_nor_the_log(Database database) {
    CountDownLatch sums = new CountDownLatch(1);
    List<CompletableFuture<Long>> slow = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      slow.add(
          database.readLater(handle -> {
            await(sums);
            return one(handle);
          }));
    }
    try {
      long before = System.nanoTime();
      assertThat(database.on(Lane.LOOK_UPS).read(StoreLanesTest::one)).isEqualTo(1);
      assertThat(database.on(Lane.LOG).write(StoreLanesTest::one)).isEqualTo(1);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
    } finally {
      sums.countDown();
    }
    // On PostgreSQL those without a connection within 3 s have failed, as they should.
    slow.forEach(sum -> sum.exceptionally(_ -> 0L).join());
  }

  @Test
  void a_deadlock_is_repeated_and_nobody_hears_of_it() {
    try (TestStore store = TestStore.fresh(Database.Kind.POSTGRES)) {
      Database database = store.database();
      database.write(handle -> handle.execute("CREATE TABLE thing (id BIGINT, n BIGINT)"));
      database.write(handle -> handle.execute("INSERT INTO thing VALUES (1, 0), (2, 0)"));
      CyclicBarrier both = new CyclicBarrier(2);
      AtomicInteger runs = new AtomicInteger();
      CompletableFuture<Integer> there = database.writeLater(h -> bump(h, 1, 2, both, runs));
      CompletableFuture<Integer> back = database.writeLater(h -> bump(h, 2, 1, both, runs));
      there.join();
      back.join();

      // PostgreSQL may end both.
      assertThat(runs).hasValueGreaterThanOrEqualTo(3);
      assertThat(
              database.<Long>read(
                  handle -> handle.createQuery("SELECT SUM(n) FROM thing").mapTo(Long.class).one()))
          .isEqualTo(4);
    }
  }

  /// The first two runs meet between their rows, so that each holds what the other wants.
  private static int bump(
      Handle handle, long first, long second, CyclicBarrier both, AtomicInteger runs) {
    int run = runs.incrementAndGet();
    handle.execute("UPDATE thing SET n = n + 1 WHERE id = ?", first);
    if (run <= 2) {
      try {
        both.await();
      } catch (InterruptedException | java.util.concurrent.BrokenBarrierException e) {
        throw new IllegalStateException(e);
      }
    }
    return handle.execute("UPDATE thing SET n = n + 1 WHERE id = ?", second);
  }

  @Test
  void time_limits_are_each_transactions_own() {
    try (TestStore store = TestStore.fresh(Database.Kind.POSTGRES)) {
      PostgresDatabase database = (PostgresDatabase) store.database();

      assertThat(limit(database.on(Lane.LOG))).isEqualTo("10s");
      assertThat(limit(database.on(Lane.LOOK_UPS))).isEqualTo("5s");
      assertThat(limit(database.on(Lane.PORTAL))).isEqualTo("15s");
      // What a pooler would hand on with the connection.
      assertThat(database.on(Lane.LOG).outsideTransactions("SHOW statement_timeout"))
          .isEqualTo("0");
    }
  }

  @Test
  void a_statement_out_of_time_is_a_failed_store() {
    try (TestStore store = TestStore.fresh(Database.Kind.POSTGRES)) {
      Database lookUps = store.database().on(Lane.LOOK_UPS);

      assertThatThrownBy(() ->
              lookUps.read(
                  handle -> handle.createQuery("SELECT pg_sleep(8)").mapTo(String.class).list()))
          .isInstanceOf(StoreFailed.class)
          .hasMessageContaining("statement timeout");
    }
  }

  /// Longer than any lane gives a statement.
  @Test
  @Tag("long")
  void a_migration_may_take_its_time() throws Exception {
    PostgresAddress address = TestPostgres.emptyDatabase();
    try (var blocker = address.unhurried().getConnection();
        var statement = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      // The first migration makes a table of this name, and waits for us to say which stays.
      statement.execute("CREATE TABLE change_head (id BIGINT)");
      CompletableFuture<Void> opened =
          CompletableFuture.runAsync(() -> PostgresDatabase.open(address, 4).close());
      Thread.sleep(Duration.ofSeconds(25));
      assertThat(opened).isNotDone();
      blocker.rollback();
      opened.join();
    }
  }

  private static String limit(Database lane) {
    return lane.write(
        handle -> handle.createQuery("SHOW statement_timeout").mapTo(String.class).one());
  }

  private static long one(Handle handle) {
    return handle.createQuery("SELECT 1").mapTo(Long.class).one();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
