package dev.gatewright.ledger;

import io.netty.util.concurrent.EventExecutor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An attempt under way. The counters are written by the attempt's event loop and read by the log's
/// thread, which checkpoints them about once a second, so that a crash bills what was delivered.
public final class Attempt {
  private static final VarHandle OUTCOME;

  static {
    try {
      OUTCOME = MethodHandles.lookup().findVarHandle(Attempt.class, "outcome", Outcome.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final EventExecutor executor;
  final Consumer<@Nullable Throwable> whenDurable;

  /// The rest is the log thread's alone.
  Stage stage = Stage.NEW;

  /// The newest log row that holds this attempt's opening.
  long writtenSeq;

  long writtenNanos;
  long writtenTokens;
  @Nullable Attempt older;
  @Nullable Attempt newer;

  private final String id;
  private final Opening opening;
  private volatile @Nullable Outcome outcome;
  private volatile long outputTokensCounted;
  private volatile boolean bytes;
  private volatile @Nullable Runnable onLost;

  Attempt(
      String id,
      Opening opening,
      EventExecutor executor,
      Consumer<@Nullable Throwable> whenDurable) {
    this.id = id;
    this.opening = opening;
    this.executor = executor;
    this.whenDurable = whenDurable;
  }

  /// `att_` and a UUIDv7: sorts by time.
  public String id() {
    return id;
  }

  public Opening opening() {
    return opening;
  }

  /// Output tokens delivered so far, by our own count.
  public void counted(long outputTokens) {
    this.outputTokensCounted = outputTokens;
  }

  /// The same, of an answer that is counted in bytes and has no tokens.
  public void countedBytes(long outputBytes) {
    if (!bytes) {
      bytes = true;
    }
    counted(outputBytes);
  }

  boolean countsBytes() {
    return bytes;
  }

  /// `end` runs, once and on the attempt's executor, when another instance has recorded this
  /// attempt as interrupted, because this process had lost its lease: what goes on now is not
  /// recorded, so the call is to be ended.
  public void onLost(Runnable end) {
    onLost = end;
  }

  /// Log thread.
  void lost() {
    stage = Stage.TAKEN;
    Runnable end = onLost;
    if (end == null || outcome != null) {
      return;
    }
    try {
      executor.execute(end);
    } catch (RejectedExecutionException _) {
      // Its loop has ended, and the call with it.
    }
  }

  public long outputTokensCounted() {
    return outputTokensCounted;
  }

  /// False when it has ended before.
  boolean end(Outcome how) {
    return OUTCOME.compareAndSet(this, null, how);
  }

  @Nullable Outcome outcome() {
    return outcome;
  }

  /// Where an attempt stands in the eyes of the log.
  enum Stage {
    /// Not seen by the log thread yet.
    NEW,
    /// On its way into a log row.
    OPENING,
    /// Its opening is durable.
    OPEN,
    /// Its close is written, or on its way.
    CLOSED,
    /// Its opening could not be taken: it never was.
    REFUSED,
    /// Another instance records it as interrupted.
    TAKEN
  }
}
