package dev.gatewright.key.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.key.ApiKey;
import dev.gatewright.key.TestKeys;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import java.util.concurrent.atomic.LongAdder;

/// What a look-up in memory costs. The bound is loose, since tests run on busy machines; the number
/// to watch is the one it prints.
class KeyCostTest {
  @EachDatabase
  void a_key_in_memory_is_found_within_microseconds(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      String text = test.make(ApiKey.Kind.LIVE).text().expose();
      test.settle();
      TestKeys.find(test.keys.directory(), text, TestKeys.CLIENT);
      LongAdder found = new LongAdder();
      long best = Long.MAX_VALUE;
      for (int round = 0; round < 10; round++) {
        long start = System.nanoTime();
        for (int i = 0; i < 20_000; i++) {
          test.keys.directory().find(text, TestKeys.CLIENT, _ -> found.increment());
        }
        best = Math.min(best, (System.nanoTime() - start) / 20_000);
      }
      System.out.printf("a key in memory: %d ns a look-up%n", best);
      assertThat(found.sum()).isEqualTo(200_000);
      assertThat(best).isLessThan(20_000);
    }
  }
}
