package dev.gatewright.key.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyFormat;
import dev.gatewright.key.TestKeys;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;

/// Many keys, and many that do not exist.
class KeyLoadTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int KEYS = 100_000;

  /// Counted in the store's own terms, so that a busy machine proves nothing either way: a look-up
  /// must go by the index, whatever the number of rows.
  @EachDatabase
  void a_look_up_goes_by_the_index(Database database) {
    for (String table : List.of("api_key WHERE id = 'a'", "key_secret WHERE key_id = 'a'")) {
      String plan =
          database.read(handle ->
              switch (database.kind()) {
                case SQLITE -> rows(handle, "EXPLAIN QUERY PLAN SELECT * FROM " + table);
                case POSTGRES -> {
                  // A table with few rows is read whole; with many it must not be.
                  handle.execute("SET LOCAL enable_seqscan = off");
                  yield rows(handle, "EXPLAIN SELECT * FROM " + table);
                }
              });
      assertThat(plan.toLowerCase(java.util.Locale.ROOT)).contains("index");
    }
  }

  @EachDatabase
  void look_ups_among_100_000_keys_cost_what_they_cost_among_a_few(Database database)
      throws InterruptedException {
    try (TestKeys test = new TestKeys(database)) {
      List<Secret> few = make(test);
      KeyDirectory directory = test.keys.directory();
      findAll(directory, few);
      long before = nanosEach(test, few);
      insertMany(test);
      List<Secret> late = make(test);
      findAll(directory, late);
      long after = nanosEach(test, late);
      // Flat means: not growing with the number. A thousand times as many keys may cost a few times
      // as much on a busy machine, not a thousand times.
      assertThat(after).as("%d ns before, %d ns after", before, after).isLessThan(8 * before);
      assertThat(directory.knownCount()).isLessThanOrEqualTo(21_000);
    }
  }

  @EachDatabase
  void a_hundred_thousand_keys_that_do_not_exist_cost_next_to_nothing(Database database)
      throws InterruptedException {
    try (TestKeys test = new TestKeys(database)) {
      KeyDirectory directory = test.keys.directory();
      Secret known = test.make(ApiKey.Kind.LIVE).text();
      assertThat(test.find(known)).isInstanceOf(KeyLookup.Found.class);
      AtomicInteger rejected = new AtomicInteger();
      AtomicInteger throttled = new AtomicInteger();
      AtomicInteger other = new AtomicInteger();
      Semaphore answered = new Semaphore(0);
      for (int i = 0; i < KEYS; i++) {
        InetAddress client = TestKeys.address("198.51.100." + (i % 100));
        directory.find(
            unknown(),
            client,
            lookup -> {
              switch (lookup) {
                case KeyLookup.Rejected _ -> rejected.incrementAndGet();
                case KeyLookup.Throttled _ -> throttled.incrementAndGet();
                case KeyLookup.Found _, KeyLookup.Unavailable _ -> other.incrementAndGet();
              }
              answered.release();
            });
        if (i % 64 == 63) {
          answered.acquire(64); // what one gate would have in flight
        }
      }
      answered.acquire(KEYS % 64);
      // 100 addresses × 30 failures a minute, and what was under way when the limit was reached.
      assertThat(rejected.get()).isBetween(3_000, 3_000 + 256);
      assertThat(throttled.get() + rejected.get()).isEqualTo(KEYS);
      assertThat(other).hasValue(0);
      assertThat(directory.unknownCount()).isLessThanOrEqualTo(KeyLimits.DEFAULT.unknownMax());
      assertThat(test.find(known)).isInstanceOf(KeyLookup.Found.class);
    }
  }

  private static void findAll(KeyDirectory directory, List<Secret> texts) {
    for (Secret text : texts) {
      assertThat(TestKeys.find(directory, text.expose(), TestKeys.CLIENT))
          .isInstanceOf(KeyLookup.Found.class);
    }
  }

  /// A look-up in the store, through a directory that has seen none of the keys; the best of three
  /// rounds, since other programs run on the machine too.
  private static long nanosEach(TestKeys test, List<Secret> texts) {
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 3; round++) {
      KeyDirectory cold =
          new KeyDirectory(
              test.database, test.feed, test.keys.pepper(), test.time, null, test.keys.use());
      long start = System.nanoTime();
      findAll(cold, texts);
      best = Math.min(best, (System.nanoTime() - start) / texts.size());
    }
    return best;
  }

  private static List<Secret> make(TestKeys test) {
    List<Secret> texts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      texts.add(test.make(ApiKey.Kind.LIVE).text());
    }
    return texts;
  }

  /// Rows nobody holds a secret of, made inside the database.
  private static void insertMany(TestKeys test) {
    String numbers =
        """
        WITH RECURSIVE numbers (i) AS
          (SELECT 1000000000 UNION ALL SELECT i + 1 FROM numbers WHERE i < %d)
        """
            .formatted(1_000_000_000 + KEYS - 1);
    String tenant = "'%s', '%s'".formatted(test.owner().organizationId(), test.owner().projectId());
    test.database.write(handle -> {
      handle.execute(
          numbers
              + """
              INSERT INTO api_key (id, organization_id, project_id, kind, name, enabled,
                created_by, created_millis, not_before_millis, rules)
              SELECT 'key_' || i, %s, 'live', 'many', 1, 'local', 1, 0, '[]' FROM numbers\
              """
                  .formatted(tenant));
      return handle.execute(
          numbers
              + """
              INSERT INTO key_secret (key_id, ordinal, organization_id, project_id, pepper_id,
                mac, created_millis)
              SELECT 'key_' || i, 1, %s, 'pep_none', 'none', 1 FROM numbers\
              """
                  .formatted(tenant));
    });
  }

  private static String rows(Handle handle, String sql) {
    return handle.createQuery(sql).mapToMap().list().toString();
  }

  private static String unknown() {
    return KeyFormat.newText(ApiKey.Kind.LIVE, KeyFormat.newId(RANDOM), RANDOM).expose();
  }
}
