package dev.gatewright.usage;

import dev.gatewright.job.Rounds;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.usage.UsageRetentionStore.Kept;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Drops the rows of single calls that an organization wants to keep no longer, a few at a time, so
/// that no other writer waits long for one. Sums stay. Any replica may do it. Thread-safe.
public final class UsageRetention implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UsageRetention.class);
  private static final Duration PAUSE = Duration.ofMinutes(10);

  /// A start has more urgent things to do; one that is often started again must come to it, too.
  private static final Duration FIRST = Duration.ofMinutes(1);

  /// Rows of one transaction, and the pause after it.
  static final int ROWS_MAX = 1_000;

  private static final Duration BREATH = Duration.ofMillis(50);
  private static final int PAGE_ORGANIZATIONS = 100;

  private final Database database;
  private final Time time;
  private final Rounds rounds = new Rounds();

  UsageRetention(Database database, Time time) {
    this.database = database;
    this.time = time;
  }

  public static UsageRetention start(Database database, Time time) {
    UsageRetention retention = new UsageRetention(database, time);
    retention.rounds.start(
        "usage-retention",
        FIRST,
        PAUSE,
        "old usage rows could not be dropped",
        () -> {
          var _ = retention.round();
        });
    return retention;
  }

  /// @return rows that were dropped
  long round() throws InterruptedException {
    long dropped = 0;
    String after = "";
    List<Kept> page;
    do {
      String from = after;
      page = database.read(handle -> UsageRetentionStore.all(handle, from, PAGE_ORGANIZATIONS));
      for (Kept kept : page) {
        dropped += drop(kept, false) + drop(kept, true);
        after = kept.organizationId();
      }
    } while (page.size() == PAGE_ORGANIZATIONS);
    if (dropped > 0) {
      LOG.info("{} usage rows are older than they are kept, and dropped", dropped);
    }
    return dropped;
  }

  private long drop(Kept kept, boolean test) throws InterruptedException {
    long before = time.millis() - Duration.ofDays(kept.days()).toMillis();
    long dropped = 0;
    int rows;
    do {
      rows =
          database.write(handle ->
              UsageRetentionStore.drop(handle, kept.organizationId(), test, before, ROWS_MAX));
      dropped += rows;
    } while (rows == ROWS_MAX && !rounds.ended(BREATH));
    return dropped;
  }

  @Override
  public void close() {
    rounds.close();
  }
}
