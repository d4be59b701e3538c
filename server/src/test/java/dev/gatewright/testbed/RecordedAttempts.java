package dev.gatewright.testbed;

import dev.gatewright.ledger.Attempt;
import dev.gatewright.ledger.Attempts;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A real attempt log whose openings and outcomes a test can see, and whose commit it can hold.
public final class RecordedAttempts implements Attempts {
  private final Attempts log;
  private final List<Attempt> opened = new CopyOnWriteArrayList<>();
  private final ConcurrentHashMap<String, Outcome> closed = new ConcurrentHashMap<>();
  private final List<Runnable> held = new CopyOnWriteArrayList<>();
  private volatile boolean hold;
  private volatile @Nullable Throwable failure;
  private volatile boolean accepting = true;

  public RecordedAttempts(Attempts log) {
    this.log = log;
  }

  public void accepting(boolean now) {
    accepting = now;
  }

  /// From now on openings become durable when `release` says so.
  public void hold() {
    hold = true;
  }

  /// @param cause null = durable
  public void release(@Nullable Throwable cause) {
    hold = false;
    failure = cause;
    held.forEach(Runnable::run);
    held.clear();
    failure = null;
  }

  public int held() {
    return held.size();
  }

  @Override
  public boolean accepting() {
    return accepting && log.accepting();
  }

  @Override
  public Attempt open(
      Opening opening, EventExecutor executor, Consumer<@Nullable Throwable> whenDurable) {
    boolean holding = hold;
    Attempt attempt =
        log.open(
            opening,
            executor,
            cause -> {
              if (holding) {
                held.add(() -> {
                  Throwable told = failure != null ? failure : cause;
                  executor.execute(() -> whenDurable.accept(told));
                });
              } else {
                whenDurable.accept(cause);
              }
            });
    opened.add(attempt);
    return attempt;
  }

  @Override
  public void close(Attempt attempt, Outcome outcome) {
    if (closed.putIfAbsent(attempt.id(), outcome) != null) {
      throw new AssertionError("closed twice: " + attempt.opening());
    }
    log.close(attempt, outcome);
  }

  public List<Opening> openings() {
    return opened.stream().map(Attempt::opening).toList();
  }

  /// The outcome of the n-th attempt, once it is closed.
  public Outcome outcome(int index) {
    Await.until(() -> opened.size() > index && closed.containsKey(opened.get(index).id()));
    return java.util.Objects.requireNonNull(closed.get(opened.get(index).id()));
  }

  public Outcome last() {
    return outcome(opened.size() - 1);
  }

  public int count() {
    return opened.size();
  }
}
