package dev.gatewright.tenant.purge;

import dev.gatewright.job.Rounds;
import dev.gatewright.tenant.TenantWrites;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks every few minutes for organizations to purge, on a thread of its own. Thread-safe.
public final class PurgeWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PurgeWatch.class);
  private static final Duration PAUSE = Duration.ofMinutes(5);

  private final Purge purge;
  private final Rounds rounds = new Rounds();

  private PurgeWatch(Purge purge) {
    this.purge = purge;
  }

  public static PurgeWatch start(TenantWrites writes) {
    PurgeWatch watch = new PurgeWatch(new Purge(writes));
    watch.rounds.start(
        "tenant-purge", PAUSE, "deleted organizations could not be purged", watch::round);
    return watch;
  }

  private void round() {
    int purged = purge.run(rounds::ended);
    if (purged > 0) {
      LOG.info("{} deleted organizations are purged", purged);
    }
  }

  @Override
  public void close() {
    rounds.close();
  }
}
