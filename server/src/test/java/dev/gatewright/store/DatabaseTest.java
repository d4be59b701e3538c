package dev.gatewright.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.testbed.EachDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jdbi.v3.core.Handle;

class DatabaseTest {
  @EachDatabase
  void reads_what_was_written(Database database) {
    table(database);
    database.write(handle -> insert(handle, 1));

    assertThat(ids(database)).containsExactly(1);
  }

  @EachDatabase
  void a_failing_work_leaves_nothing_and_throws_what_it_threw(Database database) {
    table(database);

    assertThatThrownBy(() ->
            database.write(handle -> {
              insert(handle, 1);
              throw new IllegalArgumentException("no");
            }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no");
    assertThat(ids(database)).isEmpty();
  }

  @EachDatabase
  void one_failing_work_among_many_fails_alone(Database database) throws InterruptedException {
    table(database);
    CountDownLatch gate = new CountDownLatch(1);
    CompletableFuture<Integer> first =
        database.writeLater(handle -> {
          await(gate);
          return insert(handle, 1_000);
        });
    // On PostgreSQL works run side by side: there the holder must have inserted before the others.
    if (database.kind() == Database.Kind.POSTGRES) {
      gate.countDown();
      first.join();
    }
    List<CompletableFuture<Integer>> waiting = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      int id = i % 10 == 3 ? 1_000 : i;
      // On SQLite the first holds the writer, so that these share one commit.
      waiting.add(database.writeLater(handle -> insert(handle, id)));
    }
    gate.countDown();
    first.join();

    for (int i = 0; i < 50; i++) {
      CompletableFuture<Integer> future = waiting.get(i);
      assertThat(future.handle((_, thrown) -> thrown != null).join()).isEqualTo(i % 10 == 3);
    }
    assertThat(ids(database)).hasSize(46);
  }

  @EachDatabase
  void a_refused_statement_is_not_a_failed_store(Database database) {
    table(database);
    database.write(handle -> insert(handle, 1));

    assertThatThrownBy(() -> database.write(handle -> insert(handle, 1)))
        .isNotInstanceOf(StoreFailed.class);
  }

  @EachDatabase
  void a_read_sees_one_snapshot(Database database) {
    table(database);

    List<Integer> seen =
        database.read(handle -> {
          int before = count(handle);
          database.writeLater(other -> insert(other, 1)).join();
          return List.of(before, count(handle));
        });

    assertThat(seen).containsExactly(0, 0);
  }

  @EachDatabase
  void a_read_cannot_write(Database database) {
    table(database);

    assertThatThrownBy(() -> database.read(handle -> insert(handle, 1)));
    assertThat(ids(database)).isEmpty();
  }

  @EachDatabase
  void says_so_once_closed(Database database) {
    database.close();

    assertThatThrownBy(() -> database.read(DatabaseTest::count)).isInstanceOf(StoreFailed.class);
    assertThatThrownBy(() -> database.write(DatabaseTest::count)).isInstanceOf(StoreFailed.class);
  }

  private static void table(Database database) {
    database.write(handle -> handle.execute("CREATE TABLE thing (id BIGINT NOT NULL PRIMARY KEY)"));
  }

  private static int insert(Handle handle, int id) {
    return handle.execute("INSERT INTO thing (id) VALUES (?)", id);
  }

  private static int count(Handle handle) {
    return handle.createQuery("SELECT count(*) FROM thing").mapTo(Integer.class).one();
  }

  private static List<Integer> ids(Database database) {
    return database.read(handle ->
        handle.createQuery("SELECT id FROM thing ORDER BY id").mapTo(Integer.class).list());
  }

  private static void await(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
