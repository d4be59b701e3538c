package dev.gatewright.ledger.purse;

import dev.gatewright.telemetry.Time;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Posts what projection and takeover find settled, and says when a call cost more than was held
/// for it. Thread-safe.
public final class Poster {
  private static final Logger LOG = LoggerFactory.getLogger(Poster.class);

  private final Time time;
  private final Counting counting;
  private final AtomicLong beyond = new AtomicLong();

  /// Counts nothing beside the purses.
  public Poster(Time time) {
    this(time, Counting.NONE);
  }

  public Poster(Time time, Counting counting) {
    this.time = time;
    this.counting = counting;
  }

  /// In the transaction that moves the projection's mark.
  ///
  /// @param of what it is for: an instance and a place in its log
  public void post(Handle handle, Postings postings, String of) {
    if (!postings.isEmpty()) {
      PostingStore.post(handle, postings, of, time.millis());
      counting.count(handle, postings.priced());
    }
  }

  /// After its commit.
  public void posted(Postings postings) {
    long nano = postings.beyondNano();
    if (nano > 0) {
      beyond.addAndGet(nano);
      LOG.error("calls cost {} nano-USD more than was held for them: written off", nano);
    }
  }

  /// What this process has written off; must read 0.
  public long beyondNano() {
    return beyond.get();
  }
}
