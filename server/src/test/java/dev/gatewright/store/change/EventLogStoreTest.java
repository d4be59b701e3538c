package dev.gatewright.store.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.store.Database;
import dev.gatewright.store.change.EventLogStore.Entry;
import dev.gatewright.store.change.EventLogStore.Numbered;
import dev.gatewright.testbed.EachDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

class EventLogStoreTest {
  private static List<Entry> entries(String name, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Entry(name + i, "completed", i % 2 == 0 ? "prj_1" : null, null, 7L + i))
        .toList();
  }

  private static void append(Database database, String organization, List<Entry> entries) {
    database.write(handle -> {
      EventLogStore.append(handle, organization, "request", entries);
      return true;
    });
  }

  private static List<Numbered> all(Database database, String organization, long after) {
    List<Numbered> all = new ArrayList<>();
    List<Numbered> some;
    do {
      long from = all.isEmpty() ? after : all.getLast().seq();
      some =
          database.read(
              handle -> EventLogStore.after(handle, organization, from, Long.MAX_VALUE, 2));
      all.addAll(some);
    } while (!some.isEmpty());
    return all;
  }

  @EachDatabase
  void each_organization_counts_its_own_entries(Database database) {
    append(database, "org_a", entries("a", 3));
    append(database, "org_b", entries("b", 1));
    append(database, "org_a", entries("c", 2));
    assertThat(all(database, "org_a", 0))
        .extracting(Numbered::seq)
        .containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(all(database, "org_a", 1))
        .extracting(each -> each.entry().objectId())
        .containsExactly("a1", "a2", "c0", "c1");
    assertThat(all(database, "org_b", 0)).extracting(Numbered::entry).isEqualTo(entries("b", 1));
    assertThat(all(database, "org_c", 0)).isEmpty();
  }

  @EachDatabase
  void long_ones_are_cut_and_old_ones_go(Database database) {
    for (int i = 0; i < 12; i++) {
      append(database, "org_a", entries("e" + i + "_", 1_000));
    }
    List<Numbered> kept = all(database, "org_a", 0);
    assertThat(kept.getLast().seq()).isEqualTo(12_000);
    assertThat(kept.size()).isBetween(10_000, 10_512);
    for (int i = 1; i < kept.size(); i++) {
      assertThat(kept.get(i).seq()).isEqualTo(kept.get(i - 1).seq() + 1);
    }
  }
}
