package dev.gatewright.store.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ChangeFeedTest {
  private final List<Change> heard = new CopyOnWriteArrayList<>();

  @EachDatabase
  void the_same_process_hears_before_the_write_returns(Database database) {
    try (ChangeFeed feed = ChangeFeed.start(database, Time.system())) {
      feed.listen("key", heard::add);
      feed.listen("policy", _ -> heard.add(new Change(0, "wrong", null, "")));

      long seq = database.write(handle -> feed.append(handle, "key", "org_1", "key_1"));

      assertThat(heard).contains(new Change(seq, "key", "org_1", "key_1"));
    }
  }

  @EachDatabase
  void an_undone_change_takes_no_number(Database database) {
    try (ChangeFeed feed = ChangeFeed.start(database, Time.system())) {
      assertThatThrownBy(() ->
          database.write(handle -> {
            feed.append(handle, "key", null, "key_1");
            throw new IllegalStateException("undone");
          }));

      long seq = database.write(handle -> feed.append(handle, "key", null, "key_2"));
      assertThat(seq).isEqualTo(1);
    }
  }

  @Test
  void another_replica_hears_every_change_in_order() {
    try (TestStore store = TestStore.fresh(Database.Kind.POSTGRES)) {
      Database ours = store.database();
      Database theirs = store.open();
      try (ChangeFeed feed = ChangeFeed.start(ours, Time.system());
          ChangeFeed other = ChangeFeed.start(theirs, Time.system())) {
        other.listen("key", heard::add);
        List<CompletableFuture<Long>> writes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
          String id = "key_" + i;
          writes.add(ours.writeLater(handle -> feed.append(handle, "key", "org_1", id)));
        }
        writes.forEach(CompletableFuture::join);

        Await.until(() -> heard.size() >= 200);
        assertThat(heard.stream().map(Change::seq).toList())
            .isEqualTo(LongStream.rangeClosed(1, 200).boxed().toList());
      }
    }
  }

  @Test
  void two_replicas_appending_at_once_lose_nothing() {
    try (TestStore store = TestStore.fresh(Database.Kind.POSTGRES)) {
      Database ours = store.database();
      Database theirs = store.open();
      try (ChangeFeed feed = ChangeFeed.start(ours, Time.system());
          ChangeFeed other = ChangeFeed.start(theirs, Time.system())) {
        other.listen("key", heard::add);
        List<CompletableFuture<Long>> writes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          writes.add(ours.writeLater(handle -> feed.append(handle, "key", null, "a")));
          writes.add(theirs.writeLater(handle -> other.append(handle, "key", null, "b")));
        }
        writes.forEach(CompletableFuture::join);

        Await.until(() -> new LinkedHashSet<>(heard).size() == 200);
        assertThat(new LinkedHashSet<>(heard).stream().map(Change::seq))
            .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 200).boxed().toList());
      }
    }
  }

  @EachDatabase
  void says_when_changes_were_missed_for_good(Database database) {
    try (ChangeFeed feed = ChangeFeed.start(database, Time.system())) {
      CompletableFuture<Boolean> gap = new CompletableFuture<>();
      feed.listenGap(() -> gap.complete(true));
      database.write(handle -> handle.execute("UPDATE change_head SET seq = 7"));

      Await.until(gap::isDone);
    }
  }

  @EachDatabase
  void says_when_changes_are_missing_in_the_midst_of_others(Database database) {
    try (ChangeFeed feed = ChangeFeed.start(database, Time.system())) {
      CompletableFuture<Boolean> gap = new CompletableFuture<>();
      feed.listenGap(() -> gap.complete(true));
      feed.listen("key", heard::add);
      database.write(handle -> {
        for (long seq : new long[] {1, 2, 5}) {
          handle.execute(
              "INSERT INTO change (seq, kind, id, at_millis) VALUES (?, 'key', 'key_1', 0)", seq);
        }
        return handle.execute("UPDATE change_head SET seq = 5");
      });

      Await.until(() -> gap.isDone() && heard.size() == 3);
    }
  }

  @EachDatabase
  void knows_how_stale_it_is(Database database) {
    try (ChangeFeed feed = ChangeFeed.start(database, Time.system())) {
      database.close();
      Await.until(() -> feed.stalenessMillis() > 600);
    }
  }
}
