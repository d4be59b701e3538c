package dev.gatewright.edge;

import java.util.concurrent.atomic.AtomicLong;

/// The common cap on request bodies held whole in memory, over all exchanges. Whoever keeps bytes
/// acquires them first and releases the same number later; a refused acquire is answered with
/// [#refusal()]. Thread-safe, never blocks.
public final class HeldBodies {
  private static final int RETRY_AFTER_SECONDS = 1;

  private final long bytesMax;
  private final AtomicLong held = new AtomicLong();

  public HeldBodies(long bytesMax) {
    if (bytesMax < 1) {
      throw new IllegalArgumentException(
          "held-bodies: %d bytes (expected: ≥ 1)".formatted(bytesMax));
    }
    this.bytesMax = bytesMax;
  }

  /// Takes `bytes` of the budget, or nothing at all when they do not fit.
  public boolean tryAcquire(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes: %d (expected: ≥ 0)".formatted(bytes));
    }
    if (held.addAndGet(bytes) <= bytesMax) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  public void release(long bytes) {
    if (held.addAndGet(-bytes) < 0) {
      held.addAndGet(bytes);
      throw new IllegalStateException("released %d bytes nobody held".formatted(bytes));
    }
  }

  public long heldBytes() {
    return held.get();
  }

  /// What a caller hears whose body does not fit now.
  public static Refusal refusal() {
    return Refusal.overloaded(
        "Too many request bodies are held in memory at the moment; please try again.",
        RETRY_AFTER_SECONDS);
  }
}
