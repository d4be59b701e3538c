package dev.gatewright.tenant.purge;

import dev.gatewright.tenant.TenantWrites;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks every few minutes for organizations to purge, on a thread of its own. Thread-safe.
public final class PurgeWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PurgeWatch.class);
  private static final long PAUSE_MINUTES = 5;

  private final Purge purge;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread =
      Thread.ofPlatform().daemon().name("tenant-purge").unstarted(this::run);

  private PurgeWatch(Purge purge) {
    this.purge = purge;
  }

  public static PurgeWatch start(TenantWrites writes) {
    PurgeWatch watch = new PurgeWatch(new Purge(writes));
    watch.thread.start();
    return watch;
  }

  private void run() {
    try {
      while (!stop.await(PAUSE_MINUTES, TimeUnit.MINUTES)) {
        round();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void round() {
    try {
      int purged = purge.run(() -> stop.getCount() == 0);
      if (purged > 0) {
        LOG.info("{} deleted organizations are purged", purged);
      }
    } catch (RuntimeException failed) {
      if (stop.getCount() > 0) {
        LOG.warn("deleted organizations could not be purged: {}", failed.getMessage());
      }
    }
  }

  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
