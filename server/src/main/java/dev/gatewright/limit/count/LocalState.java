package dev.gatewright.limit.count;

import dev.gatewright.limit.term.Limit;
import dev.gatewright.limit.term.Standing;
import dev.gatewright.limit.term.Window;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// How one limit stands in this process. Touched under its own lock, held for some arithmetic; who
/// needs several takes them in the order of the limits' ids.
final class LocalState {
  final ReentrantLock lock = new ReentrantLock();

  /// Null for a limit of calls at once.
  private final @Nullable Bucket bucket;

  private long running;

  /// Calls that have yet to settle.
  private int open;

  /// Out of the table; whoever still has it looks again.
  private boolean dropped;

  LocalState(Limit limit, long max, long nowNanos) {
    Window per = limit.per();
    this.bucket = per == null ? null : new Bucket(max, per.nanos(), nowNanos);
  }

  boolean dropped() {
    return dropped;
  }

  /// Forgets it when there is nothing to remember.
  boolean drop(long nowNanos) {
    if (bucket != null) {
      bucket.at(nowNanos);
    }
    dropped = open == 0 && running == 0 && (bucket == null || bucket.full());
    return dropped;
  }

  /// @param max as the limit says now, or this process's share of it; 0 = nothing passes
  boolean takes(Limit limit, long max, long cost, long nowNanos) {
    if (bucket == null) {
      return running < max;
    }
    Window per = limit.per();
    if (max < 1 || per == null) {
      return false;
    }
    bucket.at(nowNanos);
    bucket.resize(max, per.nanos());
    return bucket.takes(cost);
  }

  /// @return what was taken
  long take(long cost) {
    open++;
    if (bucket == null) {
      running++;
      return 1;
    }
    return bucket.take(cost);
  }

  /// Takes what there is of it, never more.
  ///
  /// @return what was taken
  long charge(long cost) {
    open++;
    if (bucket == null) {
      running++;
      return 1;
    }
    return bucket.take(Math.clamp(cost, 0, Math.max(0, bucket.left())));
  }

  void settle(long taken, long used, long nowNanos) {
    open--;
    if (bucket == null) {
      running--;
      return;
    }
    bucket.at(nowNanos);
    bucket.settle(taken, used);
  }

  long waitNanos(long cost) {
    return bucket == null ? 0 : bucket.waitNanos(cost);
  }

  void show(Limit limit, long max, Standing standing) {
    if (bucket == null) {
      standing.add(limit, max - running, 0);
    } else {
      standing.add(limit, max < 1 ? 0 : bucket.left(), bucket.fullNanos());
    }
  }
}
