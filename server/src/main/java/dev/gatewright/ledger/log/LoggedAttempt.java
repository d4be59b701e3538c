package dev.gatewright.ledger.log;

import dev.gatewright.ledger.Attempt;
import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.Hold;
import dev.gatewright.ledger.InsufficientFunds;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import io.netty.util.concurrent.EventExecutor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An attempt under way, as the log sees it. The counters are written by the attempt's event loop
/// and read by the log's thread, which checkpoints them about once a second, so that a crash bills
/// what was delivered.
final class LoggedAttempt implements Attempt {
  private static final VarHandle OUTCOME;

  static {
    try {
      OUTCOME = MethodHandles.lookup().findVarHandle(LoggedAttempt.class, "outcome", Outcome.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final EventExecutor executor;
  final Consumer<@Nullable Throwable> whenDurable;

  /// The rest is the log thread's alone.
  Stage stage = Stage.NEW;

  /// Why its commit did not take it; null = it did.
  @Nullable InsufficientFunds refusal;

  /// The newest log row that holds this attempt's opening.
  long writtenSeq;

  long writtenNanos;
  long writtenTokens;

  /// Set before the close is queued.
  private @Nullable Cost cost;

  @Nullable LoggedAttempt older;
  @Nullable LoggedAttempt newer;

  private final String id;
  private final Opening opening;
  private volatile @Nullable Outcome outcome;
  private volatile long outputTokensCounted;
  private volatile boolean bytes;
  private volatile @Nullable Runnable onLost;

  LoggedAttempt(
      String id,
      Opening opening,
      EventExecutor executor,
      Consumer<@Nullable Throwable> whenDurable) {
    this.id = id;
    this.opening = opening;
    this.executor = executor;
    this.whenDurable = whenDurable;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Opening opening() {
    return opening;
  }

  @Override
  public void counted(long outputTokens) {
    this.outputTokensCounted = outputTokens;
  }

  @Override
  public void countedBytes(long outputBytes) {
    if (!bytes) {
      bytes = true;
    }
    counted(outputBytes);
  }

  boolean countsBytes() {
    return bytes;
  }

  @Override
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

  @Override
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

  /// Its event loop, before the close is queued.
  void priced(Cost newCost) {
    cost = newCost;
  }

  @Nullable Cost cost() {
    return cost;
  }

  /// Some purse keeps something aside for it.
  boolean holds() {
    return !holdList().isEmpty();
  }

  List<Hold> holdList() {
    Charge charge = opening.charge();
    return charge == null ? List.of() : charge.holds();
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
