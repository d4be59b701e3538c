package dev.gatewright.ledger;

import io.netty.util.concurrent.EventExecutor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Attempts that are recorded elsewhere, counted at their ends. Thread-safe.
public final class MeasuredAttempts implements Attempts {
  private final Attempts recorded;
  private final AttemptFigures figures = new AttemptFigures();

  public MeasuredAttempts(Attempts recorded) {
    this.recorded = recorded;
  }

  public AttemptFigures figures() {
    return figures;
  }

  @Override
  public boolean accepting() {
    return recorded.accepting();
  }

  @Override
  public Attempt open(
      Opening opening, EventExecutor executor, Consumer<@Nullable Throwable> whenDurable) {
    return recorded.open(opening, executor, whenDurable);
  }

  @Override
  public Attempt openAtEase(
      Opening opening, EventExecutor executor, Consumer<@Nullable Throwable> whenDurable) {
    return recorded.openAtEase(opening, executor, whenDurable);
  }

  @Override
  public void awaited(Attempt attempt) {
    recorded.awaited(attempt);
  }

  @Override
  public void close(Attempt attempt, Outcome outcome) {
    figures.add(attempt.opening(), outcome);
    recorded.close(attempt, outcome);
  }
}
