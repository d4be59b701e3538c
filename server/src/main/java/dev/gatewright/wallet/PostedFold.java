package dev.gatewright.wallet;

import dev.gatewright.store.Database;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sums up transfers for statements once a minute, where they have become many; a statement is as
/// exact without it. Any replica may do it, whatever version the others are. Thread-safe.
public final class PostedFold implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostedFold.class);

  /// Transfers that a statement reads one by one.
  private static final int UNFOLDED = 1_000;

  /// Transfers of one transaction, and the pause after it.
  private static final int BATCH = 2_000;

  private static final int BREATH_MILLIS = 20;
  private static final int ORGANIZATIONS_MAX = 100;

  private final Database database;
  private final int unfolded;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread =
      Thread.ofPlatform().daemon().name("credit-sums").unstarted(this::run);

  /// @param unfolded see [#UNFOLDED]
  PostedFold(Database database, int unfolded) {
    this.database = database;
    this.unfolded = unfolded;
  }

  public static PostedFold start(Database database) {
    PostedFold fold = new PostedFold(database, UNFOLDED);
    fold.thread.start();
    return fold;
  }

  private void run() {
    try {
      while (!stop.await(1, TimeUnit.MINUTES)) {
        try {
          round();
        } catch (RuntimeException failed) {
          LOG.warn("transfers could not be summed up for statements: {}", failed.getMessage());
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  void round() throws InterruptedException {
    boolean more;
    do {
      more = false;
      for (String organization :
          database.read(handle -> PostedStore.due(handle, unfolded, ORGANIZATIONS_MAX))) {
        more |= database.write(handle -> PostedStore.fold(handle, organization, BATCH));
        if (stop.await(BREATH_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } while (more);
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
