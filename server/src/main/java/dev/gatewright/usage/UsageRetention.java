package dev.gatewright.usage;

import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.usage.UsageRetentionStore.Kept;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Drops the rows of single calls that an organization wants to keep no longer, a few at a time, so
/// that no other writer waits long for one. Sums stay. Any replica may do it. Thread-safe.
public final class UsageRetention implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UsageRetention.class);
  private static final int PAUSE_SECONDS = 600;

  /// A start has more urgent things to do; one that is often started again must come to it, too.
  private static final int FIRST_SECONDS = 60;

  /// Rows of one transaction, and the pause after it.
  static final int ROWS_MAX = 1_000;

  private static final int BREATH_MILLIS = 50;
  private static final int PAGE_ORGANIZATIONS = 100;

  private final Database database;
  private final Time time;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread =
      Thread.ofPlatform().daemon().name("usage-retention").unstarted(this::run);

  UsageRetention(Database database, Time time) {
    this.database = database;
    this.time = time;
  }

  public static UsageRetention start(Database database, Time time) {
    UsageRetention retention = new UsageRetention(database, time);
    retention.thread.start();
    return retention;
  }

  private void run() {
    try {
      for (int pause = FIRST_SECONDS; !stop.await(pause, TimeUnit.SECONDS); pause = PAUSE_SECONDS) {
        try {
          round();
        } catch (RuntimeException failed) {
          LOG.warn("old usage rows could not be dropped: {}", failed.getMessage());
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
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
    } while (rows == ROWS_MAX && !stop.await(BREATH_MILLIS, TimeUnit.MILLISECONDS));
    return dropped;
  }

  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
